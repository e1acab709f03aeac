// One call of ImportArticles: takes a file in parts, keeps its records, then imports them one by one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "masthead/articles/v1/exchange_service.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/exchange/article_import.h"
#include "services/articles/exchange/record.h"

namespace masthead::articles {

// Holds the record at hand, those of the last message that were not stored yet, and nothing else of the file.
class ImportDialogue final : public rpc::Dialogue<v1::ImportArticlesRequest, v1::ImportArticlesResponse> {
 public:
  using Next = rpc::Next<v1::ImportArticlesResponse>;

  ImportDialogue(db::Database& database, Announcer& announcer, const HouseRules& rules, const rpc::Call& call);

  absl::Status Take(const Scope& scope, const v1::ImportArticlesRequest& request) override;
  absl::Status TakeEnd(const Scope& scope) override;
  absl::StatusOr<Next> Ask(const Scope& scope) override;

 private:
  absl::Status Open(const Scope& scope, const v1::ImportArticlesRequest& request);
  absl::Status Store(const Scope& scope);
  absl::StatusOr<v1::ImportedItem> ImportOne(const rpc::Call& call, const std::string& json);
  absl::StatusOr<Item> MakeItem(db::Transaction& tx, const std::string& json) const;
  absl::StatusOr<Next> ImportNext(const rpc::Call& call);
  absl::StatusOr<Next> RelinkNext(const rpc::Call& call);
  void Count(v1::ImportedItem::Outcome outcome);

  db::Database& database_;
  Announcer& announcer_;
  const HouseRules& rules_;
  const rpc::Call call_;
  const std::string import_id_;

  ImportSettings settings_;
  std::unique_ptr<RecordReader> reader_;  // Null before the first message.
  std::vector<Record> records_;           // Not stored yet.
  int64_t stored_ = 0;
  int64_t items_ = 0;  // Of those stored.

  enum class Phase { kTaking, kImporting, kRelinking, kDone } phase_ = Phase::kTaking;
  int64_t seq_ = 0;  // Of the last record that was imported.
  int64_t imported_ = 0;
  std::string relinked_;  // The last article whose links were looked at.
  v1::ImportSummary summary_;
};

}  // namespace masthead::articles
