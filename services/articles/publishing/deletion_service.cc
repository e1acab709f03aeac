#include "services/articles/publishing/deletion_service.h"

#include <string>

#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"
#include "services/articles/publishing/deletion_store.h"
#include "services/articles/publishing/publishing.h"
#include "services/articles/publishing/state_machine.h"
#include "services/articles/slugs/slug_claim.h"
#include "services/articles/slugs/slug_store.h"

namespace masthead::articles {

void DeletionService::Register(rpc::Service& articles_service) {
  articles_service.Unary("DeleteArticle", this, &DeletionService::Delete);
  articles_service.Unary("UndeleteArticle", this, &DeletionService::Undelete);
  articles_service.Unary("PurgeArticle", this, &DeletionService::Purge);
}

absl::StatusOr<v1::Article> DeletionService::Delete(const Call& call, const v1::DeleteArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        RETURN_IF_ERROR(articles::Delete(article, Now(tx)));
        ReleaseSlugs(tx, article.id, {});
        RememberGonePaths(tx, article.id);
        SaveArticle(tx, article);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

absl::StatusOr<v1::Article> DeletionService::Undelete(const Call& call, const v1::UndeleteArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindDeletedArticleForChange(tx, id, request.etag(), change));
        RETURN_IF_ERROR(articles::Undelete(article, Now(tx)));
        if (ReclaimSlug(tx, article)) {
          ++article.revision;
          InsertRevision(tx, article, call.caller->principal(), article.update_time);
        }
        SaveArticle(tx, article);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

absl::StatusOr<v1::PurgeArticleResponse> DeletionService::Purge(const Call& call,
                                                                const v1::PurgeArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::PurgeArticleResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::PurgeArticleResponse> {
        ASSIGN_OR_RETURN(const Article article, FindDeletedArticleForChange(tx, id, request.etag(), change));
        RETURN_IF_ERROR(Check(article, Action::kPurge));
        PurgeArticle(tx, article);
        change.revision_after = article.version + 1;
        return v1::PurgeArticleResponse();
      });
}

}  // namespace masthead::articles
