#include "common/rpc/stream.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "common/rpc/channel.h"
#include "echo_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/rpc/echo.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

namespace masthead::testing {
namespace {

using Next = rpc::Next<v1::EchoResponse>;
using ::testing::Not;

class OpenStream {
 public:
  explicit OpenStream(const TestServer& server)
      : stub_(v1::EchoService::NewStub(server.Channel())), reader_(stub_->EchoOften(&context_, {})) {}

  bool Read() { return reader_->Read(&response_); }
  const std::string& text() const { return response_.text(); }
  absl::Status Finish() { return rpc::FromGrpcStatus(reader_->Finish()); }
  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<v1::EchoService::Stub> stub_;
  std::unique_ptr<grpc::ClientReader<v1::EchoResponse>> reader_;
  v1::EchoResponse response_;
};

TEST(Stream, SendsMessagesInOrderUntilItsEnd) {
  Echo echo;
  int sent = 0;
  echo.source = [&](const v1::EchoRequest&, const Scope&) -> absl::StatusOr<Next> {
    if (sent == 1000) return Next::End();
    return Next::Message(Echo::Response(std::to_string(sent++)));
  };
  TestServer server({&echo.service()});
  OpenStream stream(server);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(stream.Read());
    ASSERT_EQ(stream.text(), std::to_string(i));
  }
  EXPECT_FALSE(stream.Read());
  EXPECT_THAT(stream.Finish(), IsOk());
}

TEST(Stream, IsWokenByItsBell) {
  Echo echo;
  std::atomic<bool> news = false;
  std::atomic<int> asked = 0;
  echo.source = [&](const v1::EchoRequest&, const Scope&) -> absl::StatusOr<Next> {
    ++asked;
    if (news.exchange(false)) return Next::Message(Echo::Response("news"));
    return Next::Wait(absl::Hours(1));
  };
  TestServer server({&echo.service()});
  OpenStream stream(server);
  while (asked == 0) std::this_thread::yield();
  news = true;
  echo.bell.Ring();
  ASSERT_TRUE(stream.Read());
  EXPECT_EQ(stream.text(), "news");
  stream.Cancel();
}

TEST(Stream, AsksAgainAfterItsPatience) {
  Echo echo;
  std::atomic<int> asked = 0;
  echo.source = [&](const v1::EchoRequest&, const Scope&) -> absl::StatusOr<Next> {
    if (++asked < 4) return Next::Wait(absl::Milliseconds(5));
    return Next::End();
  };
  TestServer server({&echo.service()});
  OpenStream stream(server);
  EXPECT_FALSE(stream.Read());
  EXPECT_THAT(stream.Finish(), IsOk());
  EXPECT_EQ(asked.load(), 4);
}

TEST(Stream, EndsWithTheErrorOfItsSource) {
  Echo echo;
  echo.source = [](const v1::EchoRequest&, const Scope&) -> absl::StatusOr<Next> {
    return absl::OutOfRangeError("too late");
  };
  TestServer server({&echo.service()});
  OpenStream stream(server);
  EXPECT_FALSE(stream.Read());
  EXPECT_THAT(stream.Finish(), StatusIs(absl::StatusCode::kOutOfRange));
}

// A reader that stops reading held a server's thread for ever.
TEST(Stream, IsCancelledWhenItsReaderDoesNotRead) {
  Echo echo;
  std::atomic<int> produced = 0;
  echo.source = [&](const v1::EchoRequest&, const Scope&) -> absl::StatusOr<Next> {
    ++produced;
    return Next::Message(Echo::Response(std::string(1'000'000, 'x')));
  };
  TestServer server({&echo.service()}, {.stream_write_timeout = absl::Milliseconds(300)});
  OpenStream stream(server);
  ASSERT_TRUE(stream.Read());
  // Flow control lets a bounded amount through; then the write waits, and is cut.
  while (echo.open_streams > 0) absl::SleepFor(absl::Milliseconds(5));
  while (stream.Read()) {
  }
  EXPECT_THAT(stream.Finish(), Not(IsOk()));
  EXPECT_LT(produced, 100);
}

TEST(Stream, IsForgottenWhenItsCallerLeaves) {
  Echo echo;
  std::atomic<int> asked = 0;
  echo.source = [&](const v1::EchoRequest&, const Scope&) -> absl::StatusOr<Next> {
    ++asked;
    return Next::Wait(absl::Hours(1));
  };
  TestServer server({&echo.service()});
  {
    OpenStream stream(server);
    while (asked == 0) std::this_thread::yield();
    stream.Cancel();
    EXPECT_THAT(stream.Finish(), StatusIs(absl::StatusCode::kCancelled));
  }
  const int before = asked;
  echo.bell.Ring();
  EXPECT_LE(asked, before + 1);
}

}  // namespace
}  // namespace masthead::testing
