#include "services/articles/articles.h"

#include <utility>

#include "common/events/feed_service.h"
#include "common/worker/repeating_thread.h"
#include "masthead/articles/v1/articles_service.pb.h"
#include "masthead/articles/v1/curated_lists_service.pb.h"
#include "masthead/articles/v1/events_service.pb.h"
#include "masthead/articles/v1/reading_service.pb.h"
#include "masthead/articles/v1/sharing_service.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/corrections/corrections_service.h"
#include "services/articles/curation/curated_lists_service.h"
#include "services/articles/curation/front_page_service.h"
#include "services/articles/editing/batch_service.h"
#include "services/articles/editing/bulk_edit_service.h"
#include "services/articles/editing/editing_service.h"
#include "services/articles/exchange/exchange_service.h"
#include "services/articles/feeds/feeds_service.h"
#include "services/articles/history/article_events_service.h"
#include "services/articles/history/revisions_service.h"
#include "services/articles/indexing/search_indexer.h"
#include "services/articles/links/old_links.h"
#include "services/articles/live/breakout_service.h"
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
#include "services/articles/translations/translations_service.h"
#include "services/articles/workers/cache_follower.h"
#include "services/articles/workers/purge.h"
#include "services/articles/workers/schedule_worker.h"

namespace masthead::articles {

struct Articles::Parts {
  Parts(db::Database& database, const Clock& clock, const crypto::MacKey& key, ArticlesOptions options);

  struct FeedProto {
    using Event = v1::Event;
    using ListRequest = v1::ListEventsRequest;
    using ListResponse = v1::ListEventsResponse;
    using WatchRequest = v1::WatchEventsRequest;
    using WatchResponse = v1::WatchEventsResponse;
  };

  events::Feed feed;
  AnswerCache cache;
  Announcer announcer;
  EditingService editing;
  BatchService batches;
  BulkEditService bulk_edits;
  TranslationsService translations;
  PublishingService publishing;
  ReviewService review;
  DeletionService deletion;
  RevisionsService revisions;
  ArticleEventsService article_events;
  rpc::Service articles_service;
  CorrectionsService corrections_service;
  TaxonomyService taxonomy_service;
  RedirectsService redirects_service;
  EditLocksService edit_locks_service;
  CuratedListsService curated_lists;
  FrontPageService front_page;
  rpc::Service curated_lists_service;
  ExchangeService exchange_service;
  rpc::Bell live_bell;
  LiveWritingService live_writing;
  BreakoutService breakouts;
  LiveReadingService live_reading;
  rpc::Service live_coverage_service;
  MemberStandings standings;
  ReadingService reading;
  ListingService listing;
  SearchService search;
  rpc::Service reading_service;
  FeedsService feeds_service;
  PreviewLinksService preview_links;
  GiftLinksService gift_links;
  rpc::Service sharing_service;
  events::FeedService<FeedProto> feed_service;
  rpc::Service events_service;
  ScheduleWorker schedule_worker;
  CacheFollower cache_follower;
  SearchIndexer search_indexer;
  worker::RepeatingThread schedule_thread;
  worker::RepeatingThread follower_thread;
  worker::RepeatingThread indexer_thread;
  worker::RepeatingThread purge_thread;
  worker::RepeatingThread links_thread;
};

Articles::Parts::Parts(db::Database& database, const Clock& clock, const crypto::MacKey& key, ArticlesOptions options)
    : feed(database, key),
      cache(options.cache_bytes),
      announcer(feed, [this](const v1::Event& event) { Follow(event, cache); }),
      editing(database, key),
      batches(database),
      bulk_edits(database),
      translations(database, announcer),
      publishing(database, announcer, options.rules),
      review(database, options.rules),
      deletion(database),
      revisions(database, key),
      article_events(database, key),
      articles_service(*v1::GetArticleRequest::descriptor()->file()->FindServiceByName("ArticlesService")),
      corrections_service(database, announcer, options.rules, key),
      taxonomy_service(database, announcer, key),
      redirects_service(database, key),
      edit_locks_service(database),
      curated_lists(database, announcer, key),
      front_page(database),
      curated_lists_service(*v1::GetCuratedListRequest::descriptor()->file()->FindServiceByName("CuratedListsService")),
      exchange_service(database, announcer, options.rules),
      live_writing(database, live_bell),
      breakouts(database, live_bell),
      live_reading(database, key),
      live_coverage_service(
          *v1::GetLiveCoverageRequest::descriptor()->file()->FindServiceByName("LiveCoverageService")),
      standings(std::move(options.memberships), clock),
      reading(database, clock, cache, standings),
      listing(database, key),
      search(database, key),
      reading_service(*v1::ReadArticleRequest::descriptor()->file()->FindServiceByName("ReadingService")),
      feeds_service(database, std::move(options.site)),
      preview_links(database, key),
      gift_links(database, clock, key),
      sharing_service(*v1::CreatePreviewLinkRequest::descriptor()->file()->FindServiceByName("SharingService")),
      feed_service(feed),
      events_service(*v1::ListEventsRequest::descriptor()->file()->FindServiceByName("EventsService")),
      schedule_worker(database, announcer),
      cache_follower(feed, cache, clock),
      search_indexer(database),
      schedule_thread("articles.schedule", [this](const Scope& scope) { return schedule_worker.Run(scope); }),
      follower_thread("articles.cache_follower", [this](const Scope& scope) { return cache_follower.Run(scope); }),
      indexer_thread("articles.search_indexer", [this](const Scope& scope) { return search_indexer.Run(scope); }),
      purge_thread("articles.purge", [&database](const Scope& scope) { return PurgeDeleted(database, scope); }),
      links_thread("articles.links", [&database](const Scope& scope) { return ForgetOldLinks(database, scope); }) {
  editing.Register(articles_service);
  batches.Register(articles_service);
  bulk_edits.Register(articles_service);
  translations.Register(articles_service);
  publishing.Register(articles_service);
  review.Register(articles_service);
  deletion.Register(articles_service);
  revisions.Register(articles_service);
  article_events.Register(articles_service);
  curated_lists.Register(curated_lists_service);
  front_page.Register(curated_lists_service);
  reading.Register(reading_service);
  search.Register(reading_service);
  live_writing.Register(live_coverage_service);
  breakouts.Register(live_coverage_service);
  live_reading.Register(live_coverage_service, live_bell);
  listing.Register(reading_service);
  preview_links.Register(sharing_service);
  gift_links.Register(sharing_service);
  feed_service.Register(events_service);
}

Articles::Articles(db::Database& database, const Clock& clock, const crypto::MacKey& key, ArticlesOptions options)
    : parts_(std::make_unique<Parts>(database, clock, key, std::move(options))) {}

Articles::~Articles() = default;

ScheduleWorker& Articles::schedule_worker() { return parts_->schedule_worker; }
CacheFollower& Articles::cache_follower() { return parts_->cache_follower; }
SearchIndexer& Articles::search_indexer() { return parts_->search_indexer; }
events::Feed& Articles::feed() { return parts_->feed; }

std::vector<const rpc::Service*> Articles::services() const {
  return {&parts_->articles_service,
          &parts_->corrections_service.service(),
          &parts_->taxonomy_service.service(),
          &parts_->redirects_service.service(),
          &parts_->edit_locks_service.service(),
          &parts_->curated_lists_service,
          &parts_->exchange_service.service(),
          &parts_->live_coverage_service,
          &parts_->reading_service,
          &parts_->feeds_service.service(),
          &parts_->sharing_service,
          &parts_->events_service};
}

void Articles::StartWorkers() {
  parts_->schedule_thread.Start();
  parts_->follower_thread.Start();
  parts_->indexer_thread.Start();
  parts_->purge_thread.Start();
  parts_->links_thread.Start();
}

void Articles::StopWorkers() {
  parts_->schedule_thread.Stop();
  parts_->follower_thread.Stop();
  parts_->indexer_thread.Stop();
  parts_->purge_thread.Stop();
  parts_->links_thread.Stop();
}

}  // namespace masthead::articles
