// The RPC of LiveCoverageService that makes an article of an update.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/articles/v1/live_coverage_service.pb.h"

namespace masthead::articles {

class BreakoutService {
 public:
  // `changed` wakes those who watch on this replica.
  BreakoutService(db::Database& database, rpc::Bell& changed) : database_(database), changed_(changed) {}

  void Register(rpc::Service& live_coverage_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Article> Promote(const Call&, const v1::PromoteLiveUpdateRequest&);

  db::Database& database_;
  rpc::Bell& changed_;
};

}  // namespace masthead::articles
