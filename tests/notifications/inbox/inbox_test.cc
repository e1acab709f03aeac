// Inboxes on the newspaper's own pages: a log without gaps, that every client can resume.
#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/inbox_service.grpc.pb.h"
#include "services/notifications/inbox/inbox_store.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

class InboxTest : public NewsroomTest {
 protected:
  InboxTest() : inboxes_(v1::InboxService::NewStub(server_->Channel())) {}

  // A reader of breaking news who has an inbox.
  void AddInboxReader(const std::string& id) {
    AddReader(id, {"breaking"});
    postgres_.Execute(
        absl::StrCat("INSERT INTO endpoints (recipient_number, id, channel, mailbox, address_hash) SELECT number, "
                     "'inbox', 'INBOX', '', '\\x00' "
                     "FROM recipients WHERE id = '",
                     id, "'; UPDATE subscriptions SET channels = 33"));
  }

  // Puts an item into the inbox, as a message would.
  void Tell(const std::string& reader, const std::string& item) { Tell(NumberOf(reader), item); }
  void Tell(int64_t number, const std::string& item) {
    ASSERT_THAT(postgres_.database().Write({},
                                           [&](db::Transaction& tx) -> absl::Status {
                                             AddInboxItem(tx, {number}, {.id = item, .title = item});
                                             tx.AfterCommit([this] { notifications_->inbox_hub().changed().Ring(); });
                                             return absl::OkStatus();
                                           }),
                IsOk());
  }

  int64_t NumberOf(const std::string& reader) {
    return std::stoll(postgres_.QueryValue(absl::StrCat("SELECT number FROM recipients WHERE id = '", reader, "'")));
  }

  std::vector<v1::InboxItem> Items(const std::string& reader, bool unread_only = false) {
    v1::ListInboxItemsRequest request;
    request.set_parent("recipients/" + reader);
    request.set_unread_only(unread_only);
    v1::ListInboxItemsResponse response;
    EXPECT_THAT(inboxes_->ListInboxItems(AsMember(reader).get(), request, &response), IsOk());
    return {response.inbox_items().begin(), response.inbox_items().end()};
  }

  v1::InboxCounts Counts(const std::string& reader) {
    v1::GetInboxCountsRequest request;
    request.set_parent("recipients/" + reader);
    v1::InboxCounts counts;
    EXPECT_THAT(inboxes_->GetInboxCounts(AsMember(reader).get(), request, &counts), IsOk());
    return counts;
  }

  v1::InboxCounts MarkRead(const std::string& reader, int64_t up_to, bool seen_only = false) {
    v1::MarkInboxReadRequest request;
    request.set_parent("recipients/" + reader);
    request.set_up_to_seq(up_to);
    request.set_seen_only(seen_only);
    v1::InboxCounts counts;
    EXPECT_THAT(inboxes_->MarkInboxRead(AsMember(reader).get(), request, &counts), IsOk());
    return counts;
  }

  struct OpenStream {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::ClientReader<v1::StreamInboxResponse>> reader;

    // "1 item three", "2 READ up to 1", "2 counts 0/0", one for each of the next frames; less if the stream ends.
    std::vector<std::string> Frames(size_t count) {
      std::vector<std::string> frames;
      v1::StreamInboxResponse frame;
      while (frames.size() < count && reader->Read(&frame)) frames.push_back(ToText(frame));
      return frames;
    }

    static std::string ToText(const v1::StreamInboxResponse& frame) {
      switch (frame.frame_case()) {
        case v1::StreamInboxResponse::kItem:
          return absl::StrCat(frame.seq(), " item ", frame.item().title());
        case v1::StreamInboxResponse::kStateChange:
          return absl::StrCat(
              frame.seq(), " ", v1::StreamInboxResponse::StateChange::Kind_Name(frame.state_change().kind()),
              frame.state_change().up_to_seq() > 0 ? absl::StrCat(" up to ", frame.state_change().up_to_seq())
                                                   : absl::StrCat(" of ", frame.state_change().items_size()));
        case v1::StreamInboxResponse::kCounts:
          return absl::StrCat(frame.counts().as_of_seq(), " counts ", frame.counts().unread(), "/",
                              frame.counts().unseen());
        case v1::StreamInboxResponse::kReset:
          return absl::StrCat(frame.seq(), " reset ",
                              v1::StreamInboxResponse::Reset::Reason_Name(frame.reset().reason()));
        case v1::StreamInboxResponse::kHeartbeat:
          return absl::StrCat(frame.seq(), " heartbeat");
        case v1::StreamInboxResponse::FRAME_NOT_SET:
          break;
      }
      return "nothing";
    }

    grpc::Status Cancel() {
      context->TryCancel();
      v1::StreamInboxResponse frame;
      while (reader->Read(&frame)) {
      }
      return reader->Finish();
    }
  };

  OpenStream Stream(const std::string& reader, int64_t resume = 0, int backlog = 0) {
    v1::StreamInboxRequest request;
    request.set_parent("recipients/" + reader);
    request.set_resume_seq(resume);
    request.set_max_backlog(backlog);
    OpenStream stream = {.context = AsMember(reader), .reader = nullptr};
    stream.reader = inboxes_->StreamInbox(stream.context.get(), request);
    return stream;
  }

  std::unique_ptr<v1::InboxService::Stub> inboxes_;
};

TEST_F(InboxTest, AMessageReachesTheInboxBesideTheMailbox) {
  AddInboxReader("olha");
  articles_.Publish({.id = "talks", .headline = "Talks resume", .dek = "For the third time", .breaking = true});
  const v1::Message message = UntilEnded(MessageAbout("talks").name());
  EXPECT_EQ(message.counts().sent(), 2);
  EXPECT_EQ(LettersTo("olha").size(), 1u);

  const std::vector<v1::InboxItem> items = Items("olha");
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].title(), "Talks resume");
  EXPECT_EQ(items[0].body(), "For the third time");
  EXPECT_EQ(items[0].article(), "articles/talks");
  EXPECT_EQ(items[0].severity(), v1::InboxItem::BREAKING);
  EXPECT_EQ(items[0].seq(), 1);
  EXPECT_EQ(Counts("olha").unread(), 1);
}

TEST_F(InboxTest, AStreamSendsWhatIsMissingThenWhatIsAddedAndCountsThatAreTrueAtTheirSeq) {
  AddInboxReader("olha");
  Tell("olha", "one");
  Tell("olha", "two");
  OpenStream stream = Stream("olha", 1);
  EXPECT_THAT(stream.Frames(2), ElementsAre("2 item two", "2 counts 2/2"));
  Tell("olha", "three");
  EXPECT_THAT(stream.Frames(2), ElementsAre("3 item three", "3 counts 3/3"));
  EXPECT_EQ(MarkRead("olha", 2).unread(), 1);
  EXPECT_THAT(stream.Frames(2), ElementsAre("4 READ up to 2", "4 counts 1/1"));
  EXPECT_THAT(stream.Cancel(), StatusIs(absl::StatusCode::kCancelled));

  OpenStream resumed = Stream("olha", 4);
  EXPECT_THAT(resumed.Frames(1), ElementsAre("4 counts 1/1"));
  EXPECT_THAT(resumed.Cancel(), StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(InboxTest, ANewerEntryIsNeverSeenWithoutAnOlderOneThatCommitsLater) {
  AddInboxReader("olha");
  const int64_t number = NumberOf("olha");
  OpenStream stream = Stream("olha");
  EXPECT_THAT(stream.Frames(1), ElementsAre("0 counts 0/0"));
  std::atomic<bool> second_done = false;
  std::thread second;
  ASSERT_THAT(postgres_.database().Write({},
                                         [&](db::Transaction& tx) -> absl::Status {
                                           AddInboxItem(tx, {number}, {.id = "first", .title = "first"});
                                           if (!second.joinable()) {
                                             second = std::thread([&] {
                                               Tell(number, "second");
                                               second_done = true;
                                             });
                                           }
                                           Until("the second writer waits for the first", [&] {
                                             return postgres_.QueryValue(
                                                        "SELECT count(*) FROM pg_locks WHERE NOT granted") != "0";
                                           });
                                           EXPECT_FALSE(second_done);
                                           return absl::OkStatus();
                                         }),
              IsOk());
  second.join();
  EXPECT_THAT(stream.Frames(3), ElementsAre("1 item first", "2 item second", "2 counts 2/2"));
  EXPECT_THAT(stream.Cancel(), StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(InboxTest, AStreamMissesNothingAndRepeatsNothingWhileManyWrite) {
  AddInboxReader("olha");
  const int64_t number = NumberOf("olha");
  constexpr int kWriters = 4, kEach = 25;
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([this, number, w] {
      for (int i = 0; i < kEach; ++i) Tell(number, absl::StrCat("item-", w, "-", i));
    });
  }
  // Every few frames the client goes away and comes back with what it has.
  int64_t seen = 0;
  while (seen < kWriters * kEach) {
    OpenStream stream = Stream("olha", seen, 500);
    v1::StreamInboxResponse frame;
    for (int frames = 0; frames < 7 && seen < kWriters * kEach && stream.reader->Read(&frame); ++frames) {
      if (!frame.has_item()) continue;
      ASSERT_EQ(frame.seq(), seen + 1);
      seen = frame.seq();
    }
    stream.Cancel();
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(Counts("olha").unread(), kWriters * kEach);
}

TEST_F(InboxTest, MarkingSparesWhatTheReaderCouldNotKnowOf) {
  AddInboxReader("olha");
  Tell("olha", "one");
  Tell("olha", "two");
  const v1::InboxCounts seen = MarkRead("olha", 1, /*seen_only=*/true);
  EXPECT_EQ(seen.unread(), 2);
  EXPECT_EQ(seen.unseen(), 1);
  const v1::InboxCounts read = MarkRead("olha", 1);
  EXPECT_EQ(read.unread(), 1);
  EXPECT_EQ(read.unseen(), 1);
  EXPECT_EQ(MarkRead("olha", 1).as_of_seq(), read.as_of_seq()) << "nothing changed: no entry";

  v1::MarkInboxReadRequest ahead;
  ahead.set_parent("recipients/olha");
  ahead.set_up_to_seq(99);
  v1::InboxCounts counts;
  EXPECT_THAT(inboxes_->MarkInboxRead(AsMember("olha").get(), ahead, &counts),
              StatusIs(absl::StatusCode::kOutOfRange, "RESUME_SEQ_AHEAD"));
}

TEST_F(InboxTest, AnItemIsReadAndUnreadPutAwayAndBroughtBack) {
  AddInboxReader("olha");
  Tell("olha", "one");
  v1::UpdateInboxItemRequest request;
  request.mutable_inbox_item()->set_name("recipients/olha/inboxItems/one");
  request.mutable_inbox_item()->set_read(true);
  request.mutable_inbox_item()->set_archived(true);
  v1::InboxItem item;
  ASSERT_THAT(inboxes_->UpdateInboxItem(AsMember("olha").get(), request, &item), IsOk());
  EXPECT_TRUE(item.read());
  EXPECT_TRUE(item.has_archive_time());
  EXPECT_TRUE(Items("olha").empty()) << "put away";

  request.mutable_inbox_item()->set_read(false);
  request.mutable_inbox_item()->set_archived(false);
  request.mutable_update_mask()->add_paths("read");
  ASSERT_THAT(inboxes_->UpdateInboxItem(AsMember("olha").get(), request, &item), IsOk());
  EXPECT_FALSE(item.read());
  EXPECT_TRUE(item.archived());
  EXPECT_EQ(Counts("olha").unread(), 0) << "what is put away is not counted";
  request.mutable_update_mask()->set_paths(0, "archived");
  ASSERT_THAT(inboxes_->UpdateInboxItem(AsMember("olha").get(), request, &item), IsOk());
  EXPECT_EQ(Counts("olha").unread(), 1);
  EXPECT_EQ(Counts("olha").unseen(), 0) << "what was read was seen";

  OpenStream stream = Stream("olha");
  EXPECT_THAT(stream.Frames(6), ElementsAre("1 item one", "2 READ of 1", "3 ARCHIVED of 1", "4 UNREAD of 1",
                                            "5 UNARCHIVED of 1", "5 counts 1/0"));
  EXPECT_THAT(stream.Cancel(), StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(InboxTest, ArchivingIsAllOrNothing) {
  AddInboxReader("olha");
  Tell("olha", "one");
  v1::ArchiveInboxItemsRequest request;
  request.set_parent("recipients/olha");
  request.add_names("recipients/olha/inboxItems/one");
  request.add_names("recipients/olha/inboxItems/nowhere");
  v1::InboxCounts counts;
  EXPECT_THAT(inboxes_->ArchiveInboxItems(AsMember("olha").get(), request, &counts),
              StatusIs(absl::StatusCode::kNotFound, "INBOX_ITEM_NOT_FOUND"));
  EXPECT_EQ(Items("olha").size(), 1u);
  request.mutable_names()->RemoveLast();
  ASSERT_THAT(inboxes_->ArchiveInboxItems(AsMember("olha").get(), request, &counts), IsOk());
  EXPECT_EQ(counts.unread(), 0);
  request.set_names(0, "recipients/petro/inboxItems/one");
  EXPECT_THAT(inboxes_->ArchiveInboxItems(AsMember("olha").get(), request, &counts),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(InboxTest, ALongAbsenceAndALostPastStartAnew) {
  AddInboxReader("olha");
  for (int i = 1; i <= 6; ++i) Tell("olha", absl::StrCat("item-", i));
  OpenStream stream = Stream("olha", 1, 3);
  EXPECT_THAT(stream.Frames(5),
              ElementsAre("1 reset BACKLOG", "4 item item-4", "5 item item-5", "6 item item-6", "6 counts 6/6"));
  EXPECT_THAT(stream.Cancel(), StatusIs(absl::StatusCode::kCancelled));

  postgres_.MoveClock(absl::Hours(24 * 400));
  Tell("olha", "today");
  ASSERT_THAT(postgres_.database().Write({},
                                         [](db::Transaction& tx) {
                                           EXPECT_TRUE(ForgetOldInboxItems(tx, kInboxKept));
                                           return absl::OkStatus();
                                         }),
              IsOk());
  OpenStream late = Stream("olha", 2);
  EXPECT_THAT(late.Frames(3), ElementsAre("2 reset RETENTION", "7 item today", "8 counts 1/1"));
  EXPECT_THAT(late.Cancel(), StatusIs(absl::StatusCode::kCancelled));
  OpenStream recent = Stream("olha", 6);
  EXPECT_THAT(recent.Frames(3), ElementsAre("7 item today", "8 EXPIRED up to 6", "8 counts 1/1"));
  EXPECT_THAT(recent.Cancel(), StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(InboxTest, AClientThatClaimsToBeAheadIsToldSo) {
  AddInboxReader("olha");
  OpenStream stream = Stream("olha", 5);
  EXPECT_TRUE(stream.Frames(1).empty());
  EXPECT_THAT(stream.reader->Finish(), StatusIs(absl::StatusCode::kOutOfRange, "RESUME_SEQ_AHEAD"));
}

TEST_F(InboxTest, AnInboxIsItsOwnersAlone) {
  AddInboxReader("olha");
  AddInboxReader("petro");
  Tell("olha", "one");
  v1::ListInboxItemsRequest request;
  request.set_parent("recipients/olha");
  v1::ListInboxItemsResponse response;
  EXPECT_THAT(inboxes_->ListInboxItems(AsMember("petro").get(), request, &response),
              StatusIs(absl::StatusCode::kNotFound, "RECIPIENT_NOT_FOUND"));
  EXPECT_THAT(inboxes_->ListInboxItems(Anonymous().get(), request, &response),
              StatusIs(absl::StatusCode::kUnauthenticated));
  v1::UpdateInboxItemRequest update;
  update.mutable_inbox_item()->set_name("recipients/olha/inboxItems/one");
  v1::InboxItem item;
  EXPECT_THAT(inboxes_->UpdateInboxItem(AsMember("petro").get(), update, &item),
              StatusIs(absl::StatusCode::kNotFound, "RECIPIENT_NOT_FOUND"));
}

TEST_F(InboxTest, PagesGoBackInTime) {
  AddInboxReader("olha");
  for (int i = 1; i <= 3; ++i) Tell("olha", absl::StrCat("item-", i));
  MarkRead("olha", 1);
  EXPECT_EQ(Items("olha", /*unread_only=*/true).size(), 2u);
  v1::ListInboxItemsRequest request;
  request.set_parent("recipients/olha");
  request.set_page_size(2);
  v1::ListInboxItemsResponse page;
  ASSERT_THAT(inboxes_->ListInboxItems(AsMember("olha").get(), request, &page), IsOk());
  ASSERT_EQ(page.inbox_items_size(), 2);
  EXPECT_EQ(page.inbox_items(0).title(), "item-3");
  request.set_page_token(page.next_page_token());
  ASSERT_THAT(inboxes_->ListInboxItems(AsMember("olha").get(), request, &page), IsOk());
  ASSERT_EQ(page.inbox_items_size(), 1);
  EXPECT_EQ(page.inbox_items(0).title(), "item-1");
  EXPECT_TRUE(page.inbox_items(0).read());
  EXPECT_EQ(page.next_page_token(), "");
}

class QuietInboxTest : public QuietNewsroomTest {};

TEST_F(QuietInboxTest, AMessageThatComesByMailOnlyIsInNobodysInbox) {
  AddReader("olha", {"section-war"});
  postgres_.Execute(
      "INSERT INTO endpoints (recipient_number, id, channel, mailbox, address_hash) SELECT number, 'inbox', 'INBOX', "
      "'', "
      "'\\x00' FROM recipients WHERE id = 'olha'; UPDATE subscriptions SET channels = 32");
  const auto tell = [&](const std::string& article) {
    articles_.Publish({.id = article, .headline = article});
    MessageAbout(article);
    ASSERT_THAT(FanOutAll(), IsOk());
    ASSERT_THAT(SendAll(), IsOk());
  };
  tell("talks");
  postgres_.Execute("UPDATE subscriptions SET channels = 1");
  tell("more-talks");
  EXPECT_EQ(LettersTo("olha").size(), 1u);
  EXPECT_EQ(postgres_.QueryValue("SELECT string_agg(title, ', ') FROM inbox_items"), "talks");
}

}  // namespace
}  // namespace masthead::notifications
