// One item of an archive becomes an article, once: in one transaction, known again by its alternative IDs.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/idempotency/mutation.h"
#include "common/rpc/call.h"
#include "masthead/articles/v1/exchange_service.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/exchange/imported_topics.h"
#include "services/articles/exchange/item.h"
#include "services/articles/publishing/house_rules.h"

namespace masthead::articles {

// What holds for all items of an import.
struct ImportSettings {
  v1::ImportArticlesRequest request;  // The first message, without data.
  ImportDefaults defaults;
  DefaultTopics topics;
};

class ArticleImport {
 public:
  ArticleImport(db::Database& database, Announcer& announcer, const HouseRules& rules, const ImportSettings& settings)
      : database_(database), announcer_(announcer), rules_(rules), settings_(settings) {}

  // What became of it: every refusal is an answer. An error only for what ends the import, and may go better later.
  absl::StatusOr<v1::ImportedItem> Import(const rpc::Call& call, Item item);

  // Makes links of an article that was imported lead to the new places of others. Whether any did not before.
  absl::StatusOr<bool> Relink(const rpc::Call& call, const std::string& article_id);

  // The site whose links are the archive's own; empty if links stay as they are.
  std::string site() const;

 private:
  absl::Status Write(db::Transaction& tx, const rpc::Call& call, const std::string& digest, Item item,
                     idempotency::Change& change, v1::ImportedItem& report);
  absl::Status Create(db::Transaction& tx, const rpc::Call& call, Item& item, Article& article);
  // The article is locked.
  absl::Status Renew(db::Transaction& tx, const rpc::Call& call, Item& item, Article& article);
  // Gives a new draft the state that it had.
  absl::Status Release(db::Transaction& tx, Item& item, Article& article);
  absl::Status MakePublic(db::Transaction& tx, const Item& item, Article& article, absl::Time now);
  void NoteOrigin(db::Transaction& tx, const Item& item, const Article& article, const std::string& digest);

  db::Database& database_;
  Announcer& announcer_;
  const HouseRules& rules_;
  const ImportSettings& settings_;
};

// Whether `status` is about the item, and not about the moment.
bool IsAboutTheItem(const absl::Status& status);

// Tells a refusal.
void Refuse(const absl::Status& status, v1::ImportedItem& report);
void Skip(absl::string_view why, v1::ImportedItem& report);

}  // namespace masthead::articles
