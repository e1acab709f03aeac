#include "common/events/feed.h"

#include <atomic>
#include <future>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/events/newsroom.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::events {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::masthead::testing::TestDatabase;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FeedTest : public ::testing::Test {
 protected:
  void Publish(const std::string& story) { ASSERT_THAT(Change(feed_, database(), story), IsOk()); }

  Batch Read(const std::string& cursor, int limit = 100) {
    absl::StatusOr<Batch> batch = feed_.Read(Soon(), cursor, limit);
    EXPECT_THAT(batch, IsOk());
    return batch.ok() ? *std::move(batch) : Batch();
  }

  static std::vector<std::string> Stories(const Batch& batch) {
    std::vector<std::string> stories;
    for (const Record& record : batch.records) stories.push_back(absl::StrCat(record.resource, "@", record.revision));
    return stories;
  }

  db::Database& database() { return server_.database(); }

  TestDatabase server_{Schema()};
  Feed feed_{server_.database(), TestKey()};
};

TEST_F(FeedTest, GivesBackWhatWasAppendedInOrder) {
  Publish("stories/a");
  Publish("stories/b");
  Publish("stories/a");
  const Batch batch = Read("");
  EXPECT_THAT(Stories(batch), ElementsAre("stories/a@1", "stories/b@1", "stories/a@2"));
  const Record& record = batch.records[0];
  EXPECT_EQ(record.type, "story.changed");
  EXPECT_EQ(record.payload, std::string("stories/a@1\0\xff", 13));
  EXPECT_EQ(record.traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_LT(absl::AbsDuration(record.time - absl::Now()), absl::Minutes(1));
}

TEST_F(FeedTest, ResumesAfterEachEventAndAfterEachBatch) {
  for (const char* story : {"stories/a", "stories/b", "stories/c"}) Publish(story);
  const Batch all = Read("");
  EXPECT_THAT(Stories(Read(all.records[0].cursor)), ElementsAre("stories/b@1", "stories/c@1"));
  EXPECT_THAT(Stories(Read(all.cursor)), IsEmpty());
  const Batch two = Read("", 2);
  EXPECT_THAT(Stories(two), ElementsAre("stories/a@1", "stories/b@1"));
  EXPECT_THAT(Stories(Read(two.cursor)), ElementsAre("stories/c@1"));
  Publish("stories/d");
  EXPECT_THAT(Stories(Read(all.cursor)), ElementsAre("stories/d@1"));
}

TEST_F(FeedTest, SaysNothingOfARolledBackChange) {
  EXPECT_THAT(database().Write(Soon(),
                               [&](db::Transaction& tx) {
                                 Change(feed_, tx, "stories/a");
                                 return absl::AbortedError("changed our mind");
                               }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(Read("").records, IsEmpty());
}

TEST_F(FeedTest, RingsAfterTheCommitOnly) {
  int rings = 0;
  const rpc::Bell::Subscription subscription(feed_.bell(), [&] { ++rings; });
  ASSERT_THAT(database().Write(Soon(),
                               [&](db::Transaction& tx) {
                                 Change(feed_, tx, "stories/a");
                                 EXPECT_EQ(rings, 0);
                                 return absl::OkStatus();
                               }),
              IsOk());
  EXPECT_EQ(rings, 1);
}

// The trap of a serial cursor: an event with a low number that commits after one with a high number.
TEST_F(FeedTest, DoesNotSkipAChangeThatCommitsLate) {
  std::promise<void> appended;
  std::promise<void> release;
  std::thread slow([&] {
    EXPECT_THAT(database().Write(Soon(),
                                 [&](db::Transaction& tx) {
                                   Change(feed_, tx, "stories/slow");
                                   appended.set_value();
                                   release.get_future().wait();
                                   return absl::OkStatus();
                                 }),
                IsOk());
  });
  appended.get_future().wait();
  Publish("stories/quick");
  const Batch before = Read("");
  EXPECT_THAT(before.records, IsEmpty());
  release.set_value();
  slow.join();
  EXPECT_THAT(Stories(Read(before.cursor)), ElementsAre("stories/slow@1", "stories/quick@1"));
}

TEST_F(FeedTest, LosesNothingAndRepeatsNothingUnderConcurrentWriters) {
  constexpr int kWriters = 8;
  constexpr int kChanges = 40;
  const uint32_t seed = std::random_device{}();
  RecordProperty("seed", absl::StrCat(seed));
  db::DatabaseOptions options = server_.options();
  options.max_connections = kWriters + 1;
  options.max_pool_wait = absl::Seconds(10);
  db::Database wide(options);
  Feed feed(wide, TestKey());

  server_.Execute("INSERT INTO story SELECT 'stories/' || i, 0 FROM generate_series(0, 4) i");

  std::atomic<bool> writing = true;
  std::map<std::string, int> seen;
  std::map<std::string, int64_t> revisions;
  int out_of_order = 0;
  std::thread reader([&] {
    std::minstd_rand random(seed);
    std::string cursor;
    while (true) {
      const bool last = !writing;
      const absl::StatusOr<Batch> batch = feed.Read(Soon(), cursor, 1 + static_cast<int>(random() % 7));
      ASSERT_THAT(batch, IsOk());
      for (const Record& record : batch->records) {
        ++seen[record.event_id];
        int64_t& revision = revisions[record.resource];
        if (record.revision != revision + 1) ++out_of_order;
        revision = record.revision;
      }
      cursor = batch->cursor;
      if (last && batch->records.empty()) break;
    }
  });
  std::vector<std::thread> writers;
  for (uint32_t w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      std::minstd_rand random(seed + w + 1);
      for (int i = 0; i < kChanges; ++i) {
        EXPECT_THAT(wide.Write(Soon(),
                               [&](db::Transaction& tx) {
                                 Change(feed, tx, absl::StrCat("stories/", random() % 5));
                                 absl::SleepFor(absl::Microseconds(random() % 3000));
                                 return absl::OkStatus();
                               }),
                    IsOk());
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  writing = false;
  reader.join();

  EXPECT_EQ(server_.QueryValue("SELECT count(*) FROM event"), absl::StrCat(kWriters * kChanges)) << "seed " << seed;
  EXPECT_EQ(seen.size(), kWriters * kChanges) << "seed " << seed;
  for (const auto& [event_id, times] : seen) EXPECT_EQ(times, 1) << event_id << " seed " << seed;
  EXPECT_EQ(out_of_order, 0) << "seed " << seed;
}

TEST_F(FeedTest, MovesItsCursorOverOthersTransactions) {
  const std::string before = Read("").cursor;
  server_.Execute("CREATE TABLE other ()");
  EXPECT_NE(Read(before).cursor, before);
}

TEST_F(FeedTest, HeadIsBeforeEverythingThatComes) {
  Publish("stories/a");
  const absl::StatusOr<std::string> head = feed_.Head(Soon());
  ASSERT_THAT(head, IsOk());
  Publish("stories/b");
  EXPECT_THAT(Stories(Read(*head)), ElementsAre("stories/b@1"));
}

TEST_F(FeedTest, RefusesACursorOfAnotherFeed) {
  TestDatabase other_server(Schema());
  const std::string other_key = *Feed(database(), crypto::MacKey::Random()).Head(Soon());
  EXPECT_THAT(feed_.Read(Soon(), other_key, 1), StatusIs(absl::StatusCode::kInvalidArgument, "CURSOR_INVALID"));
  EXPECT_THAT(feed_.Read(Soon(), "' OR 1=1 --", 1), StatusIs(absl::StatusCode::kInvalidArgument, "CURSOR_INVALID"));
  other_server.Execute("UPDATE feed_state SET epoch = gen_random_uuid()");
  const std::string other_schema = *Feed(other_server.database(), TestKey()).Head(Soon());
  EXPECT_THAT(feed_.Read(Soon(), other_schema, 1), StatusIs(absl::StatusCode::kOutOfRange, "EPOCH_CHANGED"));
}

TEST_F(FeedTest, TellsThatTheFeedWasRestored) {
  Publish("stories/a");
  Publish("stories/b");
  const std::string cursor = Read("").cursor;
  server_.Execute("SELECT feed_restart()");
  EXPECT_THAT(feed_.Read(Soon(), cursor, 1), StatusIs(absl::StatusCode::kOutOfRange, "EPOCH_CHANGED"));
  Publish("stories/c");
  EXPECT_THAT(Stories(Read("")), ElementsAre("stories/a@1", "stories/b@1", "stories/c@1"));
}

TEST_F(FeedTest, TellsThatTheDatabaseFailedOver) {
  const CursorCodec codec(TestKey().Derive("events.cursor"));
  const Cursor now = *codec.Read(Read("").cursor);
  EXPECT_EQ(absl::StrCat(now.lineage.timeline), server_.QueryValue("SELECT timeline_id FROM pg_control_checkpoint()"));

  Cursor promoted = now;
  ++promoted.lineage.timeline;
  EXPECT_THAT(feed_.Read(Soon(), codec.Make(promoted), 1), StatusIs(absl::StatusCode::kOutOfRange, "TIMELINE_CHANGED"));
  Cursor moved = now;
  ++moved.lineage.system;
  EXPECT_THAT(feed_.Read(Soon(), codec.Make(moved), 1), StatusIs(absl::StatusCode::kOutOfRange, "TIMELINE_CHANGED"));
}

TEST_F(FeedTest, TellsThatEventsAreNoLongerKept) {
  const std::string before_old = Read("").cursor;
  Publish("stories/old");
  const std::string after_old = Read("").cursor;
  server_.MoveClock(absl::Hours(31 * 24));
  Publish("stories/new");
  ASSERT_THAT(TrimFeed(database(), Soon(), absl::Hours(30 * 24)), IsOk());

  EXPECT_THAT(Stories(Read(after_old)), ElementsAre("stories/new@1"));
  EXPECT_THAT(feed_.Read(Soon(), before_old, 1), StatusIs(absl::StatusCode::kOutOfRange, "CURSOR_EXPIRED"));
  const absl::Status beginning = feed_.Read(Soon(), "", 1).status();
  EXPECT_THAT(beginning, StatusIs(absl::StatusCode::kOutOfRange, "CURSOR_EXPIRED"));
  EXPECT_THAT(Stories(Read(ErrorMetadata(beginning, "oldest_cursor"))), ElementsAre("stories/new@1"));
}

TEST_F(FeedTest, TrimsAsMuchAsThereIsAndNothingYounger) {
  server_.Execute(
      "INSERT INTO event (xid, event_id, type, resource, revision, payload, traceparent) "
      "SELECT pg_current_xact_id(), 'e' || i, 't', 'r', i, '', '' FROM generate_series(1, 2500) i");
  server_.MoveClock(absl::Hours(31 * 24));
  Publish("stories/new");
  ASSERT_THAT(TrimFeed(database(), Soon(), absl::Hours(30 * 24)), IsOk());
  EXPECT_EQ(server_.QueryValue("SELECT count(*) FROM event"), "1");
}

TEST_F(FeedTest, RefusesTheSameRevisionTwice) {
  const auto append = [&] {
    return database().Write(Soon(), [&](db::Transaction& tx) {
      feed_.Append(tx, {.event_id = ids::NewUuid(), .type = "story.changed", .resource = "stories/a", .revision = 1});
      return absl::OkStatus();
    });
  };
  EXPECT_THAT(append(), IsOk());
  EXPECT_FALSE(append().ok());
}

TEST_F(FeedTest, NeedsNoPrivilegeBeyondItsTables) {
  server_.Execute(
      "DO $$ BEGIN CREATE ROLE feed_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$;"
      "GRANT SELECT ON ALL TABLES IN SCHEMA public TO feed_reader; ALTER DATABASE " +
      server_.name() + " SET role = feed_reader");
  db::Database unprivileged(server_.options());
  EXPECT_THAT(Feed(unprivileged, TestKey()).Read(Soon(), "", 1), IsOk());
}

}  // namespace
}  // namespace masthead::events
