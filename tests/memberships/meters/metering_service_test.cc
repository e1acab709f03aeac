// Readers at the paywall, through the RPCs: who has a free view left, and who has not.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/memberships/meters/meter_store.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using Decision = v1::AccessDecision;

class MeteringServiceTest : public NewsroomTest {
 protected:
  MeteringServiceTest() {
    Register("nina", "nina@example.org");
    MakeTier("gold");
  }

  absl::StatusOr<v1::MeterPolicy> MakePolicy(const std::string& id, const std::string& policy) {
    v1::CreateMeterPolicyRequest request;
    request.set_meter_policy_id(id);
    *request.mutable_meter_policy() = Text<v1::MeterPolicy>(
        absl::StrCat(R"pb(display_name: "Free articles" window: MONTH time_zone: "Europe/Kyiv")pb", policy));
    return Call(Backend(), &Plans::CreateMeterPolicy, request);
  }

  static v1::CheckAccessRequest Asking(const std::string& article,
                                       v1::AccessRequirement::Level level = v1::AccessRequirement::MEMBERS) {
    v1::CheckAccessRequest request;
    request.mutable_requirement()->set_level(level);
    if (level == v1::AccessRequirement::PLANS) request.mutable_requirement()->add_tiers("tiers/gold");
    request.set_article("articles/" + article);
    return request;
  }

  Decision Ask(const v1::CheckAccessRequest& request) {
    const auto decision = CallAs("articles", &Entitlements::CheckAccess, request);
    EXPECT_THAT(decision, IsOk());
    return decision.value_or(Decision());
  }

  Decision Read(const std::string& member, const std::string& article,
                v1::AccessRequirement::Level level = v1::AccessRequirement::MEMBERS) {
    v1::CheckAccessRequest request = Asking(article, level);
    request.set_member("members/" + member);
    return Ask(request);
  }

  Decision ReadAs(const std::string& anonymous_reader, const std::string& article,
                  v1::AccessRequirement::Level level = v1::AccessRequirement::MEMBERS) {
    v1::CheckAccessRequest request = Asking(article, level);
    request.set_anonymous_reader(anonymous_reader);
    return Ask(request);
  }

  std::string Anonymous() {
    const auto issued = Call(Backend(), &Entitlements::IssueAnonymousReader, v1::IssueAnonymousReaderRequest());
    EXPECT_THAT(issued, IsOk());
    return issued.ok() ? issued->anonymous_reader() : "";
  }

  absl::StatusOr<v1::MergeMetersResponse> Merge(const std::string& member, const std::string& anonymous_reader,
                                                const std::string& token = "") {
    v1::MergeMetersRequest request;
    request.set_member("members/" + member);
    request.set_anonymous_reader(anonymous_reader);
    return Call(token.empty() ? Backend() : token, &Entitlements::MergeMeters, request);
  }

  std::string MeterRows() { return database_.QueryValue("SELECT count(*) FROM meters"); }
};

constexpr char kAll[] = " levels: [ REGISTERED, MEMBERS, PLANS ]";

std::string Limits(int anonymous, int registered) {
  return absl::StrCat(kAll, " anonymous_max_views { value: ", anonymous,
                      " } registered_max_views { value: ", registered, " }");
}

TEST_F(MeteringServiceTest, OpensAsManyArticlesAsThePolicyGivesAndTheseAgain) {
  ASSERT_THAT(MakePolicy("monthly", Limits(1, 3)), IsOk());
  std::vector<int> views;
  for (const char* article : {"a", "b", "a", "c"}) {
    const Decision decision = Read("nina", article);
    EXPECT_TRUE(decision.granted());
    EXPECT_EQ(decision.reason(), Decision::METERED);
    EXPECT_EQ(decision.meter().views() + decision.meter().views_left(), 3);
    views.push_back(decision.meter().views());
  }
  EXPECT_THAT(views, ElementsAre(1, 2, 2, 3));

  const Decision fourth = Read("nina", "d");
  EXPECT_FALSE(fourth.granted());
  EXPECT_EQ(fourth.reason(), Decision::DENIED_METER_EXHAUSTED);
  EXPECT_TRUE(fourth.registered());
  EXPECT_EQ(fourth.meter().meter_policy(), "meterPolicies/monthly");
  EXPECT_EQ(fourth.meter().views_left(), 0);
  EXPECT_EQ(fourth.meter().max_views(), 3);
  EXPECT_EQ(fourth.meter().state(), v1::Meter::EXHAUSTED);
  EXPECT_GT(fourth.meter().reset_time().seconds(), absl::ToUnixSeconds(DatabaseNow()));
  EXPECT_TRUE(Read("nina", "a").granted()) << "what was counted may be read again";
}

TEST_F(MeteringServiceTest, StartsAnewWithTheNextWindow) {
  ASSERT_THAT(MakePolicy("monthly", Limits(1, 1)), IsOk());
  const Decision first = Read("nina", "a");
  ASSERT_TRUE(first.granted());
  ASSERT_FALSE(Read("nina", "b").granted());

  MoveTime(absl::FromUnixSeconds(first.meter().reset_time().seconds()) - DatabaseNow() + absl::Seconds(1));

  EXPECT_TRUE(Read("nina", "b").granted());
  EXPECT_FALSE(Read("nina", "a").granted()) << "another month, another first article";
}

TEST_F(MeteringServiceTest, HasOneAllowanceForAllLevels) {
  ASSERT_THAT(MakePolicy("monthly", Limits(2, 2)), IsOk());
  const std::string reader = Anonymous();
  EXPECT_TRUE(ReadAs(reader, "a", v1::AccessRequirement::REGISTERED).granted());
  EXPECT_TRUE(ReadAs(reader, "b", v1::AccessRequirement::PLANS).granted());
  EXPECT_EQ(ReadAs(reader, "c", v1::AccessRequirement::MEMBERS).reason(), Decision::DENIED_METER_EXHAUSTED);
}

TEST_F(MeteringServiceTest, CountsNothingForWhoMayReadAnyway) {
  ASSERT_THAT(MakePolicy("monthly", Limits(1, 1)), IsOk());
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  for (const char* article : {"a", "b", "c"}) {
    const Decision decision = Read("nina", article, v1::AccessRequirement::PLANS);
    EXPECT_EQ(decision.reason(), Decision::HAS_TIER);
    EXPECT_FALSE(decision.has_meter());
    EXPECT_THAT(decision.held_tiers(), ElementsAre("tiers/gold"));
  }
  EXPECT_EQ(Read("nina", "a", v1::AccessRequirement::REGISTERED).reason(), Decision::IS_REGISTERED);
  EXPECT_EQ(ReadAs(Anonymous(), "a", v1::AccessRequirement::PUBLIC).reason(), Decision::OPEN_TO_ALL);
  EXPECT_EQ(MeterRows(), "0");
}

TEST_F(MeteringServiceTest, ADryRunTellsAndCountsNothing) {
  ASSERT_THAT(MakePolicy("monthly", Limits(1, 1)), IsOk());
  v1::CheckAccessRequest request = Asking("a");
  request.set_member("members/nina");
  request.set_dry_run(true);
  for (int i = 0; i < 3; ++i) {
    const Decision decision = Ask(request);
    EXPECT_TRUE(decision.granted());
    EXPECT_EQ(decision.reason(), Decision::METERED);
    EXPECT_EQ(decision.meter().views(), 0);
    EXPECT_EQ(decision.meter().views_left(), 1);
  }
  EXPECT_EQ(MeterRows(), "0");
  ASSERT_TRUE(Read("nina", "b").granted());
  EXPECT_EQ(Ask(request).reason(), Decision::DENIED_METER_EXHAUSTED);
}

TEST_F(MeteringServiceTest, TellsOffFromUnset) {
  ASSERT_THAT(MakePolicy("first", absl::StrCat(kAll, " priority: 1 anonymous_max_views { value: 0 }")), IsOk());
  ASSERT_THAT(
      MakePolicy("second",
                 absl::StrCat(kAll, " priority: 2 anonymous_max_views { value: 5 } registered_max_views { value: 1 }")),
      IsOk());
  const Decision anonymous = ReadAs(Anonymous(), "a");
  EXPECT_EQ(anonymous.reason(), Decision::NOT_REGISTERED) << "off: nobody else gives anonymous readers anything";
  EXPECT_FALSE(anonymous.has_meter());
  EXPECT_EQ(Read("nina", "a").meter().meter_policy(), "meterPolicies/second") << "unset: the next one decides";
}

TEST_F(MeteringServiceTest, NobodyBorrowsTheAllowanceOfOthers) {
  ASSERT_THAT(MakePolicy("members", absl::StrCat(kAll, " registered_max_views { value: 5 }")), IsOk());
  EXPECT_EQ(ReadAs(Anonymous(), "a").reason(), Decision::NOT_REGISTERED);
  EXPECT_TRUE(Read("nina", "a").granted());
  EXPECT_EQ(Read("nobody", "a").reason(), Decision::NOT_REGISTERED) << "who is no member is not metered as one";
  EXPECT_EQ(MeterRows(), "1");
}

TEST_F(MeteringServiceTest, ReadsAreCountedExactlyHoweverManyComeAtOnce) {
  ASSERT_THAT(MakePolicy("monthly", Limits(5, 5)), IsOk());
  for (const std::string& reader : {std::string(), Anonymous()}) {
    std::atomic<int> allowed = 0;
    std::atomic<int> denied = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 16; ++i) {
      readers.emplace_back([&, i] {
        const std::string article = absl::StrCat("article-", i);
        const Decision decision = reader.empty() ? Read("nina", article) : ReadAs(reader, article);
        allowed += decision.granted() ? 1 : 0;
        denied += decision.reason() == Decision::DENIED_METER_EXHAUSTED ? 1 : 0;
      });
    }
    for (std::thread& thread : readers) thread.join();
    EXPECT_EQ(allowed, 5);
    EXPECT_EQ(denied, 11);
  }
  EXPECT_EQ(database_.QueryValue("SELECT array_agg(cardinality(articles)) FROM meters"), "{5,5}");
}

TEST_F(MeteringServiceTest, SigningInAddsWhatWasReadBeforeOnce) {
  ASSERT_THAT(MakePolicy("monthly", Limits(3, 4)), IsOk());
  const std::string reader = Anonymous();
  for (const char* article : {"a", "b"}) ASSERT_TRUE(ReadAs(reader, article).granted());
  for (const char* article : {"b", "c"}) ASSERT_TRUE(Read("nina", article).granted());

  for (int i = 0; i < 2; ++i) ASSERT_THAT(Merge("nina", reader), IsOk());

  EXPECT_EQ(Read("nina", "a").meter().views(), 3) << "the union, not the sum, and free again";
  EXPECT_TRUE(Read("nina", "d").granted());
  EXPECT_FALSE(Read("nina", "e").granted());
  EXPECT_TRUE(ReadAs(reader, "c").granted()) << "signed out, the browser goes on with what it had";
}

TEST_F(MeteringServiceTest, MergesForMembersThatThereAreAndReadersIssuedHere) {
  const std::string reader = Anonymous();
  EXPECT_THAT(Merge("nobody", reader), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
  EXPECT_THAT(Merge("nina", reader, server_.MemberToken("members/omar")),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(Merge("nina", reader, server_.MemberToken("members/nina")), IsOk());
  std::string forged = reader;
  forged[0] = forged[0] == 'A' ? 'B' : 'A';
  for (const std::string& bad :
       {std::string(), forged, reader + "A", std::string(43, '='), std::string("articles/a")}) {
    EXPECT_THAT(Merge("nina", bad), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD")) << bad;
    v1::CheckAccessRequest request = Asking("a");
    request.set_anonymous_reader(bad);
    EXPECT_THAT(CallAs("articles", &Entitlements::CheckAccess, request),
                StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"))
        << bad;
  }
}

TEST_F(MeteringServiceTest, RefusesQuestionsThatMeanNothing) {
  v1::CheckAccessRequest both = Asking("a");
  both.set_member("members/nina");
  both.set_anonymous_reader(Anonymous());
  v1::CheckAccessRequest no_article = Asking("Not An Article");
  no_article.set_member("members/nina");
  v1::CheckAccessRequest counting = Asking("a");
  counting.set_member("members/nina");
  v1::BatchCheckAccessRequest batch;
  *batch.add_requests() = counting;
  for (const auto& request : {both, no_article}) {
    EXPECT_THAT(CallAs("articles", &Entitlements::CheckAccess, request),
                StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  }
  EXPECT_THAT(CallAs("articles", &Entitlements::BatchCheckAccess, batch),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(MeteringServiceTest, KeepsNoRecordOfWhoReadWhat) {
  ASSERT_THAT(MakePolicy("monthly", Limits(5, 5)), IsOk());
  const std::string reader = Anonymous();
  ASSERT_TRUE(ReadAs(reader, "confession").granted());
  const std::string row = database_.QueryValue("SELECT meters::text FROM meters");
  EXPECT_EQ(row.find("confession"), std::string::npos) << row;
  EXPECT_EQ(row.find(reader), std::string::npos) << row;
}

TEST_F(MeteringServiceTest, ForgetsMetersOnceTheirWindowHasEnded) {
  ASSERT_THAT(MakePolicy("monthly", Limits(5, 5)), IsOk());
  ASSERT_TRUE(Read("nina", "a").granted());
  ASSERT_TRUE(ReadAs(Anonymous(), "a").granted());
  const auto forget = [&] {
    const auto removed = database_.database().Write(Scope(), RemoveEndedMeters);
    EXPECT_THAT(removed, IsOk());
    return removed.value_or(-1);
  };
  EXPECT_EQ(forget(), 0);
  MoveTime(absl::Hours(32 * 24));
  ASSERT_TRUE(Read("nina", "b").granted());
  EXPECT_EQ(forget(), 1) << "nina's goes on in the new window";
  EXPECT_EQ(MeterRows(), "1");
}

TEST_F(MeteringServiceTest, PoliciesAreChangedByAdministratorsAndCountAtOnce) {
  const auto made = MakePolicy("monthly", Limits(1, 1));
  ASSERT_THAT(made, IsOk());
  EXPECT_THAT(MakePolicy("monthly", Limits(1, 1)), StatusIs(absl::StatusCode::kAlreadyExists, "METER_POLICY_EXISTS"));
  EXPECT_THAT(MakePolicy("empty", " anonymous_max_views { value: -1 }"),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  ASSERT_TRUE(Read("nina", "a").granted());
  ASSERT_FALSE(Read("nina", "b").granted());

  v1::UpdateMeterPolicyRequest update;
  *update.mutable_meter_policy() = *made;
  update.mutable_meter_policy()->mutable_registered_max_views()->set_value(2);
  update.mutable_meter_policy()->clear_anonymous_max_views();
  update.mutable_update_mask()->add_paths("registered_max_views");
  update.mutable_update_mask()->add_paths("anonymous_max_views");
  const auto updated = Call(server_.StaffToken({"admin"}), &Plans::UpdateMeterPolicy, update);
  ASSERT_THAT(updated, IsOk());
  EXPECT_FALSE(updated->has_anonymous_max_views());
  EXPECT_THAT(Call(Backend(), &Plans::UpdateMeterPolicy, update),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  EXPECT_TRUE(Read("nina", "b").granted()) << "what was counted before counts on";
  EXPECT_FALSE(Read("nina", "c").granted());

  v1::GetMeterPolicyRequest get;
  get.set_name("meterPolicies/monthly");
  const auto got = Call(Backend(), &Plans::GetMeterPolicy, get);
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->SerializeAsString(), updated->SerializeAsString());

  v1::DeleteMeterPolicyRequest goodbye;
  goodbye.set_name("meterPolicies/monthly");
  goodbye.set_etag(updated->etag());
  ASSERT_THAT(Call(Backend(), &Plans::DeleteMeterPolicy, goodbye), IsOk());
  EXPECT_THAT(Call(Backend(), &Plans::GetMeterPolicy, get),
              StatusIs(absl::StatusCode::kNotFound, "METER_POLICY_NOT_FOUND"));
  EXPECT_EQ(Read("nina", "a").reason(), Decision::LACKS_TIER);
}

TEST_F(MeteringServiceTest, PoliciesAreListedInPagesAndAreNotTooMany) {
  for (int i = 0; i < 3; ++i) ASSERT_THAT(MakePolicy(absl::StrCat("policy-", i), Limits(1, 1)), IsOk());
  v1::ListMeterPoliciesRequest list;
  list.set_page_size(2);
  const auto first = Call(Backend(), &Plans::ListMeterPolicies, list);
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(first->meter_policies(), SizeIs(2));
  list.set_page_token(first->next_page_token());
  const auto last = Call(Backend(), &Plans::ListMeterPolicies, list);
  ASSERT_THAT(last, IsOk());
  ASSERT_THAT(last->meter_policies(), SizeIs(1));
  EXPECT_EQ(last->meter_policies(0).name(), "meterPolicies/policy-2");
  EXPECT_EQ(last->next_page_token(), "");

  database_.Execute(
      "INSERT INTO meter_policies SELECT 'x' || i, display_name, priority, levels, window_kind, time_zone, "
      "anonymous_max_views, registered_max_views, revision, create_time, update_time "
      "FROM meter_policies, generate_series(1, 97) AS i WHERE id = 'policy-0'");
  EXPECT_THAT(MakePolicy("one-too-many", Limits(1, 1)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "TOO_MANY_METER_POLICIES"));
}

}  // namespace
}  // namespace masthead::memberships
