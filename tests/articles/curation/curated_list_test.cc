#include "services/articles/curation/curated_list.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/articles/article/violations.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

CuratedList List(CuratedList::Kind kind) {
  return {.id = "front", .kind = kind, .display_name = "Front page", .max_items = 5};
}

std::vector<std::string> WrongSlots(CuratedList::Kind kind, const std::vector<Slot>& slots) {
  FieldViolations violations;
  CheckSlots(List(kind), slots, violations);
  return FieldsOf(violations);
}

TEST(CheckSlots, LetsAManualListMixPinsAndAnOrder) {
  EXPECT_THAT(WrongSlots(CuratedList::Kind::kManual, {{"a", 0}, {"b", 2}, {"c", 0}}), IsEmpty());
}

TEST(CheckSlots, WantsAPositionOfEveryPinInAnAutomaticList) {
  EXPECT_THAT(WrongSlots(CuratedList::Kind::kAutomatic, {{"a", 1}, {"b", 0}}), ElementsAre("slots[1].position"));
}

TEST(CheckSlots, RefusesAnArticleOrAPositionTwiceAndPositionsThatAreNotThere) {
  EXPECT_THAT(WrongSlots(CuratedList::Kind::kManual, {{"a", 1}, {"a", 2}, {"b", 2}, {"c", 6}, {"d", -1}}),
              ElementsAre("slots[1].article", "slots[2].position", "slots[3].position", "slots[4].position"));
}

TEST(CheckCuratedList, TellsAllThatIsWrong) {
  CuratedList list = List(CuratedList::Kind::kManual);
  list.display_name = " ";
  list.filter = "section = \"sections/war\"";
  list.max_items = 101;
  FieldViolations violations;
  CheckCuratedList(list, violations);
  EXPECT_THAT(FieldsOf(violations),
              ElementsAre("curated_list.display_name", "curated_list.filter", "curated_list.max_items"));
}

}  // namespace
}  // namespace masthead::articles
