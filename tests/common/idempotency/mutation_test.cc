#include "common/idempotency/mutation.h"

#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/auth/caller.h"
#include "common/base/errors.h"
#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mutation_test.pb.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::idempotency {

namespace testing {
absl::Span<const db::Migration> Schema();
}  // namespace testing

namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using ::masthead::testing::TestDatabase;
using testing::ChangeHeadlineRequest;
using testing::ChangeHeadlineResponse;

constexpr char kChange[] = "UPDATE article SET headline = $1, revision = revision + 1 RETURNING revision";
constexpr char kId[] = "01890a5d-ac96-774b-bcce-b302099a8057";

class Mutation : public ::testing::Test {
 protected:
  Mutation() {
    postgres_.Execute("CREATE TABLE article (headline text, revision bigint); INSERT INTO article VALUES ('Draft', 1)");
    call_.method = "masthead.articles.v1.ArticlesService.ChangeHeadline";
    call_.peer = "192.0.2.7";
    call_.scope.deadline = absl::Now() + absl::Seconds(20);
    CallAs("staffMembers/olena");
  }

  void CallAs(const std::string& subject) {
    auto caller = std::make_shared<auth::Caller>();
    if (!subject.empty()) caller->kind = auth::Caller::Kind::kStaff;
    caller->subject = subject;
    call_.caller = caller;
  }

  static ChangeHeadlineRequest Request(const std::string& headline, const std::string& request_id = kId) {
    ChangeHeadlineRequest request;
    request.set_headline(headline);
    request.set_request_id(request_id);
    return request;
  }

  absl::StatusOr<ChangeHeadlineResponse> Change(const ChangeHeadlineRequest& request) {
    return Mutate<ChangeHeadlineResponse>(
        postgres_.database(), call_, request,
        [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<ChangeHeadlineResponse> {
          ++runs_;
          if (request.headline().empty()) return absl::InvalidArgumentError("a headline needs words");
          ChangeHeadlineResponse response;
          response.set_headline(request.headline());
          response.set_revision(tx.Query(kChange, request.headline())[0][0].as<int64_t>());
          change = {.resource = "articles/1",
                    .revision_before = response.revision() - 1,
                    .revision_after = response.revision()};
          return response;
        });
  }

  std::string revision() { return postgres_.QueryValue("SELECT revision FROM article"); }
  std::string stored() { return postgres_.QueryValue("SELECT count(*) FROM idempotency"); }
  std::string audited() { return postgres_.QueryValue("SELECT count(*) FROM audit_event"); }

  TestDatabase postgres_{testing::Schema()};
  rpc::Call call_;
  std::atomic<int> runs_ = 0;
};

TEST_F(Mutation, ARepetitionGetsTheFirstAnswerAndChangesNothing) {
  const auto first = Change(Request("Theatre reopens"));
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(Change(Request("Later edit", "01890a5d-ac96-774b-bcce-b302099a8058")), IsOk());
  const auto again = Change(Request("Theatre reopens"));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(again->revision(), 2);
  EXPECT_EQ(revision(), "3");
  EXPECT_EQ(audited(), "2");
}

TEST_F(Mutation, ManyAtOnceHaveOneEffectAndEqualAnswers) {
  db::Database database({.dsn = postgres_.dsn(), .max_connections = 8, .max_pool_wait = absl::Seconds(5)});
  std::vector<std::thread> callers;
  std::atomic<int> equal = 0;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      const auto answer = Mutate<ChangeHeadlineResponse>(
          database, call_, Request("Theatre reopens"),
          [&](db::Transaction& tx, idempotency::Change&) -> absl::StatusOr<ChangeHeadlineResponse> {
            ChangeHeadlineResponse response;
            response.set_revision(tx.Query(kChange, "Theatre reopens")[0][0].as<int64_t>());
            absl::SleepFor(absl::Milliseconds(20));
            return response;
          });
      EXPECT_THAT(answer, IsOk());
      if (answer.ok() && answer->revision() == 2) ++equal;
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(equal, 8);
  EXPECT_EQ(revision(), "2");
  EXPECT_EQ(audited(), "1");
}

TEST_F(Mutation, AnIdIsNotUsedForAnotherRequest) {
  ASSERT_THAT(Change(Request("Theatre reopens")), IsOk());
  EXPECT_THAT(Change(Request("Theatre closes")), StatusIs(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  EXPECT_EQ(revision(), "2");
}

TEST_F(Mutation, TheOrderOfAMapIsNoDifference) {
  ChangeHeadlineRequest request = Request("Theatre reopens");
  for (int i = 0; i < 50; ++i) (*request.mutable_labels())[absl::StrCat(i)] = "x";
  ASSERT_THAT(Change(request), IsOk());
  ChangeHeadlineRequest other = Request("Theatre reopens");
  for (int i = 49; i >= 0; --i) (*other.mutable_labels())[absl::StrCat(i)] = "x";
  EXPECT_THAT(Change(other), IsOk());
  EXPECT_EQ(revision(), "2");
}

TEST_F(Mutation, AnIdBelongsToItsCallerAndMethod) {
  ASSERT_THAT(Change(Request("Theatre reopens")), IsOk());
  CallAs("staffMembers/petro");
  EXPECT_THAT(Change(Request("Theatre closes")), IsOk());
  call_.method = "masthead.articles.v1.ArticlesService.ChangeHeadlineAgain";
  EXPECT_THAT(Change(Request("Theatre burns")), IsOk());
  EXPECT_EQ(revision(), "4");
}

TEST_F(Mutation, ARefusedCallMayBeMendedAndRepeated) {
  EXPECT_THAT(Change(Request("")), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(stored(), "0");
  EXPECT_EQ(audited(), "0");
  EXPECT_THAT(Change(Request("Theatre reopens")), IsOk());
}

TEST_F(Mutation, ValidateOnlyAnswersAndLeavesNothing) {
  ChangeHeadlineRequest request = Request("Theatre reopens");
  request.set_validate_only(true);
  const auto answer = Change(request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->revision(), 2);
  EXPECT_EQ(revision(), "1");
  EXPECT_EQ(stored(), "0");
  EXPECT_EQ(audited(), "0");
  request.set_headline("");
  EXPECT_THAT(Change(request), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Change(Request("Theatre reopens")), IsOk()) << "the id is free";
}

TEST_F(Mutation, AnIdIsAUuidInAnyCase) {
  EXPECT_THAT(Change(Request("Theatre reopens", "not-a-uuid")),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_EQ(runs_, 0);
  EXPECT_THAT(Change(Request("Theatre reopens")), IsOk());
  EXPECT_THAT(Change(Request("Theatre reopens", absl::AsciiStrToUpper(kId))), IsOk());
  EXPECT_EQ(revision(), "2");
}

TEST_F(Mutation, WithoutAnIdEveryCallIsANewOne) {
  EXPECT_THAT(Change(Request("Theatre reopens", "")), IsOk());
  EXPECT_THAT(Change(Request("Theatre reopens", "")), IsOk());
  EXPECT_EQ(revision(), "3");
}

TEST_F(Mutation, AnAnonymousCallerMayChangeThings) {
  CallAs("");
  EXPECT_THAT(Change(Request("Unsubscribed")), IsOk());
  EXPECT_THAT(Change(Request("Unsubscribed")), IsOk());
  EXPECT_EQ(revision(), "2");
  EXPECT_EQ(postgres_.QueryValue("SELECT kind || ',' || principal FROM audit_event"), "ANONYMOUS,");
}

TEST_F(Mutation, IsForgottenAfterADay) {
  ASSERT_THAT(Change(Request("Theatre reopens")), IsOk());
  postgres_.MoveClock(absl::Hours(23));
  EXPECT_THAT(Change(Request("Theatre closes")), StatusIs(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  auto remove = [&] {
    return postgres_.database().Write(call_.scope, [](db::Transaction& tx) { return RemoveExpired(tx); });
  };
  EXPECT_EQ(*remove(), 0);

  postgres_.MoveClock(absl::Hours(2));
  EXPECT_THAT(Change(Request("Theatre closes")), IsOk()) << "a day is over, though nothing was removed yet";
  EXPECT_EQ(revision(), "3");
  postgres_.MoveClock(absl::Hours(25));
  EXPECT_EQ(*remove(), 1);
  EXPECT_EQ(stored(), "0");
}

TEST_F(Mutation, ATwinThatStillRunsIsInProgress) {
  absl::Notification started;
  absl::Notification finish;
  std::thread first([&] {
    EXPECT_THAT(Mutate<ChangeHeadlineResponse>(
                    postgres_.database(), call_, Request("Theatre reopens"),
                    [&](db::Transaction&, idempotency::Change&) -> absl::StatusOr<ChangeHeadlineResponse> {
                      started.Notify();
                      finish.WaitForNotification();
                      return ChangeHeadlineResponse();
                    }),
                IsOk());
  });
  started.WaitForNotification();
  const absl::Status status = Change(Request("Theatre reopens")).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted, "REQUEST_IN_PROGRESS"));
  EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
  EXPECT_EQ(runs_, 0);
  finish.Notify();
  first.join();
}

TEST_F(Mutation, ALostCommitIsAnsweredAsIfItHadNotBeenLost) {
  for (const std::string id : {kId, ""}) {
    const failpoint::ScopedFailpoints armed("db.commit=done_then_throw@1");
    const std::string before = revision();
    const auto answer = Change(Request("Theatre reopens", id));
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(revision(), absl::StrCat(answer->revision()));
    EXPECT_EQ(answer->revision(), std::stoll(before) + 1);
  }
  EXPECT_EQ(runs_, 2) << "the second run of each found the stored answer";
  EXPECT_EQ(audited(), "2");
}

TEST_F(Mutation, AFailureAfterTheClaimLeavesTheIdFree) {
  for (const char* points : {"idempotency.claimed=throw@1", "idempotency.before_commit=throw@1"}) {
    const failpoint::ScopedFailpoints armed(points);
    EXPECT_THROW((void)Change(Request("Theatre reopens")), failpoint::InjectedFailure);
    EXPECT_EQ(stored(), "0");
  }
  EXPECT_THAT(Change(Request("Theatre reopens")), IsOk());
  EXPECT_EQ(revision(), "2");
}

TEST_F(Mutation, LeavesAnAuditRowThatCannotBeChanged) {
  ASSERT_THAT(Change(Request("Theatre reopens")), IsOk());
  EXPECT_EQ(
      postgres_.QueryValue(
          "SELECT concat_ws(' ', principal, kind, method, resource, request_id, peer, revision_before, revision_after) "
          "FROM audit_event"),
      absl::StrCat("staffMembers/olena STAFF masthead.articles.v1.ArticlesService.ChangeHeadline articles/1 ", kId,
                   " 192.0.2.7 1 2"));
  EXPECT_THROW(postgres_.Execute("UPDATE audit_event SET principal = 'nobody'"), pqxx::insufficient_privilege);
  EXPECT_THROW(postgres_.Execute("DELETE FROM audit_event"), pqxx::insufficient_privilege);
  EXPECT_THROW(postgres_.Execute("TRUNCATE audit_event"), pqxx::insufficient_privilege);
}

TEST_F(Mutation, LosesOnlyOldAuditRows) {
  const auto remove = [&](absl::Duration age) {
    return postgres_.database().Write(call_.scope, [&](db::Transaction& tx) { return RemoveAudit(tx, age); });
  };
  ASSERT_THAT(Change(Request("Theatre reopens")), IsOk());
  EXPECT_THAT(remove(kLeastAuditRetention), IsOkAndHolds(0));
  EXPECT_FALSE(remove(absl::ZeroDuration()).ok()) << "the database refuses what a bug of ours might ask for";
  EXPECT_EQ(audited(), "1");

  postgres_.MoveClock(kLeastAuditRetention + absl::Minutes(1));
  EXPECT_THAT(remove(kLeastAuditRetention + absl::Hours(1)), IsOkAndHolds(0));
  EXPECT_THAT(remove(kLeastAuditRetention), IsOkAndHolds(1));
  EXPECT_EQ(audited(), "0");
}

TEST_F(Mutation, LosesOldAuditRowsInBatches) {
  postgres_.Execute(R"sql(
    INSERT INTO audit_event (principal, kind, method, resource, request_id, peer, revision_before, revision_after)
    SELECT '', 'ANONYMOUS', 'm', 'r', gen_random_uuid(), 'p', 0, 1 FROM generate_series(1, 15000)
  )sql");
  postgres_.MoveClock(absl::Hours(24 * 31));
  std::vector<int64_t> removed;
  do {
    removed.push_back(*postgres_.database().Write(
        call_.scope, [](db::Transaction& tx) { return RemoveAudit(tx, kLeastAuditRetention); }));
  } while (removed.back() > 0);
  EXPECT_THAT(removed, ::testing::ElementsAre(10000, 5000, 0));
}

}  // namespace
}  // namespace masthead::idempotency
