#include "services/articles/exchange/exchange_service.h"

#include <optional>
#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "common/filter/filter.h"
#include "services/articles/article/article_list_store.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/errors.h"
#include "services/articles/exchange/export_stream.h"
#include "services/articles/exchange/import_dialogue.h"
#include "services/articles/exchange/import_store.h"

namespace masthead::articles {

ExchangeService::ExchangeService(db::Database& database, Announcer& announcer, const HouseRules& rules)
    : database_(database),
      announcer_(announcer),
      rules_(rules),
      service_(*v1::ImportArticlesRequest::descriptor()->file()->FindServiceByName("ExchangeService")) {
  service_.BidiStream("ImportArticles", this, &ExchangeService::Import);
  service_.ServerStream("ExportArticles", this, &ExchangeService::Export);
}

absl::StatusOr<std::unique_ptr<ExchangeService::ImportStream>> ExchangeService::Import(const rpc::Call& call) {
  return std::make_unique<ImportDialogue>(database_, announcer_, rules_, call);
}

absl::StatusOr<std::unique_ptr<ExchangeService::ExportedStream>> ExchangeService::Export(
    const rpc::Call& call, const v1::ExportArticlesRequest& request) {
  ASSIGN_OR_RETURN(filter::Filter filter, filter::Filter::Parse(request.filter(), ArticleFields()));
  ASSIGN_OR_RETURN(filter::Order order, ParseArticleOrder("create_time asc"));
  std::optional<filter::Position> after;
  if (!request.after().empty()) {
    ASSIGN_OR_RETURN(const std::string id, ParseArticleId("after", request.after()));
    ASSIGN_OR_RETURN(after, database_.Read(call.scope, [&](db::Transaction& tx) { return LoadPosition(tx, id); }));
    if (!after.has_value()) return ArticleNotFound(request.after());
  }
  return std::make_unique<ExportStream>(database_, std::move(filter), std::move(order), std::move(after),
                                        request.all_revisions());
}

}  // namespace masthead::articles
