#include "services/articles/live/breakout_service.h"

#include <optional>
#include <string>
#include <utility>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/editing/saving.h"
#include "services/articles/live/live_lookup.h"
#include "services/articles/live/live_proto.h"
#include "services/articles/live/live_store.h"

namespace masthead::articles {
namespace {

// The scheme of the alternative ID by which an article names the update that it was made of.
constexpr char kScheme[] = "live_update";

// What the article of an update says: what the update says, and where there is more.
Written BreakoutOf(const LiveUpdate& update, const std::string& section_id) {
  Written breakout = {.article = {}, .fields = AllFields()};
  Content& content = breakout.article.content;
  content.headline = update.headline;
  content.section_id = section_id;
  content.body = update.body;
  content.body.push_back({.id = "", .kind = LiveCoverageBlock{update.coverage_id}});
  for (const std::string& id : update.contributor_ids) content.bylines.push_back({.contributor_id = id});
  breakout.article.alt_ids = {{kScheme, LiveUpdateName(update.coverage_id, update.id)}};
  return breakout;
}

// The article that was made of the update, unless it was purged. ARTICLE_NOT_FOUND while it is deleted.
absl::StatusOr<std::optional<Article>> FindBreakout(db::Transaction& tx, const LiveUpdate& update) {
  if (update.breakout_article_id.empty()) return std::nullopt;
  std::optional<Article> article = LoadArticle(tx, update.breakout_article_id);
  if (!article.has_value() && LockDeletedArticle(tx, update.breakout_article_id).has_value()) {
    return FindArticle(tx, update.breakout_article_id).status();
  }
  return article;
}

}  // namespace

void BreakoutService::Register(rpc::Service& live_coverage_service) {
  live_coverage_service.Unary("PromoteLiveUpdate", this, &BreakoutService::Promote);
}

absl::StatusOr<v1::Article> BreakoutService::Promote(const Call& call, const v1::PromoteLiveUpdateRequest& request) {
  ASSIGN_OR_RETURN(const LiveUpdateKey key, ParseLiveUpdateKey("name", request.name()));
  FieldViolations violations;
  std::string section_id;
  if (!request.section().empty()) section_id = ParseId("section", request.section(), "sections/*", violations);
  const bool is_id = request.article_id().empty() || ids::IsResourceId(request.article_id());
  if (!is_id) violations.Add("article_id", "is not [a-z]([a-z0-9-]{0,61}[a-z0-9])? or a UUID");
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(LiveUpdate update, FindLiveUpdateForChange(tx, key, request.etag(), change));
        ASSIGN_OR_RETURN(const std::optional<Article> existing, FindBreakout(tx, update));
        if (existing.has_value()) return ToProto(*existing);
        FieldViolations wrong;
        const std::string language = LoadLiveCoverage(tx, key.coverage_id)->language_code;
        Article article =
            NewArticle("article_id", request.article_id(), "live_coverage.language_code", language, wrong);
        RETURN_IF_ERROR(wrong.ToStatus());
        RETURN_IF_ERROR(CreateDraft(tx, Editor(*call.caller), BreakoutOf(update, section_id), article));
        update.breakout_article_id = article.id;
        update.seq = NextSeq(tx, key.coverage_id);
        change.revision_after = ++update.revision;
        change.others = {
            {.resource = ArticleName(article.id), .revision_before = 0, .revision_after = article.version}};
        SaveLiveUpdate(tx, update);
        tx.AfterCommit([this] { changed_.Ring(); });
        return ToProto(article);
      });
}

}  // namespace masthead::articles
