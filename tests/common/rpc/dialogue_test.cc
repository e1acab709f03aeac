// Calls in which both sides stream.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "common/rpc/channel.h"
#include "common/rpc/stream.h"
#include "echo_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/rpc/echo.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

namespace masthead::testing {
namespace {

using ::testing::Not;

class OpenDialogue {
 public:
  explicit OpenDialogue(const TestServer& server, const std::string& role = "editor")
      : stub_(v1::EchoService::NewStub(server.Channel())) {
    Authorize(context_, server.StaffToken({role}));
    stream_ = stub_->EchoEach(&context_);
  }

  bool Say(const std::string& text) {
    v1::EchoRequest request;
    request.set_text(text);
    return stream_->Write(request);
  }
  void SayNoMore() { stream_->WritesDone(); }
  bool Read() { return stream_->Read(&response_); }
  const std::string& text() const { return response_.text(); }
  absl::Status Finish() { return rpc::FromGrpcStatus(stream_->Finish()); }
  void Cancel() { context_.TryCancel(); }

 private:
  std::unique_ptr<v1::EchoService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::EchoRequest, v1::EchoResponse>> stream_;
  v1::EchoResponse response_;
};

void WaitUntilNoneIsOpen(const Echo& echo) {
  while (echo.open_streams > 0) std::this_thread::yield();
}

TEST(Dialogue, AnswersEachMessageInOrderAndThenTheEnd) {
  Echo echo;
  TestServer server({&echo.service()});
  OpenDialogue dialogue(server);
  std::thread writer([&] {
    for (int i = 0; i < 500; ++i) EXPECT_TRUE(dialogue.Say("aa" + std::to_string(i % 10)));
    dialogue.SayNoMore();
  });
  for (int i = 0; i < 500; ++i) {
    for (int letter = 0; letter < 3; ++letter) {
      ASSERT_TRUE(dialogue.Read());
      ASSERT_EQ(dialogue.text(), "aa" + std::to_string(i % 10));
    }
  }
  writer.join();
  ASSERT_TRUE(dialogue.Read());
  EXPECT_EQ(dialogue.text(), "bye");
  EXPECT_FALSE(dialogue.Read());
  EXPECT_THAT(dialogue.Finish(), IsOk());
  WaitUntilNoneIsOpen(echo);
}

TEST(Dialogue, MayBeOfNoMessagesAtAll) {
  Echo echo;
  TestServer server({&echo.service()});
  OpenDialogue dialogue(server);
  dialogue.SayNoMore();
  ASSERT_TRUE(dialogue.Read());
  EXPECT_EQ(dialogue.text(), "bye");
  EXPECT_FALSE(dialogue.Read());
  EXPECT_THAT(dialogue.Finish(), IsOk());
}

TEST(Dialogue, IsOnlyForThoseWhomThePolicyAdmits) {
  Echo echo;
  TestServer server({&echo.service()});
  OpenDialogue dialogue(server, "reporter");
  dialogue.Say("hello");
  EXPECT_FALSE(dialogue.Read());
  EXPECT_THAT(dialogue.Finish(), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(echo.open_streams, 0);
}

TEST(Dialogue, EndsWithTheErrorOfItsListener) {
  Echo echo;
  echo.listener = [](const v1::EchoRequest& request) {
    return request.text() == "no" ? absl::OutOfRangeError("enough") : absl::OkStatus();
  };
  TestServer server({&echo.service()});
  OpenDialogue dialogue(server);
  dialogue.Say("a");
  ASSERT_TRUE(dialogue.Read());
  dialogue.Say("no");
  EXPECT_FALSE(dialogue.Read());
  EXPECT_THAT(dialogue.Finish(), StatusIs(absl::StatusCode::kOutOfRange));
  WaitUntilNoneIsOpen(echo);
}

TEST(Dialogue, OfAClientThatSaysNothingEndsInTime) {
  Echo echo;
  TestServer server({&echo.service()}, {.stream_read_timeout = absl::Milliseconds(100)});
  OpenDialogue dialogue(server);
  dialogue.Say("a");
  ASSERT_TRUE(dialogue.Read());
  EXPECT_FALSE(dialogue.Read());
  EXPECT_THAT(dialogue.Finish(), StatusIs(absl::StatusCode::kDeadlineExceeded));
  WaitUntilNoneIsOpen(echo);
}

// What the client sends waits in its own memory until the server has taken what came before.
TEST(Dialogue, TakesNoMoreThanItWorksOn) {
  Echo echo;
  std::atomic<bool> held = true;
  std::atomic<int> taken = 0;
  echo.listener = [&](const v1::EchoRequest&) {
    ++taken;
    while (held) std::this_thread::yield();
    return absl::CancelledError("seen enough");
  };
  TestServer server({&echo.service()});
  OpenDialogue dialogue(server);
  std::atomic<int> said = 0;
  std::thread writer([&] {
    while (said < 100 && dialogue.Say(std::string(1 << 20, 'x'))) ++said;
  });
  while (taken == 0) std::this_thread::yield();
  // Until the writer stands still; one that nothing stops goes on to the end, however slowly.
  for (int before = -1; before != said;) {
    before = said;
    absl::SleepFor(absl::Milliseconds(200));
  }
  EXPECT_LT(said, 100);
  held = false;
  writer.join();
  EXPECT_EQ(taken, 1);
  EXPECT_THAT(dialogue.Finish(), Not(IsOk()));
}

TEST(Dialogue, IsCancelledWhenItsReaderDoesNotRead) {
  Echo echo;
  TestServer server({&echo.service()}, {.stream_write_timeout = absl::Milliseconds(300)});
  OpenDialogue dialogue(server);
  dialogue.Say(std::string(100'000, 'x'));
  while (echo.open_streams == 0) std::this_thread::yield();
  WaitUntilNoneIsOpen(echo);
  while (dialogue.Read()) {
  }
  EXPECT_THAT(dialogue.Finish(), Not(IsOk()));
}

TEST(Dialogue, IsForgottenWhenItsCallerLeaves) {
  Echo echo;
  TestServer server({&echo.service()});
  OpenDialogue dialogue(server);
  dialogue.Say("a");
  ASSERT_TRUE(dialogue.Read());
  dialogue.Cancel();
  EXPECT_THAT(dialogue.Finish(), StatusIs(absl::StatusCode::kCancelled));
  WaitUntilNoneIsOpen(echo);
}

TEST(Dialogue, ToldToResumeElsewhereByADrain) {
  Echo echo;
  TestServer server({&echo.service()},
                    {.lame_duck_quiet = absl::ZeroDuration(), .lame_duck_max = absl::ZeroDuration()});
  OpenDialogue dialogue(server);
  dialogue.Say("a");
  ASSERT_TRUE(dialogue.Read());
  std::thread drain([&] { server.server().Drain(); });
  EXPECT_FALSE(dialogue.Read());
  EXPECT_THAT(dialogue.Finish(), StatusIs(absl::StatusCode::kUnavailable));
  drain.join();
}

}  // namespace
}  // namespace masthead::testing
