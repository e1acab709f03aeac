#include "services/articles/articles.h"

#include "masthead/articles/v1/articles_service.pb.h"
#include "masthead/articles/v1/reading_service.pb.h"
#include "services/articles/workers/purge.h"

namespace masthead::articles {

Articles::Articles(db::Database& database, const Clock& clock, const crypto::MacKey& key, size_t cache_bytes,
                   HouseRules rules)
    : feed_(database, key),
      cache_(cache_bytes),
      announcer_(feed_, [this](const v1::Event& event) { Follow(event, cache_); }),
      editing_(database, key),
      publishing_(database, announcer_, rules),
      review_(database, rules),
      deletion_(database),
      revisions_(database, key),
      articles_service_(*v1::GetArticleRequest::descriptor()->file()->FindServiceByName("ArticlesService")),
      corrections_service_(database, announcer_, key),
      taxonomy_service_(database, announcer_, key),
      reading_(database, cache_, key),
      reading_service_(*v1::ReadArticleRequest::descriptor()->file()->FindServiceByName("ReadingService")),
      feed_service_(feed_),
      events_service_(*v1::ListEventsRequest::descriptor()->file()->FindServiceByName("EventsService")),
      schedule_worker_(database, announcer_),
      cache_follower_(feed_, cache_, clock),
      schedule_thread_("articles.schedule", [this](const Scope& scope) { return schedule_worker_.Run(scope); }),
      follower_thread_("articles.cache_follower", [this](const Scope& scope) { return cache_follower_.Run(scope); }),
      purge_thread_("articles.purge", [&database](const Scope& scope) { return PurgeDeleted(database, scope); }) {
  editing_.Register(articles_service_);
  publishing_.Register(articles_service_);
  review_.Register(articles_service_);
  deletion_.Register(articles_service_);
  revisions_.Register(articles_service_);
  reading_.Register(reading_service_);
  feed_service_.Register(events_service_);
}

std::vector<const rpc::Service*> Articles::services() const {
  return {&articles_service_, &corrections_service_.service(), &taxonomy_service_.service(), &reading_service_,
          &events_service_};
}

void Articles::StartWorkers() {
  schedule_thread_.Start();
  follower_thread_.Start();
  purge_thread_.Start();
}

void Articles::StopWorkers() {
  schedule_thread_.Stop();
  follower_thread_.Stop();
  purge_thread_.Stop();
}

}  // namespace masthead::articles
