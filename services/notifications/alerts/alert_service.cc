#include "services/notifications/alerts/alert_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/name.h"
#include "common/text/text.h"
#include "services/notifications/alerts/alert.h"
#include "services/notifications/alerts/alert_errors.h"
#include "services/notifications/campaigns/campaign_errors.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/messages/announcements.h"
#include "services/notifications/messages/audience_store.h"
#include "services/notifications/messages/estimate_proto.h"
#include "services/notifications/messages/message_proto.h"
#include "services/notifications/messages/message_store.h"

namespace masthead::notifications {
namespace {

constexpr int kMaxTopics = 20;
constexpr int64_t kMaxHeadline = 300;
constexpr int64_t kMaxDek = 1000;
constexpr size_t kMaxKey = 200;
constexpr absl::Duration kMinExpiry = absl::Minutes(1);
constexpr absl::Duration kMaxExpiry = absl::Hours(7 * 24);

// What the editors want.
struct Wanted {
  std::vector<std::string> topics;
  std::string headline;
  std::string dek;
  std::optional<absl::Duration> expiry;
};

absl::StatusOr<Wanted> Parse(const v1::PublishAlertRequest& request) {
  FieldViolations violations;
  Wanted wanted = {.topics = {}, .headline = request.headline(), .dek = request.dek(), .expiry = std::nullopt};
  if (!resource::ParseName(request.article(), "articles/*")) {
    violations.Add("article", "must look like articles/{article}");
  }
  if (request.topics().empty() || request.topics_size() > kMaxTopics) violations.Add("topics", "must be 1 to 20");
  for (const std::string& name : request.topics()) {
    const std::string id = TopicIdOf(name);
    if (id.empty()) violations.Add("topics", "must look like topics/{topic}");
    if (std::find(wanted.topics.begin(), wanted.topics.end(), id) == wanted.topics.end()) wanted.topics.push_back(id);
  }
  text::CheckLine("headline", wanted.headline, kMaxHeadline, /*required=*/false, violations);
  text::CheckLine("dek", wanted.dek, kMaxDek, /*required=*/false, violations);
  if (request.dedupe_key().size() > kMaxKey) violations.Add("dedupe_key", "must not be longer than 200 bytes");
  if (request.has_expiry()) {
    wanted.expiry = absl::Seconds(request.expiry().seconds());
    if (*wanted.expiry < kMinExpiry || *wanted.expiry > kMaxExpiry || request.expiry().nanos() != 0) {
      violations.Add("expiry", "must be 1 minute to 7 days, in whole seconds");
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return wanted;
}

}  // namespace

AlertService::AlertService(db::Database& database, events::Feed& feed, const AlertSource& source, rpc::Bell& made)
    : database_(database),
      feed_(feed),
      source_(source),
      made_(made),
      service_(*v1::PublishAlertRequest::descriptor()->file()->FindServiceByName("AlertService")) {
  service_.Unary("PublishAlert", this, &AlertService::Publish);
}

absl::StatusOr<v1::PublishAlertResponse> AlertService::Publish(const Call& call,
                                                               const v1::PublishAlertRequest& request) {
  ASSIGN_OR_RETURN(const Wanted wanted, Parse(request));
  ASSIGN_OR_RETURN(const std::vector<articles::v1::AlertContent> contents,
                   source_.Ask(call.scope, {request.article()}));
  if (contents.empty()) return ArticleNotPublic(request.article());
  PublishedArticle article = {.text = source_.TextOf(contents.front()), .breaking = request.breaking()};
  if (!wanted.headline.empty()) article.text.headline = wanted.headline;
  if (!wanted.dek.empty()) article.text.dek = wanted.dek;
  return idempotency::Mutate<v1::PublishAlertResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::PublishAlertResponse> {
        ASSIGN_OR_RETURN(const std::vector<Topic> topics, LoadAllTopics(tx, wanted.topics));
        if (!HasFollowers(tx, topics)) return AudienceEmpty();
        const absl::Time now = db::Now(tx);
        Message message = MakeAlert(article, topics, now);
        message.id = ids::NewUuid();
        message.dedupe_key = absl::StrCat("alerts/", request.dedupe_key().empty() ? message.id : request.dedupe_key());
        message.create_time = now;
        if (wanted.expiry) message.expire_time = now + *wanted.expiry;
        if (!InsertMessage(tx, message, topics)) {
          return DedupeKeyUsed(MessageName(LoadMessageByDedupeKey(tx, message.dedupe_key)->id));
        }
        change = {.resource = MessageName(message.id), .revision_after = message.revision};
        AnnounceMessageCreated(tx, feed_, message);
        tx.AfterCommit([this] { made_.Ring(); });
        v1::PublishAlertResponse response;
        if (request.validate_only()) {
          *response.mutable_estimate() = ToProto(EstimateAudience(tx, topics, {}, message.channels, message.category));
        } else {
          *response.mutable_message() = ToProto(*LoadMessage(tx, message.id));
        }
        return response;
      });
}

}  // namespace masthead::notifications
