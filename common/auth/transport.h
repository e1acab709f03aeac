// TLS on both ends, with certificates that are read again when their files change.
#pragma once

#include <memory>
#include <string>

#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"

namespace masthead::auth {

// PEM files. Replace the key first, then the certificate, each by rename; new connections use them within a few seconds.
struct TlsFiles {
  std::string certificate_file;  // Ours, followed by intermediates.
  std::string key_file;
  std::string ca_file;  // Whom we trust, on both ends.
};

// Asks for a client certificate and verifies it if there is one; callers without one show a bearer token.
std::shared_ptr<grpc::ServerCredentials> TlsServer(const TlsFiles& files);

// Shows our certificate and verifies the server's, including its host name.
std::shared_ptr<grpc::ChannelCredentials> TlsClient(const TlsFiles& files);

}  // namespace masthead::auth
