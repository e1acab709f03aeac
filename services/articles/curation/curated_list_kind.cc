#include "services/articles/curation/curated_list_kind.h"

#include "common/base/status_macros.h"
#include "services/articles/curation/curated_list_proto.h"
#include "services/articles/curation/front_page_store.h"

namespace masthead::articles {

void CuratedListKind::ParseImmutable(const Proto& proto, Resource& list, FieldViolations& violations) {
  list.kind = ParseKind(proto.kind(), violations);
}

absl::Status CuratedListKind::Insert(db::Transaction& tx, Resource& list) {
  RETURN_IF_ERROR(ParseListFilter(list).status());
  return InsertCuratedList(tx, list) ? absl::OkStatus() : CuratedListIdTaken(CuratedListName(list.id));
}

absl::Status CuratedListKind::Save(db::Transaction& tx, Announcer&, const Resource&, Resource& list) {
  RETURN_IF_ERROR(ParseListFilter(list).status());
  SaveCuratedList(tx, list);
  return absl::OkStatus();
}

}  // namespace masthead::articles
