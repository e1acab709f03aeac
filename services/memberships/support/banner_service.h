// SupportService: the banner, which every page of the newspaper shows.
#pragma once

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/clock/clock.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/support_service.pb.h"

namespace masthead::memberships {

// Asks the database at most every few seconds, however many pages ask: one call fetches, the others show what was
// there before.
class BannerService {
 public:
  BannerService(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Binds GetBanner.
  void Register(rpc::Service& support_service);

 private:
  // What the banner says, in all languages.
  struct Content;

  absl::StatusOr<v1::Banner> Get(const rpc::Call& call, const v1::GetBannerRequest& request);
  absl::StatusOr<std::shared_ptr<const Content>> Current(const Scope& scope);
  absl::StatusOr<std::shared_ptr<const Content>> Load(const Scope& scope);

  db::Database& database_;
  const Clock& clock_;
  Mutex mutex_;
  std::shared_ptr<const Content> content_ ABSL_GUARDED_BY(mutex_);
  absl::Time load_time_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool loading_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace masthead::memberships
