// StatsService: figures about readers and revenue.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/stats_service.pb.h"

namespace masthead::memberships {

class StatsService {
 public:
  explicit StatsService(db::Database& database) : database_(database) {}

  // Binds every RPC of StatsService that is no export.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::RevenueStats> GetRevenue(const Call& call, const v1::GetRevenueStatsRequest& request);
  absl::StatusOr<v1::ChurnStats> GetChurn(const Call& call, const v1::GetChurnRequest& request);
  absl::StatusOr<v1::CohortStats> GetCohorts(const Call& call, const v1::GetCohortsRequest& request);
  absl::StatusOr<v1::Counters> GetCounters(const Call& call, const v1::GetCountersRequest& request);
  absl::StatusOr<v1::AttributionStats> GetAttribution(const Call& call, const v1::GetAttributionStatsRequest& request);

  db::Database& database_;
};

}  // namespace masthead::memberships
