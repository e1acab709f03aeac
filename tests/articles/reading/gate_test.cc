#include "services/articles/reading/gate.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Level = Access::Level;

const Reader kAnybody;
const Reader kMember = {.is_member = true};
const Reader kGold = {.is_member = true, .tiers = {"tiers/gold"}};
const Reader kStaff = {.is_staff = true};

LiveArticle Story(Access access) {
  LiveArticle live;
  live.article.content.headline = "Crimea";
  live.article.content.access = std::move(access);
  live.article.content.body = {{"p1", Paragraph{{"First.", {}}}},
                               {"i", Image{.uri = "https://x.org/a.jpg"}},
                               {"p2", Paragraph{{"Second.", {}}}},
                               {"h", Heading{{"SECRET heading", {}}, 2}},
                               {"p3", Paragraph{{"SECRET third.", {}}}}};
  return live;
}

std::vector<std::string> Ids(const GatedArticle& article) {
  std::vector<std::string> ids;
  for (const Block& block : article.visible_body()) ids.push_back(block.id);
  return ids;
}

TEST(Gate, OpensAPublicArticleToEverybody) {
  for (const Reader& reader : {kAnybody, kMember, kGold, kStaff}) {
    const GatedArticle article = Gate::Open(Story({}), reader);
    EXPECT_EQ(article.decision(), Decision::kOpen);
    EXPECT_THAT(Ids(article), ElementsAre("p1", "i", "p2", "h", "p3"));
  }
}

TEST(Gate, OpensARegisteredArticleToMembers) {
  const Access access = {.level = Level::kRegistered, .preview_paragraphs = 2};
  EXPECT_EQ(Gate::Open(Story(access), kMember).decision(), Decision::kEntitled);
  EXPECT_EQ(Gate::Open(Story(access), kAnybody).decision(), Decision::kRegistrationRequired);
  EXPECT_THAT(Ids(Gate::Open(Story(access), kAnybody)), ElementsAre("p1", "i", "p2"));
}

TEST(Gate, OpensAPlansArticleToThoseOnATier) {
  const Access access = {.level = Level::kPlans, .plans = {"tiers/silver", "tiers/gold"}, .preview_paragraphs = 1};
  EXPECT_EQ(Gate::Open(Story(access), kGold).decision(), Decision::kEntitled);
  EXPECT_EQ(Gate::Open(Story(access), kStaff).decision(), Decision::kEntitled);
  for (const Reader& reader : {kAnybody, kMember, Reader{.is_member = true, .tiers = {"tiers/bronze"}},
                               Reader{.is_member = false, .tiers = {"tiers/gold"}}}) {
    const GatedArticle article = Gate::Open(Story(access), reader);
    EXPECT_EQ(article.decision(), Decision::kPlanRequired);
    EXPECT_THAT(Ids(article), ElementsAre("p1"));
  }
}

TEST(Gate, EndsThePreviewAtTheMarkerWhateverTheCount) {
  LiveArticle live = Story({.level = Level::kRegistered, .preview_paragraphs = 2});
  live.article.content.body.insert(live.article.content.body.begin() + 1, Block{"m", PaywallMarker{}});

  EXPECT_THAT(Ids(Gate::Open(live, kAnybody)), ElementsAre("p1"));
  EXPECT_THAT(Ids(Gate::Open(live, kMember)), ElementsAre("p1", "i", "p2", "h", "p3"))
      << "the marker itself is never shown";
}

TEST(Gate, ShowsNothingOfTheBodyWithoutAPreview) {
  EXPECT_THAT(Ids(Gate::Open(Story({.level = Level::kRegistered}), kAnybody)), IsEmpty());
}

TEST(Gate, TakesTheExcerptFromVisibleTextAlone) {
  EXPECT_EQ(Gate::Open(Story({.level = Level::kRegistered}), kAnybody).excerpt(), "");
  EXPECT_EQ(Gate::Open(Story({.level = Level::kRegistered, .preview_paragraphs = 1}), kAnybody).excerpt(), "First.");
  // Also in what an entitled reader gets: an excerpt is made to be passed on.
  EXPECT_EQ(Gate::Open(Story({.level = Level::kRegistered}), kMember).excerpt(), "");
  LiveArticle with_dek = Story({.level = Level::kRegistered});
  with_dek.article.content.dek = "The dek is open.";
  EXPECT_EQ(Gate::Open(with_dek, kAnybody).excerpt(), "The dek is open.");
}

TEST(Gate, KeepsNoBodyInTheOpenPart) {
  EXPECT_THAT(Gate::Open(Story({}), kStaff).open_part().article.content.body, IsEmpty());
}

TEST(Gate, KeepsTheSameTwoFormsAsItDecides) {
  const Access access = {.level = Level::kPlans, .plans = {"tiers/gold"}, .preview_paragraphs = 1};
  EXPECT_EQ(Ids(Gate::OpenForEntitled(Story(access))), Ids(Gate::Open(Story(access), kGold)));
  EXPECT_EQ(Ids(Gate::OpenForOthers(Story(access))), Ids(Gate::Open(Story(access), kAnybody)));
  EXPECT_EQ(Gate::OpenForOthers(Story(access)).decision(), Decision::kPlanRequired);
}

}  // namespace
}  // namespace masthead::articles
