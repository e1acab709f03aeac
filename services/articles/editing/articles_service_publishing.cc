#include <utility>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "services/articles/editing/article_lookup.h"
#include "services/articles/editing/article_proto.h"
#include "services/articles/editing/article_store.h"
#include "services/articles/editing/articles_service.h"
#include "services/articles/editing/publication.h"
#include "services/articles/editing/publishing.h"
#include "services/articles/editing/wall_clock.h"

namespace masthead::articles {
namespace {

// The time that the request names, in its zone; whether it has passed is the database's to say.
absl::StatusOr<Schedule> ReadSchedule(const v1::ScheduleArticleRequest& request) {
  FieldViolations violations;
  if (request.when_case() == v1::ScheduleArticleRequest::WHEN_NOT_SET)
    violations.Add("publish_time", "or local_publish_time is required");
  if (request.time_zone().empty()) violations.Add("time_zone", "is required");
  std::optional<absl::Time> time;
  if (request.has_publish_time()) time = ParseTime("publish_time", request.publish_time(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const absl::TimeZone zone, FindTimeZone(request.time_zone()));
  if (time.has_value()) return ScheduleAt(*time, request.time_zone(), zone);
  return ScheduleAtLocal(request.local_publish_time(), request.time_zone(), zone);
}

}  // namespace

absl::StatusOr<v1::Article> ArticlesService::Publish(const Call& call, const v1::PublishArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        const int64_t former_revision = article.published_revision;
        const absl::Time now = Now(tx);
        Outcome outcome = Outcome::kNothing;
        RETURN_IF_ERROR(articles::Publish(article, now, request.substantive(), outcome));
        if (outcome == Outcome::kNothing) return ToProto(article);
        StorePublication(tx, announcer_, article, outcome, former_revision, request.substantive(), now);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

absl::StatusOr<v1::Article> ArticlesService::Unpublish(const Call& call, const v1::UnpublishArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        const absl::Time now = Now(tx);
        RETURN_IF_ERROR(articles::Unpublish(article, now));
        StoreWithdrawal(tx, announcer_, article, now);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

absl::StatusOr<v1::Article> ArticlesService::Schedule(const Call& call, const v1::ScheduleArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  ASSIGN_OR_RETURN(const articles::Schedule schedule, ReadSchedule(request));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        RETURN_IF_ERROR(ScheduleFor(article, schedule, Now(tx)));
        SaveArticle(tx, article);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

absl::StatusOr<v1::Article> ArticlesService::Unschedule(const Call& call, const v1::UnscheduleArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        RETURN_IF_ERROR(articles::Unschedule(article, Now(tx)));
        SaveArticle(tx, article);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

}  // namespace masthead::articles
