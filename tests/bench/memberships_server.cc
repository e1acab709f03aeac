#include "tests/bench/memberships_server.h"

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/auth/token.h"
#include "common/rpc/server.h"
#include "grpcpp/create_channel.h"
#include "tests/bench/server_process.h"
#include "tests/memberships/payments/test_providers.h"
#include "tests/support/test_server.h"

namespace masthead::memberships {

int ServeMemberships(const std::string& dsn, int connections, const Settings& settings) {
  db::Database database({.dsn = dsn, .max_connections = connections});
  const auto keys = SigningKeys::FromPem(auth::SigningKey::Generate()->pem(), {});
  const crypto::MacKey mac_key = crypto::MacKey::Random();
  const auto address_keys = AddressKeys::FromText(std::string(64, '5'));
  const std::unique_ptr<Providers> providers = WithTestMethods(database, mac_key);
  Memberships memberships(
      {.database = database,
       .clock = Clock::System(),
       .mac_key = mac_key,
       .signing_keys = **keys,
       .address_keys = **address_keys,
       .providers = *providers,
       .notifications = grpc::CreateChannel("ipv4:127.0.0.1:1", grpc::InsecureChannelCredentials())},
      settings);
  const testing::TestIdentity identity;
  const auth::Authenticator authenticator(identity.keys(), Clock::System());
  rpc::Server server({.listen = "127.0.0.1:0", .health_listen = "", .lame_duck_quiet = absl::ZeroDuration()},
                     authenticator, grpc::InsecureServerCredentials(), [] { return absl::OkStatus(); });
  for (const rpc::Service* service : memberships.services()) server.Add(*service);
  if (const absl::Status started = server.Start(); !started.ok()) {
    std::cerr << started << std::endl;
    return 1;
  }
  bench::ServeUntilInputEnds(
      absl::StrCat(server.port(), " ", identity.BackendToken({"members.read", "members.write"})));
  server.Drain();
  return 0;
}

}  // namespace masthead::memberships
