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
#include "common/events/feed_service.h"
#include "common/rpc/service.h"
#include "common/worker/repeating_thread.h"
#include "grpcpp/channel.h"
#include "masthead/articles/v1/events_service.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/corrections/corrections_service.h"
#include "services/articles/editing/batch_service.h"
#include "services/articles/editing/bulk_edit_service.h"
#include "services/articles/editing/editing_service.h"
#include "services/articles/history/revisions_service.h"
#include "services/articles/indexing/search_indexer.h"
#include "services/articles/live/live_reading_service.h"
#include "services/articles/live/live_writing_service.h"
#include "services/articles/locking/edit_locks_service.h"
#include "services/articles/publishing/deletion_service.h"
#include "services/articles/publishing/publishing_service.h"
#include "services/articles/publishing/review_service.h"
#include "services/articles/reading/article_answers.h"
#include "services/articles/reading/listing_service.h"
#include "services/articles/reading/member_standing.h"
#include "services/articles/reading/reading_service.h"
#include "services/articles/redirects/redirects_service.h"
#include "services/articles/search/search_service.h"
#include "services/articles/sharing/gift_links_service.h"
#include "services/articles/sharing/preview_links_service.h"
#include "services/articles/taxonomy/taxonomy_service.h"
#include "services/articles/workers/cache_follower.h"
#include "services/articles/workers/schedule_worker.h"

namespace masthead::articles {

// The migrations of this service, those of the common rooms included.
absl::Span<const db::Migration> Schema();

struct ArticlesOptions {
  size_t cache_bytes = size_t{256} << 20;
  HouseRules rules = {};
  // Where to ask about members who come without a token. Without it, nothing is known of them.
  std::shared_ptr<grpc::Channel> memberships = nullptr;
};

class Articles {
 public:
  Articles(db::Database& database, const Clock& clock, const crypto::MacKey& key, ArticlesOptions options = {});

  std::vector<const rpc::Service*> services() const;

  void StartWorkers();
  void StopWorkers();

  // For tests that want one step rather than a thread.
  ScheduleWorker& schedule_worker() { return schedule_worker_; }
  CacheFollower& cache_follower() { return cache_follower_; }
  SearchIndexer& search_indexer() { return search_indexer_; }
  AnswerCache& cache() { return cache_; }
  events::Feed& feed() { return feed_; }

 private:
  struct FeedProto {
    using Event = v1::Event;
    using ListRequest = v1::ListEventsRequest;
    using ListResponse = v1::ListEventsResponse;
    using WatchRequest = v1::WatchEventsRequest;
    using WatchResponse = v1::WatchEventsResponse;
  };

  events::Feed feed_;
  AnswerCache cache_;
  Announcer announcer_;
  EditingService editing_;
  BatchService batches_;
  BulkEditService bulk_edits_;
  PublishingService publishing_;
  ReviewService review_;
  DeletionService deletion_;
  RevisionsService revisions_;
  rpc::Service articles_service_;
  CorrectionsService corrections_service_;
  TaxonomyService taxonomy_service_;
  RedirectsService redirects_service_;
  EditLocksService edit_locks_service_;
  rpc::Bell live_bell_;
  LiveWritingService live_writing_;
  LiveReadingService live_reading_;
  rpc::Service live_coverage_service_;
  MemberStandings standings_;
  ReadingService reading_;
  ListingService listing_;
  SearchService search_;
  rpc::Service reading_service_;
  PreviewLinksService preview_links_;
  GiftLinksService gift_links_;
  rpc::Service sharing_service_;
  events::FeedService<FeedProto> feed_service_;
  rpc::Service events_service_;
  ScheduleWorker schedule_worker_;
  CacheFollower cache_follower_;
  SearchIndexer search_indexer_;
  worker::RepeatingThread schedule_thread_;
  worker::RepeatingThread follower_thread_;
  worker::RepeatingThread indexer_thread_;
  worker::RepeatingThread purge_thread_;
  worker::RepeatingThread links_thread_;
};

}  // namespace masthead::articles
