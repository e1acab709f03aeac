#include "services/articles/curation/curated_lists_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/article.h"
#include "services/articles/curation/announcements.h"
#include "services/articles/curation/curated_list_proto.h"
#include "services/articles/curation/curated_list_store.h"
#include "services/articles/errors.h"

namespace masthead::articles {
namespace {

using Lists = Catalogue<CuratedListKind>;

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 100;
constexpr int kKeptRevisions = 100;
constexpr int kMaxScheduled = 20;

struct RevisionKey {
  std::string list_id;
  int64_t number = 0;
};

absl::StatusOr<RevisionKey> ParseRevisionKey(const std::string& name) {
  const std::vector<std::string> parts = absl::StrSplit(name, absl::MaxSplits("/revisions/", 1));
  RevisionKey key;
  const bool is_name = parts.size() == 2 && absl::SimpleAtoi(parts[1], &key.number) && key.number > 0;
  if (is_name) {
    if (absl::StatusOr<std::string> id = Lists::ParseId("name", parts[0]); id.ok()) key.list_id = *std::move(id);
  }
  FieldViolations violations;
  if (key.list_id.empty() || ListRevisionName(key.list_id, key.number) != name) {
    violations.Add("name", "is no name curatedLists/{curated_list}/revisions/{n}");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return key;
}

// The list, locked, if its etag is the current one.
absl::StatusOr<CuratedList> FindForSlots(db::Transaction& tx, const std::string& id, absl::string_view etag,
                                         idempotency::Change& change) {
  std::optional<CuratedList> list = LockCuratedList(tx, id);
  if (!list.has_value()) return CuratedListNotFound(CuratedListName(id));
  const absl::Status fresh = resource::CheckEtag(etag, list->version, CuratedListName(id));
  if (absl::IsAborted(fresh)) {
    return ListChanged(CuratedListName(id), resource::Etag(list->version), list->slots_editor, list->slots_time);
  }
  RETURN_IF_ERROR(fresh);
  change = {.resource = CuratedListName(id), .revision_before = list->version, .revision_after = list->version};
  return *std::move(list);
}

absl::Status CheckNewSlots(db::Transaction& tx, const CuratedList& list, const std::vector<Slot>& slots) {
  FieldViolations violations;
  CheckSlots(list, slots, violations);
  std::vector<std::string> ids;
  for (const Slot& slot : slots) ids.push_back(slot.article_id);
  for (const std::string& missing : FindMissingArticles(tx, ids)) {
    for (size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] == missing) violations.Add(absl::StrCat("slots[", i, "].article"), "names no article");
    }
  }
  return violations.ToStatus();
}

std::optional<RevisionPosition> PositionFrom(const std::vector<std::string>& keys) {
  int64_t micros = 0;
  RevisionPosition position;
  if (keys.size() != 2 || !absl::SimpleAtoi(keys[0], &micros) || !absl::SimpleAtoi(keys[1], &position.number)) {
    return std::nullopt;
  }
  position.effective_time = absl::FromUnixMicros(micros);
  return position;
}

}  // namespace

void CuratedListsService::Register(rpc::Service& curated_lists_service) {
  curated_lists_service.Unary("GetCuratedList", this, &CuratedListsService::Get);
  curated_lists_service.Unary("ListCuratedLists", this, &CuratedListsService::List);
  curated_lists_service.Unary("CreateCuratedList", this, &CuratedListsService::Create);
  curated_lists_service.Unary("UpdateCuratedList", this, &CuratedListsService::Update);
  curated_lists_service.Unary("DeleteCuratedList", this, &CuratedListsService::Delete);
  curated_lists_service.Unary("UpdateSlots", this, &CuratedListsService::UpdateSlots);
  curated_lists_service.Unary("ScheduleSlots", this, &CuratedListsService::ScheduleSlots);
  curated_lists_service.Unary("UnscheduleSlots", this, &CuratedListsService::UnscheduleSlots);
  curated_lists_service.Unary("ListCuratedListRevisions", this, &CuratedListsService::ListRevisions);
}

absl::StatusOr<v1::CuratedList> CuratedListsService::Get(const Call& call, const v1::GetCuratedListRequest& request) {
  return lists_.Get(call, request);
}

absl::StatusOr<v1::ListCuratedListsResponse> CuratedListsService::List(const Call& call,
                                                                       const v1::ListCuratedListsRequest& request) {
  v1::ListCuratedListsResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   lists_.List(call, request, [&] { return response.add_curated_lists(); }));
  return response;
}

absl::StatusOr<v1::CuratedList> CuratedListsService::Create(const Call& call,
                                                            const v1::CreateCuratedListRequest& request) {
  return lists_.Create(call, request, request.curated_list(), request.curated_list_id());
}

absl::StatusOr<v1::CuratedList> CuratedListsService::Update(const Call& call,
                                                            const v1::UpdateCuratedListRequest& request) {
  return lists_.Update(call, request, request.curated_list());
}

absl::StatusOr<google::protobuf::Empty> CuratedListsService::Delete(const Call& call,
                                                                    const v1::DeleteCuratedListRequest& request) {
  return lists_.Delete(call, request);
}

absl::StatusOr<v1::CuratedList> CuratedListsService::UpdateSlots(const Call& call,
                                                                 const v1::UpdateSlotsRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, Lists::ParseId("name", request.name()));
  FieldViolations violations;
  const std::vector<Slot> slots = ParseSlots(request.slots(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::CuratedList>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::CuratedList> {
        ASSIGN_OR_RETURN(CuratedList list, FindForSlots(tx, id, request.etag(), change));
        RETURN_IF_ERROR(CheckNewSlots(tx, list, slots));
        if (slots == list.slots) return ToProto(list);
        InsertListRevision(tx, list, slots, call.caller->principal(), std::nullopt);
        ForgetListRevisions(tx, id, kKeptRevisions);
        Announce(tx, announcer_, list, Happening::kUpdated);
        change.revision_after = list.version;
        return ToProto(list);
      });
}

absl::StatusOr<v1::CuratedListRevision> CuratedListsService::ScheduleSlots(const Call& call,
                                                                           const v1::ScheduleSlotsRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, Lists::ParseId("name", request.name()));
  FieldViolations violations;
  const std::vector<Slot> slots = ParseSlots(request.slots(), violations);
  if (!request.has_effective_time()) violations.Add("effective_time", "is required");
  const absl::Time effective_time = resource::ParseTimestamp("effective_time", request.effective_time(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::CuratedListRevision>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::CuratedListRevision> {
        ASSIGN_OR_RETURN(CuratedList list, FindForSlots(tx, id, request.etag(), change));
        RETURN_IF_ERROR(CheckNewSlots(tx, list, slots));
        if (const absl::Time now = db::Now(tx); effective_time <= now) return ScheduleInPast(effective_time, now);
        if (CountScheduledRevisions(tx, id) >= kMaxScheduled) return ListScheduleLimit(request.name(), kMaxScheduled);
        const ListRevision revision = InsertListRevision(tx, list, slots, call.caller->principal(), effective_time);
        AnnounceScheduled(tx, announcer_, list);
        change.revision_after = list.version;
        return ToProto(revision);
      });
}

absl::StatusOr<v1::CuratedList> CuratedListsService::UnscheduleSlots(const Call& call,
                                                                     const v1::UnscheduleSlotsRequest& request) {
  ASSIGN_OR_RETURN(const RevisionKey key, ParseRevisionKey(request.name()));
  return idempotency::Mutate<v1::CuratedList>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::CuratedList> {
        ASSIGN_OR_RETURN(CuratedList list, FindForSlots(tx, key.list_id, request.etag(), change));
        const std::optional<ListRevision> revision = LoadListRevision(tx, key.list_id, key.number);
        if (!revision.has_value()) return ListRevisionNotFound(request.name());
        if (revision->effective_time <= db::Now(tx)) {
          return ListRevisionInEffect(request.name(), revision->effective_time);
        }
        RemoveListRevision(tx, list, key.number);
        AnnounceScheduled(tx, announcer_, list);
        change.revision_after = list.version;
        return ToProto(list);
      });
}

absl::StatusOr<v1::ListCuratedListRevisionsResponse> CuratedListsService::ListRevisions(
    const Call& call, const v1::ListCuratedListRevisionsRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const std::string id, Lists::ParseId("parent", request.parent()));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListCuratedListRevisionsResponse> {
    if (!LoadCuratedList(tx, id).has_value()) return CuratedListNotFound(request.parent());
    std::vector<ListRevision> page = LoadListRevisions(tx, id, PositionFrom(keys), limit + 1);
    v1::ListCuratedListRevisionsResponse response;
    if (static_cast<int>(page.size()) > limit) {
      page.resize(limit);
      response.set_next_page_token(page_tokens_.Make(
          call.caller->principal(), request,
          {absl::StrCat(absl::ToUnixMicros(page.back().effective_time)), absl::StrCat(page.back().number)}));
    }
    for (const ListRevision& revision : page) *response.add_curated_list_revisions() = ToProto(revision);
    return response;
  });
}

}  // namespace masthead::articles
