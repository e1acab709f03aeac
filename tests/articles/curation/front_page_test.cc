// What readers get of curated lists.
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "services/articles/workers/schedule_worker.h"
#include "tests/articles/curation/curated_desk.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

class FrontPageTest : public CuratedDesk {
 protected:
  absl::StatusOr<int> PublishDue() {
    return articles_.schedule_worker().PublishDue({.deadline = absl::Now() + absl::Seconds(20)}, 50, 0);
  }

  static std::vector<std::string> Skipped(const v1::PreviewedList& list) {
    std::vector<std::string> skipped;
    for (const v1::SkippedSlot& slot : list.skipped_slots()) {
      skipped.push_back(absl::StrCat(slot.slot().article(), " ", v1::SkippedSlot::Reason_Name(slot.reason())));
    }
    return skipped;
  }
};

TEST_F(FrontPageTest, LetsTheLatestFlowAroundPinsThatStandStill) {
  const v1::Article oldest = Published("Oldest");
  const v1::Article pinned = Published("Pinned");
  Published("Older");
  Published("Latest");
  MakeList("latest", v1::CuratedList::AUTOMATIC, 4);
  Put("curatedLists/latest", {{oldest, 1}, {pinned, 3}});
  EXPECT_THAT(Shown(ReadList("curatedLists/latest").list()),
              ElementsAre("1* Oldest", "2 Latest", "3* Pinned", "4 Older"));

  // A pin that is withdrawn leaves the other where it is, and its place to the latest.
  ASSERT_THAT(TryUnpublish(oldest.name()), IsOk());
  EXPECT_THAT(Shown(ReadList("curatedLists/latest").list()), ElementsAre("1 Latest", "2 Older", "3* Pinned"));
  Publish(Get(oldest.name()));
  EXPECT_THAT(Shown(ReadList("curatedLists/latest").list()),
              ElementsAre("1* Oldest", "2 Latest", "3* Pinned", "4 Older"));
}

TEST_F(FrontPageTest, SkipsWhatIsUnderEmbargoRetractedOrDeletedWithoutMovingPins) {
  v1::Article draft = Draft("Embargoed");
  draft.mutable_embargo_until()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(1)));
  const v1::Article embargoed = Publish(Create(draft));
  const v1::Article retracted = Published("Retracted");
  const v1::Article unwritten = Create(Draft("Deleted"));
  const v1::Article pinned = Published("Pinned");
  MakeList("front", v1::CuratedList::MANUAL, 10);
  Put("curatedLists/front", {{embargoed, 1}, {retracted, 2}, {unwritten, 3}, {pinned, 4}});
  v1::RetractArticleRequest retract;
  retract.set_name(retracted.name());
  retract.set_etag("*");
  retract.set_notice("We were wrong.");
  v1::Article ignored;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::RetractArticle, retract, &ignored), IsOk());
  ASSERT_THAT(Move<v1::DeleteArticleRequest>(&v1::ArticlesService::Stub::DeleteArticle, unwritten.name()), IsOk());

  const v1::ReadCuratedListResponse read = ReadList("curatedLists/front");
  EXPECT_THAT(Shown(read.list()), ElementsAre("4* Pinned"));
  for (const v1::Article& hidden : {embargoed, retracted, unwritten}) {
    EXPECT_THAT(read.DebugString(), Not(HasSubstr(hidden.name()))) << "not even its name, in a key or elsewhere";
  }
  EXPECT_THAT(Skipped(Preview("curatedLists/front", absl::Now())),
              ElementsAre(embargoed.name() + " NOT_PUBLIC", retracted.name() + " NOT_PUBLIC",
                          unwritten.name() + " NOT_PUBLIC"));
}

TEST_F(FrontPageTest, FillsAManualListWithTheNextThatIsPublic) {
  const v1::Article a = Published("A");
  const v1::Article draft = Create(Draft("Draft"));
  const v1::Article b = Published("B");
  const v1::Article c = Published("C");
  MakeList("front", v1::CuratedList::MANUAL, 2);
  Put("curatedLists/front", {{a, 0}, {draft, 0}, {b, 0}, {c, 0}});
  EXPECT_THAT(Shown(ReadList("curatedLists/front").list()), ElementsAre("1 A", "2 B"));
}

TEST_F(FrontPageTest, ShowsNoStoryInTwoListsOfAPage) {
  const v1::Article lead = Published("Lead");
  Published("Second");
  Published("Third");
  MakeList("lead", v1::CuratedList::MANUAL, 1);
  Put("curatedLists/lead", {{lead, 0}});
  MakeList("latest", v1::CuratedList::AUTOMATIC, 2);
  Put("curatedLists/latest", {{lead, 1}});
  const v1::ReadFrontPageResponse page = ReadPage({"curatedLists/lead", "curatedLists/latest"});
  ASSERT_EQ(page.lists_size(), 2);
  EXPECT_THAT(Shown(page.lists(0)), ElementsAre("1 Lead"));
  EXPECT_THAT(Shown(page.lists(1)), ElementsAre("1 Third", "2 Second"));
  EXPECT_THAT(Shown(ReadPage({"curatedLists/latest", "curatedLists/lead"}).lists(0)),
              ElementsAre("1* Lead", "2 Third"));
}

TEST_F(FrontPageTest, FillsAnAutomaticListByItsFilter) {
  Published("English");
  v1::Article ukrainian = Draft("Українська");
  ukrainian.set_language_code("uk");
  Publish(Create(ukrainian));
  MakeList("uk", v1::CuratedList::AUTOMATIC, 5, "language_code = uk");
  EXPECT_THAT(Shown(ReadList("curatedLists/uk").list()), ElementsAre("1 Українська"));
}

TEST_F(FrontPageTest, NeverTellsWhatIsGated) {
  v1::Article secret = Draft("Secret");
  secret.clear_dek();
  secret.mutable_access()->set_level(v1::Access::MEMBERS);
  secret.mutable_access()->set_preview(v1::Access::NONE);
  secret.mutable_body(0)->mutable_paragraph()->mutable_text()->set_text("hiddenword");
  const v1::Article published = Publish(Create(secret));
  MakeList("front", v1::CuratedList::MANUAL, 2);
  Put("curatedLists/front", {{published, 0}});
  const v1::ReadCuratedListResponse read = ReadList("curatedLists/front");
  ASSERT_EQ(read.list().items_size(), 1);
  EXPECT_THAT(read.DebugString(), Not(HasSubstr("hiddenword")));
  EXPECT_THAT(Preview("curatedLists/front", absl::Now()).DebugString(), Not(HasSubstr("hiddenword")));
}

TEST_F(FrontPageTest, SaysHowItMayBeKept) {
  const v1::Article a = Published("A");
  MakeList("front", v1::CuratedList::MANUAL, 2);
  Put("curatedLists/front", {{a, 0}});
  const v1::ReadFrontPageResponse first = ReadPage({"curatedLists/front"});
  EXPECT_EQ(first.cache().scope(), v1::CachePolicy::PUBLIC);
  EXPECT_EQ(first.cache().max_age().seconds(), 60);
  EXPECT_THAT(first.cache().surrogate_keys(),
              ElementsAre(a.name(), "contributors/news-desk", "curatedLists/front", "sections/national"));
  const v1::ReadFrontPageResponse again = ReadPage({"curatedLists/front"}, first.cache().etag());
  EXPECT_TRUE(again.not_modified());
  EXPECT_THAT(again.lists(), IsEmpty());

  Update(a, {});
  const std::vector<std::string> events = EventTypes();
  EXPECT_THAT(events, Contains("curated_list.updated")) << "whoever keeps the page hears of it";
  MakeList("latest", v1::CuratedList::AUTOMATIC, 2);
  EXPECT_THAT(ReadPage({"curatedLists/latest"}).cache().surrogate_keys(),
              IsSupersetOf({"curatedLists/latest", "publishedArticles"}));
}

TEST_F(FrontPageTest, IsKeptNoLongerThanItIsKnownToHold) {
  const v1::Article a = Published("A");
  MakeList("front", v1::CuratedList::MANUAL, 2);
  ASSERT_THAT(TryPlan("curatedLists/front", "*", absl::Now() + absl::Seconds(30), {{a, 0}}), IsOk());
  EXPECT_LE(ReadPage({"curatedLists/front"}).cache().max_age().seconds(), 30);
  ASSERT_THAT(TrySchedule(Create(Draft("Soon")).name(), absl::Now() + absl::Seconds(10)), IsOk());
  EXPECT_LE(ReadPage({"curatedLists/front"}).cache().max_age().seconds(), 10);
}

TEST_F(FrontPageTest, ShowsEditorsThePageOfTomorrowAndReadersThatPageTomorrow) {
  const v1::Article today = Published("Today");
  const v1::Article tomorrow = Create(Draft("Tomorrow"));
  const v1::Article held = Create(Draft("Held by lawyers"));
  const absl::Time nine = absl::Now() + absl::Hours(20);
  ASSERT_THAT(TrySchedule(tomorrow.name(), nine), IsOk());
  ASSERT_THAT(TrySchedule(held.name(), nine), IsOk());
  v1::Article hold = Get(held.name());
  hold.set_legal_hold(true);
  Update(hold, {"legal_hold"});
  MakeList("latest", v1::CuratedList::AUTOMATIC, 4, "section = \"sections/national\"");
  MakeList("front", v1::CuratedList::MANUAL, 4);
  Put("curatedLists/front", {{today, 0}});
  ASSERT_THAT(TryPlan("curatedLists/front", "*", nine, {{tomorrow, 1}, {today, 2}}), IsOk());

  EXPECT_THAT(Shown(Preview("curatedLists/latest", nine - absl::Hours(1)).list()), ElementsAre("1 Today"));
  const v1::PreviewedList latest = Preview("curatedLists/latest", nine + absl::Seconds(1));
  const v1::PreviewedList front = Preview("curatedLists/front", nine + absl::Seconds(1));
  EXPECT_THAT(Shown(latest.list()), ElementsAre("1 Tomorrow", "2 Today"));
  EXPECT_THAT(Shown(front.list()), ElementsAre("1* Tomorrow", "2* Today"));
  EXPECT_EQ(front.revision(), "curatedLists/front/revisions/2");
  EXPECT_THAT(Shown(ReadList("curatedLists/latest").list()), ElementsAre("1 Today")) << "readers wait";

  postgres_.MoveClock(absl::Hours(21));
  EXPECT_THAT(PublishDue(), IsOkAndHolds(1));
  EXPECT_THAT(Shown(ReadList("curatedLists/latest").list()), ElementsAre("1 Tomorrow", "2 Today"));
  EXPECT_THAT(Shown(ReadList("curatedLists/front").list()), ElementsAre("1* Tomorrow", "2* Today"));
}

TEST_F(FrontPageTest, PreviewsPlannedChangesTagsAndWithdrawals) {
  v1::CreateTagRequest tag;
  tag.set_tag_id("energy");
  tag.mutable_tag()->set_display_name("Energy");
  v1::Tag ignored_tag;
  ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateTag, tag, &ignored_tag, editor_), IsOk());
  v1::Article changing = Published("Before");
  changing.set_headline("After");
  changing.add_tags("tags/energy");
  Update(changing, {"headline", "tags"});
  ASSERT_THAT(TrySchedule(changing.name(), absl::Now() + absl::Hours(1)), IsOk());
  const v1::Article leaving = Create(Draft("Leaving"));
  v1::ScheduleArticleRequest plan;
  plan.set_name(leaving.name());
  plan.set_etag("*");
  plan.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(1)));
  plan.mutable_unpublish_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(3)));
  plan.set_time_zone("Europe/Kyiv");
  v1::Article ignored;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ScheduleArticle, plan, &ignored), IsOk());
  MakeList("energy", v1::CuratedList::AUTOMATIC, 4, "tags:\"tags/energy\"");
  MakeList("all", v1::CuratedList::AUTOMATIC, 4);

  EXPECT_THAT(Shown(Preview("curatedLists/energy", absl::Now()).list()), IsEmpty());
  EXPECT_THAT(Shown(Preview("curatedLists/energy", absl::Now() + absl::Hours(2)).list()), ElementsAre("1 After"));
  EXPECT_THAT(Shown(Preview("curatedLists/all", absl::Now() + absl::Hours(2)).list()),
              ElementsAre("1 Leaving", "2 After"));
  EXPECT_THAT(Shown(Preview("curatedLists/all", absl::Now() + absl::Hours(4)).list()), ElementsAre("1 After"));
  EXPECT_THAT(Shown(ReadList("curatedLists/all").list()), ElementsAre("1 Before"));
}

// Two lists that swap their stories, again and again: no page shows a story twice, or neither of them.
TEST_F(FrontPageTest, IsOneMomentOfTheNewsroom) {
  const v1::Article a = Published("A");
  const v1::Article b = Published("B");
  MakeList("front", v1::CuratedList::MANUAL, 1);
  MakeList("rest", v1::CuratedList::AUTOMATIC, 1);
  Put("curatedLists/front", {{a, 0}});
  std::atomic<bool> done = false;
  std::thread desk([&] {
    for (int i = 0; i < 60; ++i) {
      Put("curatedLists/front", {{i % 2 == 0 ? b : a, 0}});
      if (i % 7 != 0) continue;
      EXPECT_THAT(TryUnpublish(b.name()), IsOk());
      Publish(Get(b.name()));
    }
    done = true;
  });
  while (!done) {
    const v1::ReadFrontPageResponse page = ReadPage({"curatedLists/front", "curatedLists/rest"});
    std::multiset<std::string> shown;
    for (const v1::ResolvedList& list : page.lists()) {
      for (const v1::ResolvedItem& item : list.items()) shown.insert(item.article().name());
    }
    EXPECT_GE(shown.count(a.name()), 1u) << "it was public all the time";
    EXPECT_LE(shown.count(a.name()), 1u);
    EXPECT_LE(shown.count(b.name()), 1u);
  }
  desk.join();
}

}  // namespace
}  // namespace masthead::articles
