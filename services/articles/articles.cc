#include "services/articles/articles.h"

#include <utility>

#include "masthead/articles/v1/articles_service.pb.h"
#include "masthead/articles/v1/reading_service.pb.h"
#include "masthead/articles/v1/sharing_service.pb.h"
#include "services/articles/links/old_links.h"
#include "services/articles/workers/purge.h"

namespace masthead::articles {

Articles::Articles(db::Database& database, const Clock& clock, const crypto::MacKey& key, ArticlesOptions options)
    : feed_(database, key),
      cache_(options.cache_bytes),
      announcer_(feed_, [this](const v1::Event& event) { Follow(event, cache_); }),
      editing_(database, key),
      batches_(database),
      bulk_edits_(database),
      publishing_(database, announcer_, options.rules),
      review_(database, options.rules),
      deletion_(database),
      revisions_(database, key),
      articles_service_(*v1::GetArticleRequest::descriptor()->file()->FindServiceByName("ArticlesService")),
      corrections_service_(database, announcer_, key),
      taxonomy_service_(database, announcer_, key),
      redirects_service_(database, key),
      edit_locks_service_(database),
      live_writing_(database, live_bell_),
      live_reading_(database, key),
      live_coverage_service_(
          *v1::GetLiveCoverageRequest::descriptor()->file()->FindServiceByName("LiveCoverageService")),
      standings_(std::move(options.memberships), clock),
      reading_(database, clock, cache_, standings_),
      listing_(database, key),
      search_(database, key),
      reading_service_(*v1::ReadArticleRequest::descriptor()->file()->FindServiceByName("ReadingService")),
      preview_links_(database, key),
      gift_links_(database, clock, key),
      sharing_service_(*v1::CreatePreviewLinkRequest::descriptor()->file()->FindServiceByName("SharingService")),
      feed_service_(feed_),
      events_service_(*v1::ListEventsRequest::descriptor()->file()->FindServiceByName("EventsService")),
      schedule_worker_(database, announcer_),
      cache_follower_(feed_, cache_, clock),
      search_indexer_(database),
      schedule_thread_("articles.schedule", [this](const Scope& scope) { return schedule_worker_.Run(scope); }),
      follower_thread_("articles.cache_follower", [this](const Scope& scope) { return cache_follower_.Run(scope); }),
      indexer_thread_("articles.search_indexer", [this](const Scope& scope) { return search_indexer_.Run(scope); }),
      purge_thread_("articles.purge", [&database](const Scope& scope) { return PurgeDeleted(database, scope); }),
      links_thread_("articles.links", [&database](const Scope& scope) { return ForgetOldLinks(database, scope); }) {
  editing_.Register(articles_service_);
  batches_.Register(articles_service_);
  bulk_edits_.Register(articles_service_);
  publishing_.Register(articles_service_);
  review_.Register(articles_service_);
  deletion_.Register(articles_service_);
  revisions_.Register(articles_service_);
  reading_.Register(reading_service_);
  search_.Register(reading_service_);
  live_writing_.Register(live_coverage_service_);
  live_reading_.Register(live_coverage_service_, live_bell_);
  listing_.Register(reading_service_);
  preview_links_.Register(sharing_service_);
  gift_links_.Register(sharing_service_);
  feed_service_.Register(events_service_);
}

std::vector<const rpc::Service*> Articles::services() const {
  return {&articles_service_,
          &corrections_service_.service(),
          &taxonomy_service_.service(),
          &redirects_service_.service(),
          &edit_locks_service_.service(),
          &live_coverage_service_,
          &reading_service_,
          &sharing_service_,
          &events_service_};
}

void Articles::StartWorkers() {
  schedule_thread_.Start();
  follower_thread_.Start();
  indexer_thread_.Start();
  purge_thread_.Start();
  links_thread_.Start();
}

void Articles::StopWorkers() {
  schedule_thread_.Stop();
  follower_thread_.Stop();
  indexer_thread_.Stop();
  purge_thread_.Stop();
  links_thread_.Stop();
}

}  // namespace masthead::articles
