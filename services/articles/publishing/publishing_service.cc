#include "services/articles/publishing/publishing_service.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/timestamp.h"
#include "common/text/text.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"
#include "services/articles/publishing/dead_end_store.h"
#include "services/articles/publishing/publication.h"
#include "services/articles/publishing/publishing.h"
#include "services/articles/publishing/wall_clock.h"

namespace masthead::articles {
namespace {

constexpr int64_t kMaxNotice = 2000;

// An instant or a local time of the request, on the wall clocks of its zone.
absl::StatusOr<WallClockTime> ReadTime(absl::string_view field, const google::protobuf::Timestamp& time,
                                       const absl::TimeZone& zone) {
  FieldViolations violations;
  const absl::Time parsed = resource::ParseTimestamp(field, time, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return AtInstant(parsed, zone);
}

absl::StatusOr<std::optional<WallClockTime>> ReadUntil(const v1::ScheduleArticleRequest& request,
                                                       const absl::TimeZone& zone) {
  switch (request.until_case()) {
    case v1::ScheduleArticleRequest::kUnpublishTime:
      return ReadTime("unpublish_time", request.unpublish_time(), zone);
    case v1::ScheduleArticleRequest::kLocalUnpublishTime:
      return AtLocalTime("local_unpublish_time", request.local_unpublish_time(), zone);
    case v1::ScheduleArticleRequest::UNTIL_NOT_SET:
      break;
  }
  return std::nullopt;
}

// What the request plans; whether its times have passed is the database's to say.
absl::StatusOr<Schedule> ReadSchedule(const v1::ScheduleArticleRequest& request) {
  FieldViolations violations;
  if (request.when_case() == v1::ScheduleArticleRequest::WHEN_NOT_SET)
    violations.Add("publish_time", "or local_publish_time is required");
  if (request.time_zone().empty()) violations.Add("time_zone", "is required");
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const absl::TimeZone zone, FindTimeZone(request.time_zone()));
  ASSIGN_OR_RETURN(const WallClockTime when,
                   request.has_publish_time() ? ReadTime("publish_time", request.publish_time(), zone)
                                              : AtLocalTime("local_publish_time", request.local_publish_time(), zone));
  Schedule schedule = {.publish_time = when.time,
                       .time_zone = request.time_zone(),
                       .local_publish_time = when.local,
                       .local_time_repeats = when.repeats,
                       .substantive = request.substantive()};
  ASSIGN_OR_RETURN(const std::optional<WallClockTime> until, ReadUntil(request, zone));
  if (until.has_value()) {
    schedule.unpublish_time = until->time;
    schedule.local_unpublish_time = until->local;
    schedule.local_unpublish_time_repeats = until->repeats;
  }
  return schedule;
}

}  // namespace

void PublishingService::Register(rpc::Service& articles_service) {
  articles_service.Unary("PublishArticle", this, &PublishingService::Publish);
  articles_service.Unary("UnpublishArticle", this, &PublishingService::Unpublish);
  articles_service.Unary("ScheduleArticle", this, &PublishingService::Schedule);
  articles_service.Unary("UnscheduleArticle", this, &PublishingService::Unschedule);
  articles_service.Unary("RetractArticle", this, &PublishingService::Retract);
  articles_service.Unary("ReinstateArticle", this, &PublishingService::Reinstate);
}

absl::StatusOr<v1::Article> PublishingService::Publish(const Call& call, const v1::PublishArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        const absl::Time now = Now(tx);
        const DeadEnds dead_ends = FindDeadEnds(tx, article.content.body);
        ASSIGN_OR_RETURN(const Publication publication,
                         articles::Publish(article, rules_, now, request.substantive(), dead_ends));
        if (publication.outcome == Outcome::kNothing) return ToProto(article);
        StorePublication(tx, announcer_, article, publication, now);
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
        const DeadEnds dead_ends = FindDeadEnds(tx, article.content.body);
        RETURN_IF_ERROR(ScheduleFor(article, schedule, request.follow_latest(), rules_, Now(tx), dead_ends));
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

absl::StatusOr<v1::Article> PublishingService::Retract(const Call& call, const v1::RetractArticleRequest& request) {
  std::string notice = request.notice();
  FieldViolations violations;
  text::CheckText("notice", notice, kMaxNotice, /*required=*/true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        const absl::Time now = Now(tx);
        RETURN_IF_ERROR(articles::Retract(article, notice, call.caller->principal(), now));
        StoreRetraction(tx, announcer_, article, now);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

absl::StatusOr<v1::Article> PublishingService::Reinstate(const Call& call, const v1::ReinstateArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        const absl::Time now = Now(tx);
        RETURN_IF_ERROR(articles::Reinstate(article, now));
        StoreReinstatement(tx, announcer_, article, now);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

}  // namespace masthead::articles
