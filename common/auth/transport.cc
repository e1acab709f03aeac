#include "common/auth/transport.h"

#include <ctime>

#include "absl/strings/str_cat.h"
#include "common/crypto/openssl_ptr.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_certificate_verifier.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "openssl/bio.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "openssl/x509.h"

namespace masthead::auth {
namespace {

using crypto::OpenSslPtr;
using grpc::experimental::FileWatcherCertificateProvider;

using Bio = OpenSslPtr<BIO, BIO_free>;
using Certificate = OpenSslPtr<X509, X509_free>;

constexpr unsigned int kRefreshSeconds = 1;

std::shared_ptr<FileWatcherCertificateProvider> Watch(const TlsFiles& files) {
  return std::make_shared<FileWatcherCertificateProvider>(files.key_file, files.certificate_file, files.ca_file,
                                                          kRefreshSeconds);
}

// Fails instead of asking at a terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

Certificate ReadCertificate(const std::string& path) {
  const Bio file(BIO_new_file(path.c_str(), "r"));
  return Certificate(file == nullptr ? nullptr : PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
}

}  // namespace

absl::Status CheckTlsFiles(const TlsFiles& files) {
  const Certificate certificate = ReadCertificate(files.certificate_file);
  if (certificate == nullptr)
    return absl::FailedPreconditionError(absl::StrCat("no PEM certificate in ", files.certificate_file));
  if (ReadCertificate(files.ca_file) == nullptr)
    return absl::FailedPreconditionError(absl::StrCat("no PEM certificate in ", files.ca_file));
  const Bio file(BIO_new_file(files.key_file.c_str(), "r"));
  const OpenSslPtr<EVP_PKEY, EVP_PKEY_free> key(
      file == nullptr ? nullptr : PEM_read_bio_PrivateKey(file.get(), nullptr, &NoPassphrase, nullptr));
  if (key == nullptr) return absl::FailedPreconditionError(absl::StrCat("no unencrypted PEM key in ", files.key_file));
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("the key in ", files.key_file, " does not fit the certificate in ", files.certificate_file));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> CertificateExpiry(const std::string& file) {
  const Certificate certificate = ReadCertificate(file);
  std::tm expiry = {};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &expiry) != 1)
    return absl::FailedPreconditionError(absl::StrCat("no PEM certificate in ", file));
  return absl::FromTM(expiry, absl::UTCTimeZone());
}

std::shared_ptr<grpc::ServerCredentials> TlsServer(const TlsFiles& files) {
  grpc::experimental::TlsServerCredentialsOptions options(Watch(files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> TlsClient(const TlsFiles& files) {
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watch(files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_certificate_verifier(std::make_shared<grpc::experimental::HostNameCertificateVerifier>());
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace masthead::auth
