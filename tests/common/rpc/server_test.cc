#include "common/rpc/server.h"

#include <atomic>
#include <chrono>
#include <latch>
#include <string>
#include <thread>

#include "common/base/errors.h"
#include "common/rpc/channel.h"
#include "echo_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "tests/common/rpc/echo.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

namespace masthead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

absl::Status Say(grpc::Channel& channel, grpc::ClientContext& context, const std::string& text) {
  v1::EchoRequest request;
  request.set_text(text);
  v1::EchoResponse response;
  const auto stub = v1::EchoService::NewStub(std::shared_ptr<grpc::Channel>(&channel, [](grpc::Channel*) {}));
  return rpc::FromGrpcStatus(stub->Echo(&context, request, &response));
}

absl::Status SayForFew(std::shared_ptr<grpc::Channel> channel, const std::string& token = "") {
  grpc::ClientContext context;
  if (!token.empty()) Authorize(context, token);
  v1::EchoResponse response;
  return rpc::FromGrpcStatus(v1::EchoService::NewStub(channel)->EchoForFew(&context, {}, &response));
}

// Sends bytes that no generated client would.
absl::Status SendBytes(std::shared_ptr<grpc::Channel> channel, const std::string& bytes) {
  grpc::GenericStub stub(std::move(channel));
  grpc::ClientContext context;
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  std::latch done(1);
  grpc::Status status;
  stub.UnaryCall(&context, "/masthead.testing.v1.EchoService/Echo", {}, &request, &response, [&](grpc::Status result) {
    status = std::move(result);
    done.count_down();
  });
  done.wait();
  return rpc::FromGrpcStatus(status);
}

TEST(Server, AnswersACall) {
  Echo echo;
  TestServer server({&echo.service()});
  grpc::ClientContext context;
  EXPECT_THAT(Say(*server.Channel(), context, "Київ"), IsOk());
}

// gRPC itself would say INTERNAL or UNIMPLEMENTED.
TEST(Server, CallsMalformedBytesTheCallersFault) {
  Echo echo;
  TestServer server({&echo.service()});
  const std::string bad_utf8("\x0a\x02\xc3\x28", 4);
  const std::string truncated(
      "\x0a\x05"
      "ab",
      4);
  const std::string field_zero("\x02\x00", 2);
  const std::string overlong_varint(11, '\xff');
  for (const std::string& bytes : {bad_utf8, truncated, field_zero, overlong_varint}) {
    EXPECT_THAT(SendBytes(server.Channel(), bytes), StatusIs(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST"));
  }
}

TEST(Server, TellsAnIncidentAndNotWhatAHandlerThrew) {
  Echo echo;
  echo.handler = [](const rpc::Call&, const v1::EchoRequest&) -> absl::StatusOr<v1::EchoResponse> {
    throw std::runtime_error("SELECT secret FROM vault");
  };
  TestServer server({&echo.service()});
  grpc::ClientContext context;
  const absl::Status status = Say(*server.Channel(), context, "x");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal, "INTERNAL_ERROR"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("SELECT")));
  EXPECT_THAT(std::string(status.message()), HasSubstr("incident"));
}

TEST(Server, CarriesErrorDetailsToTheClient) {
  Echo echo;
  echo.handler = [](const rpc::Call&, const v1::EchoRequest&) -> absl::StatusOr<v1::EchoResponse> {
    FieldViolations violations;
    violations.Add("text", "must rhyme");
    violations.Add("text", "must be short");
    return violations.ToStatus();
  };
  TestServer server({&echo.service()});
  grpc::ClientContext context;
  const absl::Status status = Say(*server.Channel(), context, "x");
  ASSERT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  google::rpc::BadRequest detail;
  ASSERT_TRUE(detail.ParseFromString(std::string(*status.GetPayload("type.googleapis.com/google.rpc.BadRequest"))));
  EXPECT_EQ(detail.field_violations_size(), 2);
}

TEST(Server, RefusesToStartWithAnRpcThatHasNoPolicy) {
  class Gate {
   public:
    absl::StatusOr<v1::EchoResponse> Enter(const rpc::Call&, const v1::EchoRequest&) { return v1::EchoResponse(); }
  } gate;
  rpc::Service service(*v1::EchoRequest::descriptor()->file()->FindServiceByName("OpenGateService"));
  service.Unary("Enter", &gate, &Gate::Enter);
  const TestIdentity identity;
  const auth::Authenticator authenticator(identity.keys(), Clock::System());
  rpc::Server server({.listen = "127.0.0.1:0", .health_listen = ""}, authenticator, grpc::InsecureServerCredentials(),
                     [] { return absl::OkStatus(); });
  server.Add(service);
  EXPECT_THAT(server.Start(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(Server, RefusesToStartWithAnRpcThatHasNoHandler) {
  const rpc::Service service(*v1::EchoRequest::descriptor()->file()->FindServiceByName("EchoService"));
  const TestIdentity identity;
  const auth::Authenticator authenticator(identity.keys(), Clock::System());
  rpc::Server server({.listen = "127.0.0.1:0", .health_listen = ""}, authenticator, grpc::InsecureServerCredentials(),
                     [] { return absl::OkStatus(); });
  server.Add(service);
  EXPECT_THAT(server.Start(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(Server, AdmitsOnlyWhomThePolicyNames) {
  Echo echo;
  TestServer server({&echo.service()});
  EXPECT_THAT(SayForFew(server.Channel()), StatusIs(absl::StatusCode::kUnauthenticated, "CREDENTIALS_MISSING"));
  EXPECT_THAT(SayForFew(server.Channel(), "rubbish"),
              StatusIs(absl::StatusCode::kUnauthenticated, "CREDENTIALS_INVALID"));
  EXPECT_THAT(SayForFew(server.Channel(), server.StaffToken({"reporter"})),
              StatusIs(absl::StatusCode::kPermissionDenied, "CALLER_NOT_ADMITTED"));
  EXPECT_THAT(SayForFew(server.Channel(), server.MemberToken("members/m1")),
              StatusIs(absl::StatusCode::kPermissionDenied, "CALLER_NOT_ADMITTED"));
  EXPECT_THAT(SayForFew(server.Channel(), server.StaffToken({"editor"})), IsOk());
  EXPECT_THAT(SayForFew(server.Channel(), server.StaffToken({"admin"})), IsOk());
  EXPECT_THAT(SayForFew(server.ChannelAs("notifications")), IsOk());
  EXPECT_THAT(SayForFew(server.ChannelAs("articles")),
              StatusIs(absl::StatusCode::kPermissionDenied, "CALLER_NOT_ADMITTED"));
}

TEST(Server, TakesACertificateWithTwoNamesForNobody) {
  Echo echo;
  TestServer server({&echo.service()});
  const TestCertificate twofold = server.authority().Issue(
      "twofold", {"localhost"}, {"spiffe://masthead/notifications", "spiffe://masthead/articles"});
  EXPECT_THAT(SayForFew(server.ChannelWith(twofold)), Not(IsOk()));
}

TEST(Server, RefusesACertificateOfAnotherAuthority) {
  Echo echo;
  TestServer server({&echo.service()});
  const TestCertificateAuthority stranger("Stranger");
  const TestCertificate forged = stranger.Issue("notifications", {"localhost"}, {"spiffe://masthead/notifications"});
  EXPECT_THAT(SayForFew(server.ChannelWith(forged)), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(Server, AnswersBusyAtOnceWhenItsQueueIsFull) {
  Echo echo;
  std::latch release(1);
  std::atomic<int> running = 0;
  echo.handler = [&](const rpc::Call&, const v1::EchoRequest&) {
    ++running;
    release.wait();
    return Echo::Response("late");
  };
  TestServer server({&echo.service()}, {.executor_threads = 1, .max_queued_calls = 1});
  const auto channel = server.Channel();
  std::vector<std::thread> callers;
  std::atomic<int> busy = 0;
  for (int i = 0; i < 8; ++i) {
    while (i == 1 && running == 0) std::this_thread::yield();  // The first has left the queue.
    callers.emplace_back([&] {
      grpc::ClientContext context;
      const absl::Status status = Say(*channel, context, "x");
      if (status.ok()) return;
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, "SERVER_BUSY"));
      EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
      ++busy;
    });
  }
  while (busy < 6) std::this_thread::yield();  // One runs, one waits, the other six are refused while those still hang.
  release.count_down();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(busy, 6);
}

TEST(Server, BoundsACallWithoutADeadline) {
  Echo echo;
  absl::Time deadline;
  echo.handler = [&](const rpc::Call& call, const v1::EchoRequest&) {
    deadline = call.scope.deadline;
    return Echo::Response("");
  };
  TestServer server({&echo.service()}, {.max_deadline = absl::Seconds(7)});
  grpc::ClientContext context;
  ASSERT_THAT(Say(*server.Channel(), context, "x"), IsOk());
  EXPECT_LE(deadline, absl::Now() + absl::Seconds(7));
}

TEST(Server, LetsAHandlerSeeThatItsCallerWentAway) {
  Echo echo;
  std::atomic<bool> started = false;
  std::atomic<bool> noticed = false;
  echo.handler = [&](const rpc::Call& call, const v1::EchoRequest&) {
    started = true;
    while (!call.scope.cancelled()) std::this_thread::yield();
    noticed = true;
    return Echo::Response("");
  };
  TestServer server({&echo.service()});
  grpc::ClientContext context;
  std::thread caller([&] { EXPECT_THAT(Say(*server.Channel(), context, "x"), Not(IsOk())); });
  while (!started) std::this_thread::yield();
  context.TryCancel();
  caller.join();
  while (!noticed) std::this_thread::yield();
}

// With gRPC's defaults one such call kills its neighbours on the connection.
TEST(Server, LetsTooMuchMetadataFailOnlyItsOwnCall) {
  Echo echo;
  std::latch release(1);
  std::atomic<bool> started = false;
  echo.handler = [&](const rpc::Call&, const v1::EchoRequest& request) {
    if (request.text() == "neighbour") {
      started = true;
      release.wait();
    }
    return Echo::Response("");
  };
  TestServer server({&echo.service()});
  const auto channel = server.Channel();
  std::thread neighbour([&] {
    grpc::ClientContext context;
    EXPECT_THAT(Say(*channel, context, "neighbour"), IsOk());
  });
  while (!started) std::this_thread::yield();
  for (const size_t size : {9'000, 20'000, 40'000}) {
    grpc::ClientContext context;
    context.AddMetadata("x-large", std::string(size, 'a'));
    Say(*channel, context, "large").IgnoreError();
  }
  release.count_down();
  neighbour.join();
}

TEST(Server, RefusesARequestOverFourMebibytes) {
  Echo echo;
  TestServer server({&echo.service()});
  grpc::ClientContext context;
  EXPECT_THAT(Say(*server.Channel(), context, std::string(4 * 1024 * 1024 + 1, 'a')),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace masthead::testing
