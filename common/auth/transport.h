// TLS on both ends, with certificates that are read again when their files change.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"

namespace masthead::auth {

// PEM files. Replace the key first, then the certificate, each by rename (or both at once, by moving a symbolic link to
// their folder, as Kubernetes does); new connections use them within a few seconds, old ones stay.
struct TlsFiles {
  std::string certificate_file;  // Ours, followed by intermediates.
  std::string key_file;
  std::string ca_file;  // Whom we trust, on both ends.
};

// OK if the files are there and the key fits the certificate. Ask at start: gRPC itself would only refuse every
// connection.
absl::Status CheckTlsFiles(const TlsFiles& files);

// When the first certificate of a PEM file ends.
absl::StatusOr<absl::Time> CertificateExpiry(const std::string& file);

// Asks for a client certificate and verifies it if there is one; callers without one show a bearer token. TLS 1.2 at
// least.
std::shared_ptr<grpc::ServerCredentials> TlsServer(const TlsFiles& files);

// Shows our certificate and verifies the server's, including its host name.
std::shared_ptr<grpc::ChannelCredentials> TlsClient(const TlsFiles& files);

}  // namespace masthead::auth
