#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "tests/articles/curation/curated_desk.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::masthead::testing::ToStatus;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class CuratedListsServiceTest : public CuratedDesk {};

TEST_F(CuratedListsServiceTest, KeepsWhatAListIs) {
  const v1::CuratedList made = MakeList("latest", v1::CuratedList::AUTOMATIC, 10, "language_code = en");
  EXPECT_EQ(made.name(), "curatedLists/latest");
  EXPECT_EQ(GetList(made.name()).DebugString(), made.DebugString());

  v1::UpdateCuratedListRequest update;
  *update.mutable_curated_list() = made;
  update.mutable_curated_list()->set_display_name("The latest");
  v1::CuratedList updated;
  ASSERT_THAT(Curate(&Stub::UpdateCuratedList, update, &updated), IsOk());
  EXPECT_EQ(updated.display_name(), "The latest");
  EXPECT_NE(updated.etag(), made.etag());
  EXPECT_THAT(Curate(&Stub::UpdateCuratedList, update, &updated),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));

  v1::ListCuratedListsResponse listed;
  ASSERT_THAT(Curate(&Stub::ListCuratedLists, v1::ListCuratedListsRequest(), &listed), IsOk());
  ASSERT_EQ(listed.curated_lists_size(), 1);

  v1::DeleteCuratedListRequest deletion;
  deletion.set_name(made.name());
  deletion.set_etag("*");
  google::protobuf::Empty nothing;
  ASSERT_THAT(Curate(&Stub::DeleteCuratedList, deletion, &nothing), IsOk());
  EXPECT_THAT(Curate(&Stub::DeleteCuratedList, deletion, &nothing),
              StatusIs(absl::StatusCode::kNotFound, "CURATED_LIST_NOT_FOUND"));
  EXPECT_EQ(Events().back().type(), "curated_list.deleted");
}

TEST_F(CuratedListsServiceTest, RefusesAFilterThatReadersMayNotUse) {
  v1::CreateCuratedListRequest request;
  request.mutable_curated_list()->set_display_name("Drafts");
  request.mutable_curated_list()->set_kind(v1::CuratedList::AUTOMATIC);
  request.mutable_curated_list()->set_max_items(3);
  request.mutable_curated_list()->set_filter("state = DRAFT");
  v1::CuratedList list;
  EXPECT_THAT(Curate(&Stub::CreateCuratedList, request, &list),
              StatusIs(absl::StatusCode::kInvalidArgument, "BAD_FILTER"));
}

TEST_F(CuratedListsServiceTest, LosesNobodysSlots) {
  const v1::Article a = Published("A");
  const v1::Article b = Published("B");
  const v1::CuratedList read = MakeList("front", v1::CuratedList::MANUAL, 5);
  v1::CuratedList first;
  ASSERT_THAT(TryPut(read.name(), read.etag(), {{a, 0}}, &first), IsOk());
  EXPECT_EQ(first.revision(), "curatedLists/front/revisions/1");

  const grpc::Status second = TryPut(read.name(), read.etag(), {{b, 0}});
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kAborted, "LIST_CHANGED"));
  EXPECT_EQ(ErrorMetadata(ToStatus(second), "etag"), first.etag());
  EXPECT_THAT(ErrorMetadata(ToStatus(second), "editor"), Not(IsEmpty()));
  EXPECT_THAT(ErrorMetadata(ToStatus(second), "effective_time"), Not(IsEmpty()));
  EXPECT_THAT(TryPut(read.name(), "", {{b, 0}}), StatusIs(absl::StatusCode::kInvalidArgument, "ETAG_REQUIRED"));

  v1::CuratedList same;
  ASSERT_THAT(TryPut(read.name(), first.etag(), {{a, 0}}, &same), IsOk());
  EXPECT_EQ(same.etag(), first.etag()) << "the same slots write nothing";
}

TEST_F(CuratedListsServiceTest, RefusesSlotsOfArticlesThatAreNotThere) {
  const v1::Article deleted = Create(Draft("Deleted"));
  ASSERT_THAT(Move<v1::DeleteArticleRequest>(&v1::ArticlesService::Stub::DeleteArticle, deleted.name()), IsOk());
  MakeList("front", v1::CuratedList::MANUAL, 5);
  EXPECT_THAT(TryPut("curatedLists/front", "*", {{deleted, 0}}),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(CuratedListsServiceTest, ChangesByItselfWhenScheduledSlotsTakeEffect) {
  const v1::Article morning = Published("Morning");
  const v1::Article noon = Published("Noon");
  MakeList("front", v1::CuratedList::MANUAL, 5);
  Put("curatedLists/front", {{morning, 0}});
  const absl::Time time = absl::Now() + absl::Hours(1);
  v1::CuratedListRevision planned;
  ASSERT_THAT(TryPlan("curatedLists/front", "*", time, {{noon, 0}}, &planned), IsOk());
  EXPECT_EQ(Events().back().type(), "curated_list.scheduled");
  EXPECT_EQ(Events().back().curated_list_changed().next_effective_time().seconds(), absl::ToUnixSeconds(time));
  const v1::CuratedList before = GetList("curatedLists/front");
  EXPECT_THAT(Shown(ReadList("curatedLists/front").list()), ElementsAre("1 Morning"));

  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(1));
  EXPECT_THAT(Shown(ReadList("curatedLists/front").list()), ElementsAre("1 Noon"));
  const v1::CuratedList after = GetList("curatedLists/front");
  EXPECT_EQ(after.revision(), planned.name());
  EXPECT_NE(after.etag(), before.etag());
  EXPECT_THAT(TryPut("curatedLists/front", before.etag(), {{morning, 0}}),
              StatusIs(absl::StatusCode::kAborted, "LIST_CHANGED"));
  EXPECT_THAT(TryPut("curatedLists/front", after.etag(), {{morning, 0}}), IsOk());
}

TEST_F(CuratedListsServiceTest, CallsScheduledSlotsOffUntilTheyTakeEffect) {
  const v1::Article a = Published("A");
  MakeList("front", v1::CuratedList::MANUAL, 5);
  v1::CuratedListRevision first;
  v1::CuratedListRevision second;
  ASSERT_THAT(TryPlan("curatedLists/front", "*", absl::Now() + absl::Hours(1), {{a, 0}}, &first), IsOk());
  ASSERT_THAT(TryPlan("curatedLists/front", "*", absl::Now() + absl::Hours(2), {}, &second), IsOk());
  v1::UnscheduleSlotsRequest off;
  off.set_name(first.name());
  off.set_etag("*");
  v1::CuratedList list;
  ASSERT_THAT(Curate(&Stub::UnscheduleSlots, off, &list), IsOk());
  EXPECT_EQ(list.next_effective_time().seconds(), second.effective_time().seconds());
  EXPECT_THAT(Curate(&Stub::UnscheduleSlots, off, &list),
              StatusIs(absl::StatusCode::kNotFound, "LIST_REVISION_NOT_FOUND"));

  postgres_.MoveClock(absl::Hours(3));
  off.set_name(second.name());
  EXPECT_THAT(Curate(&Stub::UnscheduleSlots, off, &list),
              StatusIs(absl::StatusCode::kFailedPrecondition, "LIST_REVISION_IN_EFFECT"));
  EXPECT_THAT(TryPlan("curatedLists/front", "*", absl::Now(), {}),
              StatusIs(absl::StatusCode::kInvalidArgument, "SCHEDULE_IN_PAST"));
}

TEST_F(CuratedListsServiceTest, LetsOnlySoManyRevisionsWait) {
  MakeList("front", v1::CuratedList::MANUAL, 5);
  for (int hour = 1; hour <= 20; ++hour) {
    ASSERT_THAT(TryPlan("curatedLists/front", "*", absl::Now() + absl::Hours(hour), {}), IsOk());
  }
  EXPECT_THAT(TryPlan("curatedLists/front", "*", absl::Now() + absl::Hours(21), {}),
              StatusIs(absl::StatusCode::kResourceExhausted, "LIST_SCHEDULE_LIMIT"));
}

TEST_F(CuratedListsServiceTest, RemembersTheLatestHundredRevisionsWithoutTurningAnEtagBack) {
  const v1::Article a = Published("A");
  MakeList("front", v1::CuratedList::MANUAL, 5);
  ASSERT_THAT(TryPlan("curatedLists/front", "*", absl::Now() + absl::Minutes(1), {{a, 0}}), IsOk());
  postgres_.MoveClock(absl::Minutes(2));
  std::set<std::string> etags;
  int puts = 0;
  for (int i = 0; i < 105; ++i) {
    const v1::CuratedList list = Put("curatedLists/front", i % 2 == 0 ? Slots{} : Slots{{a, 0}});
    EXPECT_TRUE(etags.insert(list.etag()).second) << list.etag();
    EXPECT_EQ(GetList("curatedLists/front").etag(), list.etag()) << ++puts;
  }
  std::vector<std::string> names;
  v1::ListCuratedListRevisionsRequest request;
  request.set_parent("curatedLists/front");
  request.set_page_size(30);
  do {
    v1::ListCuratedListRevisionsResponse response;
    ASSERT_THAT(Curate(&Stub::ListCuratedListRevisions, request, &response), IsOk());
    for (const auto& revision : response.curated_list_revisions()) names.push_back(revision.name());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(names.size(), 100u);
  EXPECT_EQ(names.front(), "curatedLists/front/revisions/106");
  EXPECT_THAT(names, Not(Contains("curatedLists/front/revisions/1")));
}

TEST_F(CuratedListsServiceTest, GivesReadersNothingToWrite) {
  v1::GetResolvedListRequest request;
  request.set_name("curatedLists/front");
  v1::GetResolvedListResponse response;
  EXPECT_THAT(Call(*curating_, &Stub::GetResolvedList, request, &response, ""),
              StatusIs(absl::StatusCode::kUnauthenticated));
  v1::ReadCuratedListRequest read;
  read.set_name("curatedLists/front");
  v1::ReadCuratedListResponse answer;
  EXPECT_THAT(Call(*curating_, &Stub::ReadCuratedList, read, &answer, ""),
              StatusIs(absl::StatusCode::kNotFound, "CURATED_LIST_NOT_FOUND"));
}

}  // namespace
}  // namespace masthead::articles
