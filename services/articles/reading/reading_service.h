// The gRPC face of reading. ReadArticle is the hot RPC of the suite: what it has in memory it answers at once, on the
// transport's thread, from bytes made once per revision.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/events.pb.h"
#include "masthead/articles/v1/reading_service.pb.h"
#include "prometheus/counter.h"
#include "services/articles/reading/article_answers.h"
#include "services/articles/reading/single_flight.h"

namespace masthead::articles {

// Counts what ReadArticle had to ask the database for.
prometheus::Counter& ColdReads();

class ReadingService {
 public:
  ReadingService(db::Database& database, AnswerCache& cache, const crypto::MacKey& key);

  void Register(rpc::Service& reading_service);

 private:
  using Call = rpc::Call;

  std::optional<grpc::ByteBuffer> ReadNow(const Call&, const v1::ReadArticleRequest&);
  absl::StatusOr<grpc::ByteBuffer> Read(const Call&, const v1::ReadArticleRequest&);
  absl::StatusOr<v1::ListPublishedArticlesResponse> ListPublished(const Call&, const v1::ListPublishedArticlesRequest&);
  absl::StatusOr<v1::BatchGetAlertContentResponse> BatchGetAlertContent(const Call&,
                                                                        const v1::BatchGetAlertContentRequest&);

  // From the database; kept in the cache under `key` if it can be.
  absl::StatusOr<AnswerCache::Handle> Fill(const Scope& scope, const std::string& key);

  db::Database& database_;
  AnswerCache& cache_;
  SingleFlight<AnswerCache::Handle> flights_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::articles
