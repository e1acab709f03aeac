#include "tests/bench/reading_servers.h"

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/rpc/server.h"
#include "services/articles/articles.h"
#include "tests/bench/server_process.h"
#include "tests/support/test_server.h"

namespace masthead::articles {
int ServeArticles(const std::string& dsn) {
  db::Database database({.dsn = dsn});
  Articles articles(database, Clock::System(), crypto::MacKey::Random());
  const testing::TestIdentity identity;
  const auth::Authenticator authenticator(identity.keys(), Clock::System());
  rpc::Server server({.listen = "127.0.0.1:0", .health_listen = "", .lame_duck_quiet = absl::ZeroDuration()},
                     authenticator, grpc::InsecureServerCredentials(), [] { return absl::OkStatus(); });
  for (const rpc::Service* service : articles.services()) server.Add(*service);
  articles.StartWorkers();
  if (const absl::Status started = server.Start(); !started.ok()) {
    std::cerr << started << std::endl;
    return 1;
  }
  bench::ServeUntilInputEnds(absl::StrCat(server.port(), " ", identity.StaffToken({"editor"}), " ",
                                          identity.MemberToken("members/reader", {"tiers/gold"})));
  articles.StopWorkers();
  server.Drain();
  return 0;
}

}  // namespace masthead::articles
