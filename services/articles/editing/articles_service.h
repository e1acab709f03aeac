// The gRPC face of editing: each RPC one method.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/articles_service.pb.h"
#include "services/articles/announcing/announcer.h"

namespace masthead::articles {

class ArticlesService {
 public:
  ArticlesService(db::Database& database, Announcer& announcer, const crypto::MacKey& key);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Article> Get(const Call&, const v1::GetArticleRequest&);
  absl::StatusOr<v1::ListArticlesResponse> List(const Call&, const v1::ListArticlesRequest&);
  absl::StatusOr<v1::Article> Create(const Call&, const v1::CreateArticleRequest&);
  absl::StatusOr<v1::Article> Update(const Call&, const v1::UpdateArticleRequest&);
  absl::StatusOr<v1::Article> Delete(const Call&, const v1::DeleteArticleRequest&);

  // articles_service_publishing.cc
  absl::StatusOr<v1::Article> Publish(const Call&, const v1::PublishArticleRequest&);
  absl::StatusOr<v1::Article> Unpublish(const Call&, const v1::UnpublishArticleRequest&);
  absl::StatusOr<v1::Article> Schedule(const Call&, const v1::ScheduleArticleRequest&);
  absl::StatusOr<v1::Article> Unschedule(const Call&, const v1::UnscheduleArticleRequest&);

  // articles_service_revisions.cc
  absl::StatusOr<v1::ArticleRevision> GetRevision(const Call&, const v1::GetArticleRevisionRequest&);
  absl::StatusOr<v1::ListArticleRevisionsResponse> ListRevisions(const Call&, const v1::ListArticleRevisionsRequest&);

  db::Database& database_;
  Announcer& announcer_;
  const paging::PageTokens page_tokens_;
  rpc::Service service_;
};

}  // namespace masthead::articles
