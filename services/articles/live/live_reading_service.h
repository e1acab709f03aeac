// The RPCs of LiveCoverageService that readers' frontends call.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/articles/v1/live_coverage_service.pb.h"

namespace masthead::articles {

class LiveReadingService {
 public:
  LiveReadingService(db::Database& database, const crypto::MacKey& key) : database_(database), page_tokens_(key) {}

  // `changed` wakes those who watch.
  void Register(rpc::Service& live_coverage_service, rpc::Bell& changed);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::LiveCoverage> Get(const Call&, const v1::GetLiveCoverageRequest&);
  absl::StatusOr<v1::ListLiveCoveragesResponse> List(const Call&, const v1::ListLiveCoveragesRequest&);
  absl::StatusOr<v1::ReadLiveCoverageResponse> Read(const Call&, const v1::ReadLiveCoverageRequest&);
  absl::StatusOr<v1::ListLiveUpdatesResponse> ListUpdates(const Call&, const v1::ListLiveUpdatesRequest&);
  absl::StatusOr<std::unique_ptr<rpc::Stream<v1::WatchCoverageResponse>>> Watch(const Call&,
                                                                                const v1::WatchCoverageRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::articles
