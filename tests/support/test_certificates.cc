#include "tests/support/test_certificates.h"

#include <arpa/inet.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "openssl/bio.h"
#include "openssl/ec.h"
#include "openssl/err.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "openssl/rand.h"
#include "openssl/x509.h"
#include "openssl/x509v3.h"

namespace masthead::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Certificate = std::unique_ptr<X509, void (*)(X509*)>;

// Covers a CA and its certificates; the clocks of one machine need no more slack.
constexpr long kBackdatedSeconds = 3600;

void Require(bool done) {
  if (done) return;
  ERR_print_errors_fp(stderr);
  std::abort();
}

Key MakeKey() {
  Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  Require(key != nullptr);
  return key;
}

template <typename Write>
std::string ToPem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  Require(bio != nullptr && write(bio.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string CertificatePem(X509* certificate) {
  return ToPem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string KeyPem(EVP_PKEY* key) {
  return ToPem(
      [&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

// A certificate with a random serial number, not signed yet.
Certificate MakeCertificate(const std::string& common_name, EVP_PKEY* key, absl::Duration valid_for) {
  Certificate certificate(X509_new(), &X509_free);
  Require(certificate != nullptr);
  unsigned char serial[8];
  Require(RAND_bytes(serial, sizeof serial) == 1);
  serial[0] &= 0x7F;
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(BN_bin2bn(serial, sizeof serial, nullptr), &BN_free);
  Require(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  Require(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr);
  Require(X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kBackdatedSeconds) != nullptr);
  Require(X509_gmtime_adj(X509_getm_notAfter(certificate.get()), static_cast<long>(absl::ToInt64Seconds(valid_for))) !=
          nullptr);
  Require(X509_set_pubkey(certificate.get(), key) == 1);
  Require(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0) == 1);
  return certificate;
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), &X509_EXTENSION_free);
  Require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

std::string HostName(const std::string& host) {
  unsigned char address[16];
  const bool ip = inet_pton(AF_INET, host.c_str(), address) == 1 || inet_pton(AF_INET6, host.c_str(), address) == 1;
  return absl::StrCat(ip ? "IP:" : "DNS:", host);
}

}  // namespace

TestCertificateAuthority::TestCertificateAuthority(const std::string& common_name)
    : key_(MakeKey()), certificate_(MakeCertificate(common_name, key_.get(), absl::Hours(24))) {
  X509* own = certificate_.get();
  Require(X509_set_issuer_name(own, X509_get_subject_name(own)) == 1);
  AddExtension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(own, own, NID_subject_key_identifier, "hash");
  Require(X509_sign(own, key_.get(), EVP_sha256()) > 0);
  certificate_pem_ = CertificatePem(own);
}

TestCertificateAuthority::~TestCertificateAuthority() = default;

TestCertificate TestCertificateAuthority::Issue(const std::string& common_name, const std::vector<std::string>& hosts,
                                                const std::vector<std::string>& uris, absl::Duration valid_for) const {
  std::vector<std::string> names;
  for (const std::string& host : hosts) names.push_back(HostName(host));
  for (const std::string& uri : uris) names.push_back(absl::StrCat("URI:", uri));

  const Key key = MakeKey();
  const Certificate certificate = MakeCertificate(common_name, key.get(), valid_for);
  X509* own = certificate.get();
  X509* issuer = certificate_.get();
  Require(X509_set_issuer_name(own, X509_get_subject_name(issuer)) == 1);
  AddExtension(own, issuer, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(own, issuer, NID_key_usage, "critical,digitalSignature");
  AddExtension(own, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
  AddExtension(own, issuer, NID_authority_key_identifier, "keyid");
  if (!names.empty()) AddExtension(own, issuer, NID_subject_alt_name, absl::StrJoin(names, ","));
  Require(X509_sign(own, key_.get(), EVP_sha256()) > 0);
  return {CertificatePem(own), KeyPem(key.get())};
}

std::string PublicKeyPem(const std::string& key_pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())),
                                                      &BIO_free);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  Require(key != nullptr);
  return ToPem([&](BIO* out) { return PEM_write_bio_PUBKEY(out, key.get()); });
}

}  // namespace masthead::testing
