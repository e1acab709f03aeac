// Admission control under overload, with a handler whose cost is known: it waits 2 ms for something that is not this
// machine's CPU, as for a database elsewhere. So threads are what the server runs out of, three times its capacity can
// be offered from the same machine, and what is measured is how rpc::Server admits and refuses.
//
//   overload_bench [--seconds=2]
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/rpc/server.h"
#include "tests/bench/call_load.h"
#include "tests/bench/overload.h"
#include "tests/bench/server_process.h"
#include "tests/common/rpc/echo.h"
#include "tests/support/test_server.h"

ABSL_FLAG(double, seconds, 2, "Length of one measurement.");
ABSL_FLAG(std::string, role, "", "For the program's own children.");

namespace masthead::bench {
namespace {

constexpr absl::Duration kWork = absl::Milliseconds(2);
constexpr int kConnections = 8;
constexpr int kInFlight = 32;
constexpr char kMethod[] = "/masthead.testing.v1.EchoService/Echo";

int Serve() {
  testing::Echo echo;
  echo.handler = [](const rpc::Call&, const testing::v1::EchoRequest& request) {
    absl::SleepFor(kWork);
    return testing::Echo::Response(request.text());
  };
  const testing::TestIdentity identity;
  const auth::Authenticator authenticator(identity.keys(), Clock::System());
  rpc::Server server({.listen = "127.0.0.1:0", .health_listen = "", .lame_duck_quiet = absl::ZeroDuration()},
                     authenticator, grpc::InsecureServerCredentials(), [] { return absl::OkStatus(); });
  server.Add(echo.service());
  if (!server.Start().ok()) return 1;
  ServeUntilInputEnds(absl::StrCat(server.port()));
  server.Drain();
  return 0;
}

int Run() {
  const ServerProcess server({"--role=server"});
  testing::v1::EchoRequest request;
  request.set_text("who is there");
  CallLoad load(server.target(), kConnections, kMethod, request.SerializeAsString(), "");
  const absl::Duration length = absl::Seconds(absl::GetFlag(FLAGS_seconds));
  load.Closed(kInFlight, length / 4);
  return Overload("2 ms of waiting, overloaded", server.pid(), load, kInFlight, length) ? 0 : 1;
}

}  // namespace
}  // namespace masthead::bench

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As our binaries do.
  return absl::GetFlag(FLAGS_role) == "server" ? masthead::bench::Serve() : masthead::bench::Run();
}
