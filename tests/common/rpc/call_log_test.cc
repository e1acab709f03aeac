// What a server's log says of the calls that ended.
#include "common/rpc/call_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/rpc/server.h"
#include "echo_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/rpc/echo.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_server.h"

namespace masthead::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kTraceId[] = "0af7651916cd43dd8448eb211c80319c";

// The lines about calls that end while `action` runs and the server that it makes drains.
std::vector<std::string> CallsLogged(const std::function<void()>& action) {
  const TemporaryFolder folder;
  const std::string path = folder / "log";
  const int saved = dup(STDERR_FILENO);
  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
  dup2(file, STDERR_FILENO);
  action();
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(file);

  std::vector<std::string> lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.find("\"call ended\"") != std::string::npos) lines.push_back(line);
  }
  return lines;
}

// A call that is answered, one that is refused for its caller's fault, one that is not answered for ours.
std::vector<std::string> LoggedOfThree(rpc::CallLog log_calls) {
  return CallsLogged([&] {
    Echo echo;
    echo.handler = [](const rpc::Call&, const v1::EchoRequest& request) -> absl::StatusOr<v1::EchoResponse> {
      if (request.text() == "no") return absl::InvalidArgumentError("not that");
      if (request.text() == "down")
        return MakeError(absl::StatusCode::kUnavailable, "olha@example.org", {kCommonErrorDomain, "DATABASE_DOWN"});
      return Echo::Response(request.text());
    };
    TestServer server({&echo.service()}, {.log_calls = log_calls});
    const auto stub = v1::EchoService::NewStub(server.Channel());
    for (const char* text : {"yes", "no", "down"}) {
      grpc::ClientContext context;
      context.AddMetadata("traceparent", std::string("00-") + kTraceId + "-b7ad6b7169203331-01");
      v1::EchoRequest request;
      request.set_text(text);
      v1::EchoResponse response;
      stub->Echo(&context, request, &response);
    }
  });
}

TEST(CallLog, TellsOfFaultsUnderTheTraceOfTheCaller) {
  EXPECT_THAT(
      LoggedOfThree(rpc::CallLog::kFaults),
      ElementsAre(AllOf(HasSubstr(std::string("\"trace_id\":\"") + kTraceId), HasSubstr("\"severity\":\"WARNING\""),
                        HasSubstr("\"method\":\"masthead.testing.v1.EchoService.Echo\""),
                        HasSubstr("\"code\":\"UNAVAILABLE\",\"reason\":\"DATABASE_DOWN\",\"milliseconds\":\""),
                        Not(HasSubstr("olha")))));
}

TEST(CallLog, TellsOfAllCallsWhereThatIsAskedFor) {
  EXPECT_THAT(LoggedOfThree(rpc::CallLog::kAll),
              ElementsAre(HasSubstr("\"code\":\"OK\""), HasSubstr("\"code\":\"INVALID_ARGUMENT\""),
                          HasSubstr("\"code\":\"UNAVAILABLE\"")));
}

TEST(CallLog, IsSilentWhereNothingIsWanted) { EXPECT_THAT(LoggedOfThree(rpc::CallLog::kNone), IsEmpty()); }

TEST(CallLog, IsNotFloodedByFaults) {
  const std::vector<std::string> lines = CallsLogged([] {
    for (int i = 0; i < 1000; ++i) {
      rpc::LogCall(rpc::CallLog::kFaults, "Echo", absl::UnavailableError("busy"), absl::ZeroDuration());
    }
  });
  EXPECT_LE(lines.size(), 100);
}

}  // namespace
}  // namespace masthead::testing
