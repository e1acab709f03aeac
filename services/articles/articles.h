// The service put together: what serves, what works in the background, and what both share.
#pragma once

#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "common/clock/clock.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/db/migrations.h"
#include "common/events/feed.h"
#include "common/rpc/service.h"
#include "grpcpp/channel.h"
#include "services/articles/feeds/site.h"
#include "services/articles/publishing/house_rules.h"

namespace masthead::articles {

class CacheFollower;
class ScheduleWorker;
class SearchIndexer;

// The migrations of this service, those of the common rooms included.
absl::Span<const db::Migration> Schema();

struct ArticlesOptions {
  size_t cache_bytes = size_t{256} << 20;
  HouseRules rules = {};
  // Without it, feeds are refused.
  Site site = {};
  // Where to ask about members who come without a token. Without it, nothing is known of them.
  std::shared_ptr<grpc::Channel> memberships = nullptr;
};

class Articles {
 public:
  Articles(db::Database& database, const Clock& clock, const crypto::MacKey& key, ArticlesOptions options = {});
  ~Articles();

  std::vector<const rpc::Service*> services() const;

  void StartWorkers();
  void StopWorkers();

  // For tests that want one step rather than a thread.
  ScheduleWorker& schedule_worker();
  CacheFollower& cache_follower();
  SearchIndexer& search_indexer();
  events::Feed& feed();

 private:
  // The handlers and workers, which only articles.cc knows.
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace masthead::articles
