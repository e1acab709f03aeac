#include "common/events/consumer.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/mutex.h"
#include "common/telemetry/trace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/events/newsroom.h"
#include "tests/common/events/source.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::events {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::TestDatabase;

absl::Status SaveEffect(db::Transaction& tx, const Record& event) {
  tx.Query(kInsertEffect, event.event_id, event.resource, event.revision);
  return absl::OkStatus();
}

// Bounded: a test that waits for ever says nothing.
bool Eventually(const std::function<bool()>& condition, absl::Duration patience = absl::Seconds(20)) {
  const absl::Time deadline = absl::Now() + patience;
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

class ConsumerTest : public ::testing::Test {
 protected:
  void Publish(const std::string& story, const std::string& type = "story.changed") {
    ASSERT_THAT(Change(feed_, owner_.database(), story, type), IsOk());
  }

  ConsumerOptions Options() { return {.source = "articles", .open = source_.opener(), .apply = ApplyEffect}; }

  std::string Effects() {
    return ours_.QueryValue("SELECT string_agg(resource || '@' || revision, ' ' ORDER BY seq) FROM effect");
  }
  bool HasEffects(int count) {
    return Eventually([&] { return ours_.QueryValue("SELECT count(*) FROM effect") == absl::StrCat(count); });
  }
  std::string CursorRow() { return ours_.QueryValue("SELECT cursor FROM feed_cursor"); }

  static absl::Status ApplyEffect(db::Transaction& tx, const Record& event) { return SaveEffect(tx, event); }

  TestDatabase owner_{Schema()};
  TestDatabase ours_{Schema()};
  Feed feed_{owner_.database(), TestKey()};
  Source source_{feed_};
};

TEST_F(ConsumerTest, AppliesWhatWasThereAndWhatComes) {
  for (int i = 0; i < 12; ++i) Publish("stories/a");
  Consumer consumer(ours_.database(), Options());
  EXPECT_EQ(consumer.last_contact(), absl::InfinitePast());
  consumer.Start();
  ASSERT_TRUE(HasEffects(12));
  Publish("stories/b");
  ASSERT_TRUE(HasEffects(13));
  EXPECT_EQ(
      Effects(),
      "stories/a@1 stories/a@2 stories/a@3 stories/a@4 stories/a@5 stories/a@6 stories/a@7 stories/a@8 stories/a@9 "
      "stories/a@10 stories/a@11 stories/a@12 stories/b@1");
  EXPECT_GT(consumer.last_contact(), absl::Now() - absl::Seconds(20));
}

TEST_F(ConsumerTest, GoesOnFromItsCursorAfterARestart) {
  Publish("stories/a");
  {
    Consumer consumer(ours_.database(), Options());
    consumer.Start();
    ASSERT_TRUE(HasEffects(1));
  }
  Publish("stories/b");
  Consumer consumer(ours_.database(), Options());
  consumer.Start();
  ASSERT_TRUE(HasEffects(2));
  EXPECT_EQ(Effects(), "stories/a@1 stories/b@1");
}

TEST_F(ConsumerTest, DropsWhatComesAgain) {
  source_.RepeatEverything();
  Consumer consumer(ours_.database(), Options());
  consumer.Start();
  for (int i = 1; i <= 5; ++i) {
    Publish("stories/a");
    ASSERT_TRUE(HasEffects(i));
  }
  EXPECT_EQ(Effects(), "stories/a@1 stories/a@2 stories/a@3 stories/a@4 stories/a@5");
}

TEST_F(ConsumerTest, MovesItsCursorOnHeartbeats) {
  Consumer consumer(ours_.database(), Options());
  consumer.Start();
  ASSERT_TRUE(Eventually([&] { return !CursorRow().empty(); }));
  const std::string before = CursorRow();
  owner_.Execute("CREATE TABLE other ()");
  EXPECT_TRUE(Eventually([&] { return CursorRow() != before; }));
}

TEST_F(ConsumerTest, ReconnectsWhenTheSourceGoesAway) {
  for (int i = 0; i < 3; ++i) source_.Refuse(absl::UnavailableError("gone"));
  Publish("stories/a");
  Consumer consumer(ours_.database(), Options());
  consumer.Start();
  EXPECT_TRUE(HasEffects(1));
}

TEST_F(ConsumerTest, AppliesUnderTheTraceOfTheEvent) {
  Publish("stories/a");
  Mutex mutex;
  std::string trace_id;
  ConsumerOptions options = Options();
  options.apply = [&](db::Transaction& tx, const Record& event) {
    MutexLock lock(mutex);
    trace_id = telemetry::CurrentTrace().trace_id;
    return SaveEffect(tx, event);
  };
  Consumer consumer(ours_.database(), options);
  consumer.Start();
  ASSERT_TRUE(HasEffects(1));
  MutexLock lock(mutex);
  EXPECT_EQ(trace_id, "0af7651916cd43dd8448eb211c80319c");
}

TEST_F(ConsumerTest, ParksAPoisonEventWithItsStoryAndLetsTheOthersFlow) {
  std::atomic<bool> poisoned = true;
  ConsumerOptions options = Options();
  options.max_attempts = 3;
  options.apply = [&](db::Transaction& tx, const Record& event) {
    // The effect comes first: a rollback must take it back.
    const absl::Status status = SaveEffect(tx, event);
    return poisoned && event.type == "story.poison" ? absl::InternalError("cannot make sense of it") : status;
  };
  Publish("stories/a");
  Publish("stories/bad");
  Publish("stories/bad", "story.poison");
  Publish("stories/b");
  Publish("stories/bad");
  Consumer consumer(ours_.database(), options);
  consumer.Start();
  ASSERT_TRUE(HasEffects(3));
  Publish("stories/bad");
  Publish("stories/c");
  ASSERT_TRUE(HasEffects(4));
  EXPECT_EQ(Effects(), "stories/a@1 stories/bad@1 stories/b@1 stories/c@1");
  EXPECT_EQ(
      ours_.QueryValue(
          "SELECT string_agg(resource || '@' || revision || ' ' || attempts, ', ' ORDER BY seq) FROM parked_event"),
      "stories/bad@2 3, stories/bad@3 0, stories/bad@4 0");
  EXPECT_EQ(ours_.QueryValue("SELECT count(*) FROM event_attempt"), "0");

  EXPECT_THAT(consumer.RetryParked(Soon()), IsOkAndHolds(0));
  poisoned = false;
  EXPECT_THAT(consumer.RetryParked(Soon()), IsOkAndHolds(3));
  Publish("stories/bad");
  ASSERT_TRUE(HasEffects(8));
  EXPECT_EQ(
      Effects(),
      "stories/a@1 stories/bad@1 stories/b@1 stories/c@1 stories/bad@2 stories/bad@3 stories/bad@4 stories/bad@5");
}

TEST_F(ConsumerTest, ReadsParkedEventsAgainOnceAnOperatorHasSetThemFree) {
  std::atomic<bool> poisoned = true;
  ConsumerOptions options = Options();
  options.max_attempts = 2;
  options.apply = [&](db::Transaction& tx, const Record& event) {
    return poisoned && event.type == "story.poison" ? absl::InternalError("cannot make sense of it")
                                                    : SaveEffect(tx, event);
  };
  Publish("stories/a");
  Publish("stories/bad", "story.poison");
  Publish("stories/bad");
  Publish("stories/b");
  Consumer consumer(ours_.database(), options);
  consumer.Start();
  ASSERT_TRUE(HasEffects(2));

  // As the runbook of parked events says.
  poisoned = false;
  ours_.Execute(
      "BEGIN; DELETE FROM parked_event WHERE source = 'articles'; "
      "UPDATE feed_cursor SET cursor = '' WHERE source = 'articles'; COMMIT");
  Publish("stories/c");
  ASSERT_TRUE(HasEffects(5));
  EXPECT_EQ(Effects(), "stories/a@1 stories/b@1 stories/bad@1 stories/bad@2 stories/c@1");
}

TEST_F(ConsumerTest, TriesAgainWhatFailsOnce) {
  std::atomic<int> failures = 2;
  ConsumerOptions options = Options();
  options.apply = [&](db::Transaction& tx, const Record& event) {
    const absl::Status status = SaveEffect(tx, event);
    return event.resource == "stories/b" && failures-- > 0 ? absl::InternalError("not now") : status;
  };
  for (const char* story : {"stories/a", "stories/b", "stories/c"}) Publish(story);
  Consumer consumer(ours_.database(), options);
  consumer.Start();
  ASSERT_TRUE(HasEffects(3));
  EXPECT_EQ(Effects(), "stories/a@1 stories/b@1 stories/c@1");
  EXPECT_EQ(ours_.QueryValue("SELECT count(*) FROM parked_event"), "0");
}

TEST_F(ConsumerTest, DoesNotHoldAnOutageAgainstTheEvent) {
  std::atomic<int> failures = 12;
  ConsumerOptions options = Options();
  options.max_attempts = 2;
  options.prepare = [&](const Scope&, const SourceBatch&) {
    return failures-- > 6 ? absl::UnavailableError("owner is away") : absl::OkStatus();
  };
  options.apply = [&](db::Transaction& tx, const Record& event) {
    return failures-- > 0 ? absl::UnavailableError("database is away") : SaveEffect(tx, event);
  };
  Publish("stories/a");
  Consumer consumer(ours_.database(), options);
  consumer.Start();
  ASSERT_TRUE(HasEffects(1));
  EXPECT_EQ(ours_.QueryValue("SELECT count(*) FROM parked_event"), "0");
}

TEST_F(ConsumerTest, AppliesEachEventOnceWithTwoReplicasAndHandsOver) {
  auto first = std::make_unique<Consumer>(ours_.database(), Options());
  TestDatabase& ours = ours_;
  db::Database second_pool(ours.options());
  Consumer second(second_pool, Options());
  first->Start();
  second.Start();
  for (int i = 0; i < 30; ++i) Publish(absl::StrCat("stories/", i % 3));
  ASSERT_TRUE(HasEffects(30));
  first.reset();
  for (int i = 0; i < 30; ++i) Publish(absl::StrCat("stories/", i % 3));
  ASSERT_TRUE(HasEffects(60));
  EXPECT_EQ(ours_.QueryValue("SELECT count(DISTINCT event_id) FROM effect"), "60");
  EXPECT_EQ(ours_.QueryValue("SELECT count(*) FROM (SELECT revision - lag(revision, 1, 0::bigint) OVER (PARTITION BY "
                             "resource ORDER BY seq) AS "
                             "step FROM effect) steps WHERE step <> 1"),
            "0");
  // The one in waiting held no stream.
  EXPECT_LE(source_.opened(), 4);
}

TEST_F(ConsumerTest, StaysRightWhenTwoReplicasActAtOnce) {
  Consumer first(ours_.database(), Options());
  db::Database second_pool(ours_.options());
  Consumer second(second_pool, Options());
  first.Start();
  second.Start();
  for (int i = 0; i < 40; ++i) {
    Publish("stories/a");
    // Nobody has the lease: whoever comes takes it, the cursor row alone decides.
    ours_.Execute("UPDATE feed_cursor SET lease_time = '-infinity'");
  }
  ASSERT_TRUE(HasEffects(40));
  EXPECT_EQ(ours_.QueryValue("SELECT count(DISTINCT event_id) FROM effect"), "40");
}

TEST_F(ConsumerTest, RewindsAndDropsWhatItHadAfterAFailover) {
  Publish("stories/a");
  Consumer consumer(ours_.database(), Options());
  consumer.Start();
  ASSERT_TRUE(HasEffects(1));
  owner_.Execute("SELECT feed_restart()");
  Publish("stories/b");
  ASSERT_TRUE(HasEffects(2));
  EXPECT_EQ(Effects(), "stories/a@1 stories/b@1");
}

TEST_F(ConsumerTest, GoesOnFromTheOldestEventWhenItsOwnAreNoLongerKept) {
  Publish("stories/old");
  owner_.MoveClock(absl::Hours(31 * 24));
  Publish("stories/new");
  ASSERT_THAT(TrimFeed(owner_.database(), Soon(), absl::Hours(30 * 24)), IsOk());
  Consumer consumer(ours_.database(), Options());
  consumer.Start();
  ASSERT_TRUE(HasEffects(1));
  EXPECT_EQ(Effects(), "stories/new@1");
}

TEST_F(ConsumerTest, RebuildsFromTheOwnersExportWhenEventsAreMissing) {
  Publish("stories/old");
  owner_.MoveClock(absl::Hours(31 * 24));
  Publish("stories/exported");
  ASSERT_THAT(TrimFeed(owner_.database(), Soon(), absl::Hours(30 * 24)), IsOk());
  std::atomic<int> rebuilt = 0;
  ConsumerOptions options = Options();
  options.rebuild = [&]() -> absl::StatusOr<std::string> {
    if (++rebuilt == 1) return absl::UnavailableError("not now");
    return feed_.Head(Soon());
  };
  Consumer consumer(ours_.database(), options);
  consumer.Start();
  ASSERT_TRUE(Eventually([&] { return !CursorRow().empty(); }));
  Publish("stories/new");
  ASSERT_TRUE(HasEffects(1));
  EXPECT_EQ(Effects(), "stories/new@1");
  EXPECT_EQ(rebuilt, 2);
}

TEST_F(ConsumerTest, DoesNotHammerASourceThatRefusesItsCursor) {
  source_.RefuseAlways(MakeError(absl::StatusCode::kInvalidArgument, "not ours",
                                 {.domain = kCommonErrorDomain, .reason = "CURSOR_INVALID"}));
  Consumer consumer(ours_.database(), Options());
  consumer.Start();
  ASSERT_TRUE(Eventually([&] { return source_.opened() > 0; }));
  absl::SleepFor(absl::Seconds(2));
  EXPECT_LE(source_.opened(), 2);
}

TEST_F(ConsumerTest, MendsACursorThatTheSourceDoesNotKnow) {
  Publish("stories/a");
  ours_.Execute("INSERT INTO feed_cursor (source, cursor) VALUES ('articles', 'nonsense')");
  Consumer consumer(ours_.database(), Options());
  consumer.Start();
  EXPECT_TRUE(HasEffects(1));
}

TEST_F(ConsumerTest, StopsPromptlyWhileItsSourceIsAway) {
  source_.RefuseAlways(absl::UnavailableError("gone"));
  Consumer consumer(ours_.database(), Options());
  consumer.Start();
  ASSERT_TRUE(Eventually([&] { return source_.opened() > 0; }));
  const absl::Time start = absl::Now();
  consumer.Stop();
  EXPECT_LT(absl::Now() - start, absl::Seconds(4)) << "less than its longest pause";
}

}  // namespace
}  // namespace masthead::events
