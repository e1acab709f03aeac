// Views counted together, on a real Postgres.
#include "services/memberships/meters/view_counter.h"

#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "pqxx/pqxx"
#include "services/memberships/memberships.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using Answer = absl::StatusOr<std::optional<Meter>>;

class ViewCounterTest : public ::testing::Test {
 protected:
  void MakeMeters(int readers) {
    postgres_.Execute(
        absl::StrCat("INSERT INTO meters SELECT 'monthly', 'reader-' || i, db_now() - interval '1 day', db_now() + "
                     "interval '1 day', '{}' FROM generate_series(0, ",
                     readers - 1, ") i"));
  }

  NewView ViewOf(int reader, int64_t article, int32_t max_views = 5) {
    const auto standing = postgres_.database().Single(
        Scope(), [&](db::Transaction& tx) { return LoadMeter(tx, "monthly", absl::StrCat("reader-", reader)); });
    return {.policy_id = "monthly",
            .reader_key = absl::StrCat("reader-", reader),
            .window = standing->meter.window,
            .article = article,
            .max_views = max_views};
  }

  std::future<Answer> Count(NewView view, absl::Duration patience = absl::Seconds(30)) {
    return std::async(std::launch::async, [this, view = std::move(view), patience] {
      return counter_.Count({.deadline = absl::Now() + patience}, view);
    });
  }

  testing::TestDatabase postgres_{Schema()};
  ViewCounter counter_{postgres_.database()};
};

TEST_F(ViewCounterTest, AnswersEachWithTheOwnMeterHoweverManyComeTogether) {
  constexpr int kReaders = 64;
  MakeMeters(kReaders);
  std::vector<NewView> views;
  for (int i = 0; i < kReaders; ++i) views.push_back(ViewOf(i, 1000 + i));

  std::vector<std::future<Answer>> answers;
  for (const NewView& view : views) answers.push_back(Count(view));

  for (int i = 0; i < kReaders; ++i) {
    const Answer answer = answers[i].get();
    ASSERT_THAT(answer.status(), IsOk());
    ASSERT_TRUE(answer->has_value()) << i;
    EXPECT_THAT((*answer)->articles, ElementsAre(1000 + i));
  }
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM meters WHERE cardinality(articles) = 1"), "64");
}

TEST_F(ViewCounterTest, SaysSoWhereThereIsNothingToCount) {
  MakeMeters(1);
  EXPECT_TRUE(Count(ViewOf(0, 1, 1)).get()->has_value());
  EXPECT_FALSE(Count(ViewOf(0, 1, 1)).get()->has_value()) << "counted before";
  EXPECT_FALSE(Count(ViewOf(0, 2, 1)).get()->has_value()) << "no view left";
  NewView elsewhere = ViewOf(0, 3);
  elsewhere.window.end += absl::Hours(1);
  EXPECT_FALSE(Count(elsewhere).get()->has_value()) << "another window";
  EXPECT_FALSE(Count({.policy_id = "none", .reader_key = "nobody", .max_views = 1}).get()->has_value()) << "no meter";
}

TEST_F(ViewCounterTest, OfOneReadersViewsNoMoreAreCountedThanThereIsRoomFor) {
  MakeMeters(1);
  std::vector<std::future<Answer>> answers;
  for (int article = 0; article < 40; ++article) answers.push_back(Count(ViewOf(0, article, 5)));
  int counted = 0;
  for (std::future<Answer>& answer : answers) counted += answer.get()->has_value() ? 1 : 0;
  EXPECT_LE(counted, 5);
  EXPECT_EQ(postgres_.QueryValue("SELECT cardinality(articles) FROM meters"), absl::StrCat(counted));
}

TEST_F(ViewCounterTest, NobodyFailsOfWhatHoldsUpAnother) {
  MakeMeters(4);
  pqxx::connection session(postgres_.dsn());
  pqxx::work holding(session);
  holding.exec("SELECT FROM meters WHERE reader_key <> 'reader-3' FOR UPDATE");

  // One of the others takes the fourth along, or is taken along by it, and meets a locked meter.
  std::future<Answer> first = Count(ViewOf(0, 1), absl::Milliseconds(400));
  std::future<Answer> second = Count(ViewOf(1, 1), absl::Milliseconds(400));
  std::future<Answer> third = Count(ViewOf(2, 1), absl::Milliseconds(800));
  std::future<Answer> fourth = Count(ViewOf(3, 1));

  const Answer counted = fourth.get();
  ASSERT_THAT(counted.status(), IsOk());
  EXPECT_TRUE(counted->has_value());
  EXPECT_THAT(first.get(), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(second.get(), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(third.get(), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(ViewCounterTest, ACallerWhoIsGoneIsWaitedForByNobody) {
  MakeMeters(3);
  pqxx::connection session(postgres_.dsn());
  pqxx::work holding(session);
  holding.exec("SELECT FROM meters FOR UPDATE");
  std::future<Answer> first = Count(ViewOf(0, 1), absl::Seconds(30));
  std::future<Answer> second = Count(ViewOf(1, 1), absl::Seconds(30));
  Cancellation gone;
  gone.Cancel();

  EXPECT_THAT(counter_.Count({.cancellation = &gone}, ViewOf(2, 1)), StatusIs(absl::StatusCode::kCancelled));

  holding.commit();
  EXPECT_TRUE(first.get()->has_value());
  EXPECT_TRUE(second.get()->has_value());
}

}  // namespace
}  // namespace masthead::memberships
