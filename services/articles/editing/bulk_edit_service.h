// BulkEditArticles: one edit of many articles, chosen by a filter. The choice is one transaction, each article another,
// so that none is held up by the others; a call that breaks off is taken up where it was by its repetition.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/article_batch.pb.h"
#include "services/articles/editing/tag_edit.h"

namespace masthead::articles {

class BulkEditService {
 public:
  explicit BulkEditService(db::Database& database) : database_(database) {}

  void Register(rpc::Service& articles_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::BulkEditArticlesResponse> BulkEdit(const Call&, const v1::BulkEditArticlesRequest&);

  struct Edit;
  absl::StatusOr<v1::BulkEditArticlesResponse> Choose(const Call&, const v1::BulkEditArticlesRequest&);
  // What came of one chosen article; an error only if nothing can be told of it.
  absl::StatusOr<v1::BulkEditResult> EditOne(const Call&, const Edit&, const v1::BulkEditResult& chosen);

  db::Database& database_;
};

}  // namespace masthead::articles
