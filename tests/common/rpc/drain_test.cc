#include <atomic>
#include <latch>
#include <thread>

#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "echo_service.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "tests/common/rpc/echo.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

namespace masthead::testing {
namespace {

using Next = rpc::Next<v1::EchoResponse>;

constexpr rpc::ServerOptions QuickDrain() {
  return {.lame_duck_quiet = absl::Milliseconds(200), .lame_duck_max = absl::Seconds(2)};
}

// grpc.health.v1.Health/Check for `service`, by bytes: Debian ships no stub for it. Field 1 of both messages.
bool IsServing(std::shared_ptr<grpc::Channel> channel, const std::string& service) {
  grpc::GenericStub stub(std::move(channel));
  grpc::ClientContext context;
  const grpc::Slice slice("\x0a" + std::string(1, static_cast<char>(service.size())) + service);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  std::latch done(1);
  grpc::Status status;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response, [&](grpc::Status result) {
    status = std::move(result);
    done.count_down();
  });
  done.wait();
  grpc::Slice answer;
  return status.ok() && response.DumpToSingleSlice(&answer).ok() &&
         std::string(answer.begin(), answer.end()) == "\x08\x01";
}

TEST(Drain, FinishesCallsInFlight) {
  Echo echo;
  std::latch release(1);
  std::atomic<bool> started = false;
  echo.handler = [&](const rpc::Call&, const v1::EchoRequest&) {
    started = true;
    release.wait();
    return Echo::Response("finished");
  };
  TestServer server({&echo.service()}, QuickDrain());
  std::thread caller([&, channel = server.Channel()] {
    grpc::ClientContext context;
    v1::EchoResponse response;
    EXPECT_TRUE(v1::EchoService::NewStub(channel)->Echo(&context, {}, &response).ok());
    EXPECT_EQ(response.text(), "finished");
  });
  while (!started) std::this_thread::yield();
  std::thread drain([&] { server.server().Drain(); });
  release.count_down();
  caller.join();
  drain.join();
}

TEST(Drain, EndsStreamsSoThatTheyResumeElsewhere) {
  Echo echo;
  std::atomic<bool> asked = false;
  echo.source = [&](const v1::EchoRequest&, const Scope&) -> absl::StatusOr<Next> {
    asked = true;
    return Next::Wait(absl::Hours(1));
  };
  TestServer server({&echo.service()}, QuickDrain());
  grpc::ClientContext context;
  const auto stub = v1::EchoService::NewStub(server.Channel());
  const auto reader = stub->EchoOften(&context, {});
  while (!asked) std::this_thread::yield();
  std::thread drain([&] { server.server().Drain(); });
  v1::EchoResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_THAT(rpc::FromGrpcStatus(reader->Finish()), StatusIs(absl::StatusCode::kUnavailable, "STREAM_DRAINED"));
  drain.join();
}

TEST(Drain, KeepsAnsweringWhileCallsStillCome) {
  Echo echo;
  TestServer server({&echo.service()}, QuickDrain());
  const auto channel = server.Channel();
  const auto stub = v1::EchoService::NewStub(channel);
  std::atomic<bool> draining = false;
  std::thread drain([&] {
    draining = true;
    server.server().Drain();
  });
  while (!draining) std::this_thread::yield();
  for (int i = 0; i < 100; ++i) {  // Far less than the lame-duck phase takes.
    grpc::ClientContext context;
    v1::EchoResponse response;
    EXPECT_TRUE(stub->Echo(&context, {}, &response).ok());
  }
  drain.join();
}

TEST(Health, OnThePlainTextPortFollowsReadinessAndLiveness) {
  std::atomic<bool> ready = true;
  const TestIdentity identity;
  const auth::Authenticator authenticator(identity.keys(), Clock::System());
  rpc::Server server({.listen = "127.0.0.1:0", .health_listen = "127.0.0.1:0"}, authenticator,
                     grpc::InsecureServerCredentials(),
                     [&] { return ready ? absl::OkStatus() : absl::UnavailableError("no database"); });
  ASSERT_THAT(server.Start(), IsOk());
  const auto channel =
      grpc::CreateChannel("127.0.0.1:" + std::to_string(server.health_port()), grpc::InsecureChannelCredentials());
  while (!IsServing(channel, "readiness")) std::this_thread::yield();
  ready = false;
  while (IsServing(channel, "readiness")) std::this_thread::yield();
  EXPECT_TRUE(IsServing(channel, "liveness"));
  ready = true;
  while (!IsServing(channel, "readiness")) std::this_thread::yield();
}

}  // namespace
}  // namespace masthead::testing
