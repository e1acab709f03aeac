// The gRPC face of reading one article. ReadArticle is the hot RPC of the suite: what it has in memory it answers at
// once, on the transport's thread, from bytes made once per revision and kind of reader.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/reading_service.pb.h"
#include "prometheus/counter.h"
#include "services/articles/links/link.h"
#include "services/articles/reading/article_answers.h"
#include "services/articles/reading/member_standing.h"
#include "services/articles/reading/single_flight.h"

namespace masthead::articles {

// Counts what ReadArticle had to ask the database for.
prometheus::Counter& ColdReads();

class ReadingService {
 public:
  ReadingService(db::Database& database, const Clock& clock, AnswerCache& cache, MemberStandings& standings)
      : database_(database), clock_(clock), cache_(cache), standings_(standings) {}

  void Register(rpc::Service& reading_service);

 private:
  using Call = rpc::Call;
  using Request = v1::ReadArticleRequest;

  std::optional<grpc::ByteBuffer> ReadNow(const Call&, const Request&);
  absl::StatusOr<grpc::ByteBuffer> Read(const Call&, const Request&);
  absl::StatusOr<grpc::ByteBuffer> ReadPreview(const Call&, const Request&);
  absl::StatusOr<grpc::ByteBuffer> ReadGift(const Call&, const Request&);
  absl::StatusOr<v1::ResolvePathResponse> ResolvePath(const Call&, const v1::ResolvePathRequest&);

  // From the cache, or else from the database and then kept in the cache if it can be.
  absl::StatusOr<AnswerCache::Handle> Answers(const Scope& scope, const std::string& key);
  absl::StatusOr<AnswerCache::Handle> Fill(const Scope& scope, const std::string& key);

  // By the caller's credentials, or by what memberships says of the member that the request names.
  Reader FindReader(const Call& call, const Request& request);

  // As whom the reader's meter knows the reader; nobody where no meter can be asked.
  MeteredReader MeteredReaderOf(const Call& call, const Request& request) const;

  // As FindReader, to read that very article: memberships is asked once at most, and if a meter decides, this counts.
  Reader FindReaderOf(const AnswerCache::Entry& article, const Call& call, const Request& request);

  // Whether the gift opens the article to this reader; if the reader is new, one of its places is taken.
  absl::StatusOr<bool> Redeem(const Scope& scope, const GiftLink& gift, const std::string& reader_key);

  db::Database& database_;
  const Clock& clock_;
  AnswerCache& cache_;
  MemberStandings& standings_;
  SingleFlight<AnswerCache::Handle> flights_;
};

}  // namespace masthead::articles
