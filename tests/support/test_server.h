// A real rpc::Server in the test's process: TLS on a loopback port, certificates and token keys made on the spot.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/authenticator.h"
#include "common/auth/key_set.h"
#include "common/auth/token.h"
#include "common/auth/transport.h"
#include "common/rpc/server.h"
#include "common/rpc/service.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificates.h"

namespace masthead::testing {

// Signs tokens as memberships would, and knows the keys to verify them. Outlives the servers that trust it.
class TestIdentity {
 public:
  TestIdentity();

  const auth::KeySet& keys() const { return *keys_; }

  std::string StaffToken(const std::vector<std::string>& roles,
                         const std::string& subject = "staffMembers/test-staff") const;
  std::string BackendToken(const std::vector<std::string>& scopes,
                           const std::string& subject = "apiKeys/test-key") const;
  std::string MemberToken(const std::string& member, const std::vector<std::string>& tiers = {}) const;

 private:
  std::string Sign(auth::Caller caller) const;

  std::unique_ptr<auth::SigningKey> signing_key_;
  std::unique_ptr<auth::KeySet> keys_;
};

class TestServer {
 public:
  // Serves until destroyed; stops the process if it cannot. `services` outlive it.
  explicit TestServer(const std::vector<const rpc::Service*>& services, rpc::ServerOptions options = {});
  ~TestServer();

  // Over TLS, without a client certificate.
  std::shared_ptr<grpc::Channel> Channel() const;
  // With the certificate of another service of the suite.
  std::shared_ptr<grpc::Channel> ChannelAs(const std::string& service) const;
  // With any certificate, good or bad.
  std::shared_ptr<grpc::Channel> ChannelWith(const TestCertificate& certificate) const;

  const TestCertificateAuthority& authority() const { return authority_; }
  const TestIdentity& identity() const { return identity_; }
  rpc::Server& server() { return *server_; }

  std::string StaffToken(const std::vector<std::string>& roles,
                         const std::string& subject = "staffMembers/test-staff") const {
    return identity_.StaffToken(roles, subject);
  }
  std::string BackendToken(const std::vector<std::string>& scopes,
                           const std::string& subject = "apiKeys/test-key") const {
    return identity_.BackendToken(scopes, subject);
  }
  std::string MemberToken(const std::string& member, const std::vector<std::string>& tiers = {}) const {
    return identity_.MemberToken(member, tiers);
  }

 private:
  TestIdentity identity_;
  auth::Authenticator authenticator_;
  TestCertificateAuthority authority_;
  const TemporaryFolder folder_;  // Holds the PEM files.
  std::unique_ptr<rpc::Server> server_;
};

// Shows `token` with the call.
void Authorize(grpc::ClientContext& context, absl::string_view token);

}  // namespace masthead::testing
