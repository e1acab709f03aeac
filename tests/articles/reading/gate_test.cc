#include "services/articles/reading/gate.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Level = Access::Level;
using Preview = Access::Preview;
using Gated = GatedBlocks::Audience;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
const Reader kAnybody;
const Reader kMember = {.is_member = true};
const Reader kGold = {.is_member = true, .tiers = {"tiers/gold"}};
const Reader kBronze = {.is_member = true, .tiers = {"tiers/bronze"}};
const Reader kStaff = {.is_staff = true};
const Reader kUncertain = {.is_uncertain = true};

Block Text(const std::string& id, const std::string& text) { return {id, Paragraph{{text, {}}}}; }

LiveArticle Story(Access access) {
  LiveArticle live;
  live.article.content.headline = "Crimea";
  live.article.content.access = std::move(access);
  live.article.content.body = {Text("p1", "First."),
                               {"i", Image{.uri = "https://x.org/a.jpg"}},
                               Text("p2", "Second."),
                               {"h", Heading{{"SECRET heading", {}}, 2}},
                               Text("p3", "SECRET third.")};
  return live;
}

LiveArticle WithMarkerAfterFirst(Access access) {
  LiveArticle live = Story(std::move(access));
  live.article.content.body.insert(live.article.content.body.begin() + 1, Block{"m", PaywallMarker{}});
  return live;
}

// A public story with a block for each audience.
LiveArticle WithGates(Access access = {}) {
  LiveArticle live = Story(std::move(access));
  live.article.content.body = {Text("p", "Open."),
                               {"g1", GatedBlocks{Gated::kNonMembers, {}, {Text("join", "Join us.")}}},
                               {"g2", GatedBlocks{Gated::kRegistered, {}, {Text("registered", "For members.")}}},
                               {"g3", GatedBlocks{Gated::kMembers, {}, {Text("tier", "For a tier.")}}},
                               {"g4", GatedBlocks{Gated::kPlans, {"tiers/gold"}, {Text("gold", "For gold.")}}},
                               Text("end", "The end.")};
  return live;
}

std::vector<std::string> Ids(const GatedArticle& article) {
  std::vector<std::string> ids;
  for (const Block& block : article.visible_body()) ids.push_back(block.id);
  return ids;
}

TEST(Gate, OpensAPublicArticleToEverybody) {
  for (const Reader& reader : {kAnybody, kMember, kGold, kStaff, kUncertain}) {
    const GatedArticle article = Gate::Open(Story({}), reader, kNow);
    EXPECT_EQ(article.decision(), Decision::kOpen);
    EXPECT_TRUE(article.admission().is_for_everybody());
    EXPECT_THAT(Ids(article), ElementsAre("p1", "i", "p2", "h", "p3"));
  }
}

TEST(Gate, OpensARegisteredArticleToMembers) {
  const Access access = {.level = Level::kRegistered, .preview_paragraphs = 2};
  EXPECT_EQ(Gate::Open(Story(access), kMember, kNow).decision(), Decision::kEntitled);
  EXPECT_EQ(Gate::Open(Story(access), kAnybody, kNow).decision(), Decision::kRegistrationRequired);
  EXPECT_THAT(Ids(Gate::Open(Story(access), kAnybody, kNow)), ElementsAre("p1", "i", "p2"));
}

TEST(Gate, OpensAMembersArticleToThoseOfAnyTier) {
  const Access access = {.level = Level::kMembers};
  EXPECT_EQ(Gate::Open(Story(access), kBronze, kNow).decision(), Decision::kEntitled);
  EXPECT_EQ(Gate::Open(Story(access), kMember, kNow).decision(), Decision::kMembershipRequired);
  EXPECT_EQ(Gate::Open(Story(access), kAnybody, kNow).decision(), Decision::kMembershipRequired);
  EXPECT_EQ(Gate::Open(Story(access), {.tiers = {"tiers/gold"}}, kNow).decision(), Decision::kMembershipRequired);
}

TEST(Gate, OpensAPlansArticleToThoseOnATier) {
  const Access access = {.level = Level::kPlans, .plans = {"tiers/silver", "tiers/gold"}, .preview_paragraphs = 1};
  EXPECT_EQ(Gate::Open(Story(access), kGold, kNow).decision(), Decision::kEntitled);
  EXPECT_EQ(Gate::Open(Story(access), kStaff, kNow).decision(), Decision::kEntitled);
  for (const Reader& reader : {kAnybody, kMember, kBronze, Reader{.is_member = false, .tiers = {"tiers/gold"}}}) {
    const GatedArticle article = Gate::Open(Story(access), reader, kNow);
    EXPECT_EQ(article.decision(), Decision::kPlanRequired);
    EXPECT_FALSE(article.admission().is_for_everybody());
    EXPECT_THAT(Ids(article), ElementsAre("p1"));
  }
}

TEST(Gate, EndsThePreviewWhereTheArticleSays) {
  const auto preview = [](std::optional<Preview> kind, int paragraphs) {
    return Ids(Gate::Open(
        WithMarkerAfterFirst({.level = Level::kRegistered, .preview_paragraphs = paragraphs, .preview = kind}),
        kAnybody, kNow));
  };
  EXPECT_THAT(preview(std::nullopt, 2), ElementsAre("p1")) << "a marker counts instead of a number";
  EXPECT_THAT(preview(Preview::kMarker, 2), ElementsAre("p1"));
  EXPECT_THAT(preview(Preview::kParagraphs, 2), ElementsAre("p1", "i", "p2")) << "the marker itself is never shown";
  EXPECT_THAT(preview(Preview::kDekOnly, 2), IsEmpty());
  EXPECT_THAT(preview(Preview::kNone, 2), IsEmpty());
  EXPECT_THAT(Ids(Gate::Open(Story({.level = Level::kRegistered, .preview = Preview::kMarker}), kAnybody, kNow)),
              IsEmpty())
      << "no marker, no preview";
  EXPECT_THAT(Ids(Gate::Open(Story({.level = Level::kRegistered}), kAnybody, kNow)), IsEmpty());
  EXPECT_THAT(Ids(Gate::Open(WithMarkerAfterFirst({.level = Level::kRegistered}), kMember, kNow)),
              ElementsAre("p1", "i", "p2", "h", "p3"));
}

TEST(Gate, KeepsTheDekBackOnlyWhereThePreviewIsNone) {
  LiveArticle live = Story({.level = Level::kRegistered, .preview = Preview::kNone});
  live.article.content.dek = "The dek.";
  EXPECT_EQ(Gate::Open(live, kAnybody, kNow).open_part().article.content.dek, "");
  EXPECT_EQ(Gate::Open(live, kMember, kNow).open_part().article.content.dek, "The dek.");
  EXPECT_EQ(Gate::Open(live, kMember, kNow).excerpt(), "") << "an excerpt is passed on";
  live.article.content.access.preview = Preview::kDekOnly;
  EXPECT_EQ(Gate::Open(live, kAnybody, kNow).open_part().article.content.dek, "The dek.");
}

TEST(Gate, OpensToAllUntilAndFromATime) {
  const absl::Duration minute = absl::Minutes(1);
  const Access access = {.level = Level::kRegistered, .free_until = kNow + minute, .free_after = kNow + 3 * minute};
  EXPECT_EQ(Gate::Open(Story(access), kAnybody, kNow).decision(), Decision::kOpen);
  EXPECT_TRUE(Gate::Open(Story(access), kAnybody, kNow).admission().is_for_everybody());
  EXPECT_EQ(Gate::Open(Story(access), kAnybody, kNow + minute).decision(), Decision::kRegistrationRequired);
  EXPECT_EQ(Gate::Open(Story(access), kMember, kNow + minute).decision(), Decision::kEntitled);
  EXPECT_EQ(Gate::Open(Story(access), kAnybody, kNow + 3 * minute).decision(), Decision::kOpen);

  const AccessRules rules = Gate::RulesOf(Story(access).article.content);
  EXPECT_EQ(Gate::NextChange(rules, kNow), kNow + minute);
  EXPECT_EQ(Gate::NextChange(rules, kNow + minute), kNow + 3 * minute);
  EXPECT_EQ(Gate::NextChange(rules, kNow + 3 * minute), std::nullopt);
}

TEST(Gate, ShowsNothingOfTheBodyWhereItMustNotBeRead) {
  LiveArticle live = Story({});
  live.article.content.dek = "The dek.";
  live.article.content.denied_countries = {"GB", "FR"};
  for (const std::string country : {"GB", "FR", ""}) {
    const GatedArticle article = Gate::Open(live, {.is_member = true, .country_code = country}, kNow);
    EXPECT_EQ(article.decision(), Decision::kGeoRestricted) << country;
    EXPECT_THAT(article.visible_body(), IsEmpty());
    EXPECT_EQ(article.open_part().article.content.headline, "Crimea");
  }
  const GatedArticle elsewhere = Gate::Open(live, {.country_code = "UA"}, kNow);
  EXPECT_EQ(elsewhere.decision(), Decision::kOpen);
  EXPECT_FALSE(elsewhere.admission().is_for_everybody()) << "the country decided";
  EXPECT_EQ(Gate::Open(live, kStaff, kNow).decision(), Decision::kOpen);
}

TEST(Gate, GivesEachAudienceItsBlocks) {
  const auto ids = [](const Reader& reader) { return Ids(Gate::Open(WithGates(), reader, kNow)); };
  EXPECT_THAT(ids(kAnybody), ElementsAre("p", "join", "end"));
  EXPECT_THAT(ids(kMember), ElementsAre("p", "registered", "end"));
  EXPECT_THAT(ids(kBronze), ElementsAre("p", "registered", "tier", "end"));
  EXPECT_THAT(ids(kGold), ElementsAre("p", "registered", "tier", "gold", "end"));
  EXPECT_THAT(ids(kStaff), ElementsAre("p", "join", "registered", "tier", "gold", "end"));
  EXPECT_THAT(ids(kUncertain), ElementsAre("p", "end"));
  EXPECT_FALSE(Gate::Open(WithGates(), kAnybody, kNow).admission().is_for_everybody());
  EXPECT_TRUE(Gate::Open(WithGates(), kUncertain, kNow).admission().is_provisional());
}

TEST(Gate, OpensNoGateBehindThePaywall) {
  const GatedArticle article =
      Gate::Open(WithGates({.level = Level::kPlans, .plans = {"tiers/silver"}, .preview_paragraphs = 1}), kGold, kNow);
  EXPECT_EQ(article.decision(), Decision::kPlanRequired);
  EXPECT_THAT(Ids(article), ElementsAre("p"));
}

TEST(Gate, OpensGateWithinGateToThoseOfBoth) {
  LiveArticle live = Story({});
  const Block inner = {"g", GatedBlocks{Gated::kPlans, {"tiers/gold"}, {Text("gold", "For gold.")}}};
  live.article.content.body = {{"o", GatedBlocks{Gated::kMembers, {}, {Text("tier", "For a tier."), inner}}}};
  EXPECT_THAT(Ids(Gate::Open(live, kGold, kNow)), ElementsAre("tier", "gold"));
  EXPECT_THAT(Ids(Gate::Open(live, kBronze, kNow)), ElementsAre("tier"));
  EXPECT_THAT(Ids(Gate::Open(live, kAnybody, kNow)), IsEmpty());
}

TEST(Gate, OpensByAGiftUntilItEnds) {
  const Access access = {.level = Level::kMembers};
  const Reader given = {.gift_until = kNow + absl::Minutes(1)};
  EXPECT_EQ(Gate::Open(Story(access), given, kNow).decision(), Decision::kGift);
  EXPECT_THAT(Ids(Gate::Open(Story(access), given, kNow)), ElementsAre("p1", "i", "p2", "h", "p3"));
  EXPECT_EQ(Gate::Open(Story(access), given, kNow + absl::Minutes(1)).decision(), Decision::kMembershipRequired);
}

TEST(Gate, SaysSoWhenNobodyCanTellWhoReads) {
  const GatedArticle article = Gate::Open(Story({.level = Level::kMembers, .preview_paragraphs = 1}), kUncertain, kNow);
  EXPECT_EQ(article.decision(), Decision::kEntitlementsUnavailable);
  EXPECT_THAT(Ids(article), ElementsAre("p1"));
  EXPECT_TRUE(article.admission().is_provisional());
}

TEST(Gate, OpensByAMeterWhatOnlyTheLevelCloses) {
  const Access access = {.level = Level::kMembers, .preview_paragraphs = 1};
  const Reader opened = {.meter = MeterReading{.opens = true}};
  const Reader exhausted = {.meter = MeterReading{.opens = false}};
  EXPECT_EQ(Gate::Open(Story(access), opened, kNow).decision(), Decision::kMetered);
  EXPECT_THAT(Ids(Gate::Open(Story(access), opened, kNow)), ElementsAre("p1", "i", "p2", "h", "p3"));
  EXPECT_EQ(Gate::Open(Story(access), exhausted, kNow).decision(), Decision::kMeterExhausted);
  EXPECT_THAT(Ids(Gate::Open(Story(access), exhausted, kNow)), ElementsAre("p1"));
  EXPECT_FALSE(Gate::Open(Story(access), opened, kNow).admission().is_for_everybody());
  Reader gold = kGold;
  gold.meter = MeterReading{.opens = false};
  EXPECT_EQ(Gate::Open(Story(access), gold, kNow).decision(), Decision::kEntitled);
  LiveArticle denied = Story(access);
  denied.article.content.denied_countries = {"GB"};
  EXPECT_EQ(Gate::Open(denied, opened, kNow).decision(), Decision::kGeoRestricted);
}

TEST(Gate, StaysClosedWhileNobodyCanTellWhatTheMeterSays) {
  const Reader reader = {.is_member = true, .is_meter_unknown = true};
  const GatedArticle article = Gate::Open(WithGates({.level = Level::kMembers, .preview_paragraphs = 1}), reader, kNow);
  EXPECT_EQ(article.decision(), Decision::kEntitlementsUnavailable);
  EXPECT_TRUE(article.admission().is_provisional());
  EXPECT_EQ(Gate::Open(Story({.level = Level::kRegistered}), reader, kNow).decision(), Decision::kEntitled);
}

TEST(Gate, OpensToAMeteredReaderOnlyTheBlocksForSuchReaders) {
  Reader opened = kMember;
  opened.meter = MeterReading{.opens = true};
  EXPECT_THAT(Ids(Gate::Open(WithGates({.level = Level::kMembers}), opened, kNow)),
              ElementsAre("p", "registered", "end"));
}

TEST(Gate, TakesTheExcerptFromWhatEverybodyMayRead) {
  EXPECT_EQ(Gate::Open(Story({.level = Level::kRegistered}), kAnybody, kNow).excerpt(), "");
  const Access preview = {.level = Level::kRegistered, .preview_paragraphs = 1};
  EXPECT_EQ(Gate::Open(Story(preview), kAnybody, kNow).excerpt(), "First.");
  // Also in what an entitled reader gets: an excerpt is made to be passed on.
  EXPECT_EQ(Gate::Open(Story({.level = Level::kRegistered}), kMember, kNow).excerpt(), "");
  LiveArticle with_dek = Story({.level = Level::kRegistered});
  with_dek.article.content.dek = "The dek is open.";
  EXPECT_EQ(Gate::Open(with_dek, kAnybody, kNow).excerpt(), "The dek is open.");
  LiveArticle gates = WithGates();
  gates.article.content.body.erase(gates.article.content.body.begin());
  EXPECT_EQ(Gate::Open(gates, kGold, kNow).excerpt(), "The end.");
}

TEST(Gate, KeepsNoBodyInTheOpenPart) {
  EXPECT_THAT(Gate::Open(Story({}), kStaff, kNow).open_part().article.content.body, IsEmpty());
}

TEST(Gate, GivesOthersWhatTheyMayHaveAtAnyTimeAndAnywhere) {
  const Access access = {.level = Level::kRegistered, .preview_paragraphs = 1, .free_until = absl::InfiniteFuture()};
  EXPECT_THAT(Ids(Gate::OpenForOthers(Story(access))), ElementsAre("p1"));
  EXPECT_THAT(Ids(Gate::OpenForOthers(WithGates())), ElementsAre("p", "end"));
  LiveArticle denied = Story({});
  denied.article.content.denied_countries = {"GB"};
  EXPECT_THAT(Gate::OpenForOthers(denied).visible_body(), IsEmpty());
  EXPECT_EQ(Gate::OpenForOthers(denied).excerpt(), "");
}

}  // namespace
}  // namespace masthead::articles
