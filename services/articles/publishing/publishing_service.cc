#include "services/articles/publishing/publishing_service.h"

#include <optional>
#include <string>
#include <utility>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"
#include "services/articles/publishing/publication.h"
#include "services/articles/publishing/publishing.h"
#include "services/articles/publishing/wall_clock.h"

namespace masthead::articles {
namespace {

// The time that the request names, in its zone; whether it has passed is the database's to say.
absl::StatusOr<Schedule> ReadSchedule(const v1::ScheduleArticleRequest& request) {
  FieldViolations violations;
  if (request.when_case() == v1::ScheduleArticleRequest::WHEN_NOT_SET)
    violations.Add("publish_time", "or local_publish_time is required");
  if (request.time_zone().empty()) violations.Add("time_zone", "is required");
  std::optional<absl::Time> time;
  if (request.has_publish_time()) {
    time = resource::ParseTimestamp("publish_time", request.publish_time(), violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const absl::TimeZone zone, FindTimeZone(request.time_zone()));
  if (time.has_value()) return ScheduleAt(*time, request.time_zone(), zone);
  return ScheduleAtLocal(request.local_publish_time(), request.time_zone(), zone);
}

}  // namespace

void PublishingService::Register(rpc::Service& articles_service) {
  articles_service.Unary("PublishArticle", this, &PublishingService::Publish);
  articles_service.Unary("UnpublishArticle", this, &PublishingService::Unpublish);
  articles_service.Unary("ScheduleArticle", this, &PublishingService::Schedule);
  articles_service.Unary("UnscheduleArticle", this, &PublishingService::Unschedule);
}

absl::StatusOr<v1::Article> PublishingService::Publish(const Call& call, const v1::PublishArticleRequest& request) {
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

absl::StatusOr<v1::Article> PublishingService::Unpublish(const Call& call, const v1::UnpublishArticleRequest& request) {
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

absl::StatusOr<v1::Article> PublishingService::Schedule(const Call& call, const v1::ScheduleArticleRequest& request) {
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

absl::StatusOr<v1::Article> PublishingService::Unschedule(const Call& call,
                                                          const v1::UnscheduleArticleRequest& request) {
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
