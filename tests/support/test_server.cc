#include "tests/support/test_server.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"

namespace masthead::testing {
namespace {

[[noreturn]] void Give(absl::string_view up) {
  std::fprintf(stderr, "test server: %s\n", std::string(up).c_str());
  std::abort();
}

void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

auth::TlsFiles WriteFiles(const TemporaryFolder& folder, const TestCertificate& certificate,
                          const std::string& ca_pem) {
  const auth::TlsFiles files = {
      .certificate_file = folder / "tls.crt", .key_file = folder / "tls.key", .ca_file = folder / "ca.crt"};
  WriteFile(files.key_file, certificate.key_pem);
  WriteFile(files.certificate_file, certificate.certificate_pem);
  WriteFile(files.ca_file, ca_pem);
  return files;
}

}  // namespace

TestIdentity::TestIdentity() : signing_key_(auth::SigningKey::Generate()) {
  absl::StatusOr<std::unique_ptr<auth::KeySet>> keys =
      auth::ParseKeySet(auth::MakeKeySetJson({signing_key_->public_jwk_json()}));
  if (!keys.ok()) Give(keys.status().message());
  keys_ = *std::move(keys);
}

std::string TestIdentity::StaffToken(const std::vector<std::string>& roles, const std::string& subject) const {
  auth::Caller caller;
  caller.kind = auth::Caller::Kind::kStaff;
  caller.subject = subject;
  caller.roles = roles;
  return Sign(std::move(caller));
}

std::string TestIdentity::BackendToken(const std::vector<std::string>& scopes, const std::string& subject) const {
  auth::Caller caller;
  caller.kind = auth::Caller::Kind::kBackend;
  caller.subject = subject;
  caller.scopes = scopes;
  return Sign(std::move(caller));
}

std::string TestIdentity::MemberToken(const std::string& member, const std::vector<std::string>& tiers) const {
  auth::Caller caller;
  caller.kind = auth::Caller::Kind::kMember;
  caller.subject = member;
  caller.tiers = tiers;
  return Sign(std::move(caller));
}

std::string TestIdentity::Sign(auth::Caller caller) const {
  const auth::AuthenticatorOptions trusted;
  const absl::Time now = absl::Now();
  caller.expire_time = now + absl::Hours(1);
  return signing_key_->SignToken({.issuer = trusted.issuer,
                                  .audience = trusted.audience,
                                  .id = "test-token",
                                  .issue_time = now,
                                  .caller = std::move(caller)});
}

TestServer::TestServer(const std::vector<const rpc::Service*>& services, rpc::ServerOptions options)
    : authenticator_(identity_.keys(), Clock::System()) {
  options.listen = "127.0.0.1:0";
  options.health_listen = "127.0.0.1:0";
  const TestCertificate certificate =
      authority_.Issue("server", {"localhost", "127.0.0.1"}, {"spiffe://masthead/server"});
  const auth::TlsFiles files = WriteFiles(folder_, certificate, authority_.certificate_pem());
  server_ =
      std::make_unique<rpc::Server>(options, authenticator_, auth::TlsServer(files), [] { return absl::OkStatus(); });
  for (const rpc::Service* service : services) server_->Add(*service);
  if (absl::Status started = server_->Start(); !started.ok()) Give(started.message());
}

TestServer::~TestServer() { server_.reset(); }

std::shared_ptr<grpc::Channel> TestServer::Channel() const {
  return grpc::CreateChannel(absl::StrCat("ipv4:127.0.0.1:", server_->port()),
                             grpc::SslCredentials({.pem_root_certs = authority_.certificate_pem()}));
}

std::shared_ptr<grpc::Channel> TestServer::ChannelAs(const std::string& service) const {
  return ChannelWith(authority_.Issue(service, {"localhost"}, {absl::StrCat("spiffe://masthead/", service)}));
}

std::shared_ptr<grpc::Channel> TestServer::ChannelWith(const TestCertificate& certificate) const {
  return grpc::CreateChannel(absl::StrCat("ipv4:127.0.0.1:", server_->port()),
                             grpc::SslCredentials({.pem_root_certs = authority_.certificate_pem(),
                                                   .pem_private_key = certificate.key_pem,
                                                   .pem_cert_chain = certificate.certificate_pem}));
}

void Authorize(grpc::ClientContext& context, absl::string_view token) {
  context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
}

}  // namespace masthead::testing
