// The gRPC face of curated lists for the newsroom: what lists are, and what is in them.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/articles/v1/curated_lists_service.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/curation/curated_list_kind.h"
#include "services/articles/taxonomy/catalogue.h"

namespace masthead::articles {

class CuratedListsService {
 public:
  CuratedListsService(db::Database& database, Announcer& announcer, const crypto::MacKey& key)
      : database_(database), announcer_(announcer), page_tokens_(key), lists_(database, announcer, page_tokens_) {}

  void Register(rpc::Service& curated_lists_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::CuratedList> Get(const Call&, const v1::GetCuratedListRequest&);
  absl::StatusOr<v1::ListCuratedListsResponse> List(const Call&, const v1::ListCuratedListsRequest&);
  absl::StatusOr<v1::CuratedList> Create(const Call&, const v1::CreateCuratedListRequest&);
  absl::StatusOr<v1::CuratedList> Update(const Call&, const v1::UpdateCuratedListRequest&);
  absl::StatusOr<google::protobuf::Empty> Delete(const Call&, const v1::DeleteCuratedListRequest&);
  absl::StatusOr<v1::CuratedList> UpdateSlots(const Call&, const v1::UpdateSlotsRequest&);
  absl::StatusOr<v1::CuratedListRevision> ScheduleSlots(const Call&, const v1::ScheduleSlotsRequest&);
  absl::StatusOr<v1::CuratedList> UnscheduleSlots(const Call&, const v1::UnscheduleSlotsRequest&);
  absl::StatusOr<v1::ListCuratedListRevisionsResponse> ListRevisions(const Call&,
                                                                     const v1::ListCuratedListRevisionsRequest&);

  db::Database& database_;
  Announcer& announcer_;
  const paging::PageTokens page_tokens_;
  Catalogue<CuratedListKind> lists_;
};

}  // namespace masthead::articles
