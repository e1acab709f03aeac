#include "services/articles/editing/autosave.h"

#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

const absl::Time kNoon = absl::FromUnixSeconds(1790000000);
const Tip kTip = {.editor = "staffMembers/olena", .create_time = kNoon, .autosaved = true};

bool Merges(const Article& article, const Tip& tip, absl::Duration after,
            absl::string_view editor = "staffMembers/olena") {
  return MergesIntoTip(article, tip, editor, kNoon + after);
}

Article AtRevision(int64_t revision) {
  Article article;
  article.revision = revision;
  return article;
}

TEST(Autosave, WritesOverTheEditorsOwnAutosaveOfTheLastMinute) {
  EXPECT_TRUE(Merges(AtRevision(7), kTip, absl::ZeroDuration()));
  EXPECT_TRUE(Merges(AtRevision(7), kTip, absl::Seconds(60) - absl::Microseconds(1)));
  EXPECT_FALSE(Merges(AtRevision(7), kTip, absl::Seconds(60)));
  EXPECT_FALSE(Merges(AtRevision(7), kTip, absl::Seconds(1), "staffMembers/petro"));
}

TEST(Autosave, NeverWritesOverWhatWasSavedOnPurpose) {
  Tip tip = kTip;
  tip.autosaved = false;
  EXPECT_FALSE(Merges(AtRevision(7), tip, absl::Seconds(1)));
}

TEST(Autosave, LeavesWhatSomebodyReliesOn) {
  Article published = AtRevision(7);
  published.published_revision = 7;
  EXPECT_FALSE(Merges(published, kTip, absl::Seconds(1)));
  published.published_revision = 6;
  EXPECT_TRUE(Merges(published, kTip, absl::Seconds(1)));

  Article planned = AtRevision(7);
  planned.schedule = Schedule{.revision = 7};
  EXPECT_FALSE(Merges(planned, kTip, absl::Seconds(1)));
  planned.schedule = Schedule{.revision = 0};
  EXPECT_TRUE(Merges(planned, kTip, absl::Seconds(1))) << "the latest goes out, whichever it is";

  Article reviewed = AtRevision(7);
  reviewed.review = Review{.revision = 7};
  EXPECT_FALSE(Merges(reviewed, kTip, absl::Seconds(1)));

  Tip linked = kTip;
  linked.linked = true;
  EXPECT_FALSE(Merges(AtRevision(7), linked, absl::Seconds(1)));
}

}  // namespace
}  // namespace masthead::articles
