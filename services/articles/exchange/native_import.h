// Brings back what ExportArticles gave: the same names, states, histories and etags.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/idempotency/mutation.h"
#include "common/rpc/call.h"
#include "masthead/articles/v1/exchange_service.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/exchange/native_proto.h"
#include "services/articles/exchange/record.h"

namespace masthead::articles {

// JSON of ExportArticlesResponse, one after the other.
std::unique_ptr<RecordReader> MakeNativeReader();

class NativeImport {
 public:
  NativeImport(db::Database& database, Announcer& announcer, const v1::ImportArticlesRequest& request)
      : database_(database), announcer_(announcer), request_(request) {}

  // As ArticleImport::Import. What exists under its name stays as it is: UNCHANGED if it is the same, else SKIPPED.
  absl::StatusOr<v1::ImportedItem> Import(const rpc::Call& call, const std::string& json, Lookup lookup);

 private:
  absl::Status ImportArticle(const rpc::Call& call, const v1::ExportedArticle& exported, Lookup lookup,
                             v1::ImportedItem& report);
  absl::Status Restore(db::Transaction& tx, const rpc::Call& call, ArchivedArticle& archived);
  template <typename Kind>
  absl::Status ImportTopic(const rpc::Call& call, const typename Kind::Proto& proto, v1::ImportedItem& report);

  db::Database& database_;
  Announcer& announcer_;
  const v1::ImportArticlesRequest& request_;
};

}  // namespace masthead::articles
