// Watching a message from afar.
#include "gmock/gmock.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

class WatchingTest : public QuietNewsroomTest {};

TEST_F(WatchingTest, ShowsEachStepAndEndsWithTheMessage) {
  AddReader("olha", {"breaking"});
  articles_.Publish({.id = "talks", .breaking = true});
  v1::WatchMessageRequest request;
  request.set_name(MessageAbout("talks").name());
  const auto context = AsEditor();
  auto reader = messages_->WatchMessage(context.get(), request);
  v1::WatchMessageResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.message().state(), v1::Message::PREPARING);

  const absl::Time before = absl::Now();
  ASSERT_THAT(FanOutAll(), IsOk());
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_GE(absl::Now() - before, absl::Milliseconds(500)) << "at most one a second";
  EXPECT_EQ(response.message().counts().pending(), 1);

  ASSERT_THAT(SendAll(), IsOk());
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.message().state(), v1::Message::FINISHED);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_THAT(reader->Finish(), IsOk());
}

TEST_F(WatchingTest, RefusesAMessageThatIsNotThere) {
  v1::WatchMessageRequest request;
  request.set_name("messages/nowhere");
  const auto context = AsEditor();
  auto reader = messages_->WatchMessage(context.get(), request);
  v1::WatchMessageResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_THAT(reader->Finish(), StatusIs(absl::StatusCode::kNotFound, "MESSAGE_NOT_FOUND"));
}

TEST_F(WatchingTest, NamesWhatIsWrongWithARequest) {
  v1::GetMessageRequest request;
  request.set_name("message/1");
  v1::Message message;
  EXPECT_THAT(messages_->GetMessage(AsEditor().get(), request, &message),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  v1::ListMessagesRequest list;
  list.set_page_token("nonsense");
  v1::ListMessagesResponse response;
  EXPECT_THAT(messages_->ListMessages(AsEditor().get(), list, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN"));
  EXPECT_THAT(messages_->ListMessages(Anonymous().get(), {}, &response), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(WatchingTest, ListsMessagesNewestFirstPageByPage) {
  for (const char* id : {"one", "two", "three"}) {
    articles_.Publish({.id = id});
    MessageAbout(id);
  }
  v1::ListMessagesRequest request;
  request.set_page_size(2);
  v1::ListMessagesResponse page;
  ASSERT_THAT(messages_->ListMessages(AsEditor().get(), request, &page), IsOk());
  ASSERT_EQ(page.messages_size(), 2);
  EXPECT_EQ(page.messages(0).alert().article(), "articles/three");
  request.set_page_token(page.next_page_token());
  ASSERT_THAT(messages_->ListMessages(AsEditor().get(), request, &page), IsOk());
  ASSERT_EQ(page.messages_size(), 1);
  EXPECT_EQ(page.messages(0).alert().article(), "articles/one");
  EXPECT_EQ(page.next_page_token(), "");
}

}  // namespace
}  // namespace masthead::notifications
