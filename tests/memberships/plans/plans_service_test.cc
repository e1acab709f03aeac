#include "services/memberships/plans/plans_service.h"

#include "gmock/gmock.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

class PlansServiceTest : public NewsroomTest {
 protected:
  absl::StatusOr<v1::Tier> Archive(const std::string& name, const std::string& etag = "*") {
    v1::ArchiveTierRequest request;
    request.set_name(name);
    request.set_etag(etag);
    return Call(Backend(), &Plans::ArchiveTier, request);
  }

  std::vector<std::string> List(bool show_archived, int page_size = 0) {
    v1::ListTiersRequest request;
    request.set_show_archived(show_archived);
    request.set_page_size(page_size);
    std::vector<std::string> names;
    do {
      const auto page = Call("", &Plans::ListTiers, request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      for (const v1::Tier& tier : page->tiers()) names.push_back(tier.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
};

TEST_F(PlansServiceTest, EverybodyReadsWhatCanBeHad) {
  const auto made = Call(server_.StaffToken({"admin"}), &Plans::CreateTier, Text<v1::CreateTierRequest>(R"pb(
                           tier_id: "gold"
                           tier {
                             display_name: "Gold"
                             description: "All we write"
                             benefits: "Every article, \"quoted\" {braced}"
                             benefits: "The editor's letter"
                           }
                         )pb"));
  ASSERT_THAT(made, IsOk());

  v1::GetTierRequest request;
  request.set_name("tiers/gold");
  const auto read = Call("", &Plans::GetTier, request);

  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->SerializeAsString(), made->SerializeAsString());
  EXPECT_THAT(read->benefits(), ElementsAre("Every article, \"quoted\" {braced}", "The editor's letter"));
  request.set_name("tiers/platinum");
  EXPECT_THAT(Call("", &Plans::GetTier, request), StatusIs(absl::StatusCode::kNotFound, "TIER_NOT_FOUND"));
}

TEST_F(PlansServiceTest, AnIdIsGivenOnce) {
  MakeTier("gold");
  EXPECT_THAT(Call(Backend(), &Plans::CreateTier, Text<v1::CreateTierRequest>(R"pb(
                     tier_id: "gold"
                     tier { display_name: "Other" }
                   )pb")),
              StatusIs(absl::StatusCode::kAlreadyExists, "TIER_EXISTS"));
}

TEST_F(PlansServiceTest, AnUpdateWritesItsMaskAndNeedsTheEtag) {
  v1::UpdateTierRequest request;
  *request.mutable_tier() = MakeTier("gold");
  request.mutable_tier()->set_display_name("");
  request.mutable_tier()->set_description("All we write");
  request.mutable_update_mask()->add_paths("description");

  const auto updated = Call(Backend(), &Plans::UpdateTier, request);

  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->display_name(), "gold");
  EXPECT_EQ(updated->description(), "All we write");
  EXPECT_THAT(Call(Backend(), &Plans::UpdateTier, request), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  request.mutable_tier()->set_etag("*");
  request.mutable_update_mask()->add_paths("display_name");
  EXPECT_THAT(Call(Backend(), &Plans::UpdateTier, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(PlansServiceTest, AnArchivedTierIsClosed) {
  const v1::Tier gold = MakeTier("gold");
  Register("nina", "nina@example.org");

  const auto archived = Archive("tiers/gold", gold.etag());

  ASSERT_THAT(archived, IsOk());
  EXPECT_EQ(archived->state(), v1::Tier::ARCHIVED);
  EXPECT_THAT(Archive("tiers/gold"), StatusIs(absl::StatusCode::kFailedPrecondition, "TIER_ARCHIVED"));
  EXPECT_THAT(GrantTier("nina", "gold"), StatusIs(absl::StatusCode::kFailedPrecondition, "TIER_ARCHIVED"));
  v1::UpdateTierRequest request;
  request.mutable_tier()->set_name("tiers/gold");
  request.mutable_tier()->set_etag("*");
  request.mutable_tier()->set_display_name("Silver");
  EXPECT_THAT(Call(Backend(), &Plans::UpdateTier, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "TIER_ARCHIVED"));
}

TEST_F(PlansServiceTest, AListHidesArchivedTiersUnlessAsked) {
  for (const char* id : {"gold", "silver", "bronze"}) MakeTier(id);
  ASSERT_THAT(Archive("tiers/gold"), IsOk());

  EXPECT_THAT(List(false), ElementsAre("tiers/bronze", "tiers/silver"));
  EXPECT_THAT(List(true, 1), ElementsAre("tiers/bronze", "tiers/gold", "tiers/silver"));
}

}  // namespace
}  // namespace masthead::memberships
