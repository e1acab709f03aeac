// The RPCs of ReadingService that tell of several articles at once; without their bodies, but for notifications'
// newsletters.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/reading_service.pb.h"

namespace masthead::articles {

class ListingService {
 public:
  ListingService(db::Database& database, const crypto::MacKey& key) : database_(database), page_tokens_(key) {}

  void Register(rpc::Service& reading_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::ListPublishedArticlesResponse> ListPublished(const Call&, const v1::ListPublishedArticlesRequest&);
  absl::StatusOr<v1::ListRelatedArticlesResponse> ListRelated(const Call&, const v1::ListRelatedArticlesRequest&);
  absl::StatusOr<v1::BatchGetAlertContentResponse> BatchGetAlertContent(const Call&,
                                                                        const v1::BatchGetAlertContentRequest&);
  absl::StatusOr<v1::BatchGetNewsletterContentResponse> BatchGetNewsletterContent(
      const Call&, const v1::BatchGetNewsletterContentRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::articles
