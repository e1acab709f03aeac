// The RPCs of LiveCoverageService that the newsroom calls.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/articles/v1/live_coverage_service.pb.h"
#include "services/articles/live/live_coverage.h"

namespace masthead::articles {

class LiveWritingService {
 public:
  // `changed` wakes those who watch on this replica; others look by themselves.
  LiveWritingService(db::Database& database, rpc::Bell& changed) : database_(database), changed_(changed) {}

  void Register(rpc::Service& live_coverage_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::LiveCoverage> CreateCoverage(const Call&, const v1::CreateLiveCoverageRequest&);
  absl::StatusOr<v1::LiveCoverage> UpdateCoverage(const Call&, const v1::UpdateLiveCoverageRequest&);
  absl::StatusOr<v1::LiveCoverage> Close(const Call&, const v1::CloseLiveCoverageRequest&);
  absl::StatusOr<v1::LiveCoverage> Reopen(const Call&, const v1::ReopenLiveCoverageRequest&);
  absl::StatusOr<v1::LiveUpdate> CreateUpdate(const Call&, const v1::CreateLiveUpdateRequest&);
  absl::StatusOr<v1::LiveUpdate> UpdateUpdate(const Call&, const v1::UpdateLiveUpdateRequest&);
  absl::StatusOr<v1::LiveUpdate> DeleteUpdate(const Call&, const v1::DeleteLiveUpdateRequest&);

  // Close and Reopen: moves the coverage by `move`, which says whether it did.
  template <typename Request>
  absl::StatusOr<v1::LiveCoverage> Move(const Call& call, const Request& request,
                                        absl::FunctionRef<bool(LiveCoverage&, absl::Time now)> move);
  void WakeWatchers(db::Transaction& tx);

  db::Database& database_;
  rpc::Bell& changed_;
};

}  // namespace masthead::articles
