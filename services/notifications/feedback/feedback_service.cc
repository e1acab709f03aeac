#include "services/notifications/feedback/feedback_service.h"

#include <optional>
#include <string>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/name.h"
#include "services/notifications/engagement/engagement_store.h"
#include "services/notifications/errors.h"
#include "services/notifications/feedback/abuse_report.h"
#include "services/notifications/feedback/delivery_status.h"
#include "services/notifications/feedback/feedback_proto.h"
#include "services/notifications/sending/delivery.h"

namespace masthead::notifications {
namespace {

using idempotency::Change;

constexpr size_t kMaxRawMessage = 2 << 20;
constexpr size_t kMaxReturnPath = 320;  // RFC 5321: 64 and 255 bytes, and the @.

void CheckRawMessage(const std::string& raw_message, FieldViolations& violations) {
  if (raw_message.empty() || raw_message.size() > kMaxRawMessage) {
    violations.Add("raw_message", "must have 1 byte to 2 MiB");
  }
}

// The delivery that a provider's event names; empty if it gives a return path.
struct NamedDelivery {
  std::string message_id;
  int64_t seq = 0;
};

NamedDelivery ParseDeliveryName(absl::string_view field, absl::string_view name, FieldViolations& violations) {
  const auto ids = resource::ParseName(name, "messages/*/deliveries/*");
  if (ids) return {.message_id = (*ids)[0], .seq = ParseDeliveryId((*ids)[1]).value_or(0)};
  violations.Add(field, "must look like messages/{message}/deliveries/{delivery}");
  return {};
}

NamedDelivery ParseTarget(const v1::ProviderEvent& event, FieldViolations& violations) {
  NamedDelivery named;
  if (event.delivery().empty() == event.return_path().empty()) {
    violations.Add("event", "must have either a delivery or a return_path");
  } else if (!event.delivery().empty()) {
    named = ParseDeliveryName("event.delivery", event.delivery(), violations);
  }
  if (event.return_path().size() > kMaxReturnPath) {
    violations.Add("event.return_path", "must not have more than 320 bytes");
  }
  return named;
}

v1::IngestedFeedback Unattributed() {
  v1::IngestedFeedback ingested;
  ingested.set_outcome(v1::IngestedFeedback::UNATTRIBUTED);
  return ingested;
}

}  // namespace

FeedbackService::FeedbackService(db::Database& database, events::Feed& feed, const mail::VerpTokens& return_paths,
                                 const mail::UnsubscribeTokens& unsubscribe_tokens)
    : database_(database),
      ingest_(feed, return_paths, unsubscribe_tokens),
      service_(*v1::IngestDsnRequest::descriptor()->file()->FindServiceByName("FeedbackService")) {
  service_.Unary("IngestDsn", this, &FeedbackService::IngestDsn);
  service_.Unary("IngestComplaint", this, &FeedbackService::IngestComplaint);
  service_.Unary("IngestProviderEvent", this, &FeedbackService::IngestProviderEvent);
  service_.Unary("RecordEngagement", this, &FeedbackService::RecordEngagement);
}

template <typename Request>
absl::StatusOr<v1::IngestedFeedback> FeedbackService::IngestReport(const Call& call, const Request& request,
                                                                   const Clues& clues, const Feedback* feedback) {
  return idempotency::Mutate<v1::IngestedFeedback>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::IngestedFeedback> {
        const std::optional<FeedbackTarget> target = ingest_.Find(tx, clues);
        if (!target) return Unattributed();
        change.resource = DeliveryName(target->message_id, target->seq);
        if (feedback == nullptr) return Ingested(*target, v1::IngestedFeedback::WITHOUT_EFFECT);
        return ingest_.Record(tx, *target, *feedback);
      });
}

absl::StatusOr<v1::IngestedFeedback> FeedbackService::IngestDsn(const Call& call, const v1::IngestDsnRequest& request) {
  FieldViolations violations;
  CheckRawMessage(request.raw_message(), violations);
  if (request.return_path().size() > kMaxReturnPath) {
    violations.Add("return_path", "must not have more than 320 bytes");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(DeliveryStatus status, ReadDeliveryStatus(request.raw_message()));
  status.clues.return_paths.insert(status.clues.return_paths.begin(), request.return_path());
  const Feedback feedback = {.kind = status.action == DeliveryStatus::Action::kDelivered ? Feedback::Kind::kDelivered
                                                                                         : Feedback::Kind::kBounced,
                             .bounce = status.bounce,
                             .smtp_code = status.smtp_code,
                             .enhanced_code = status.enhanced_code,
                             .text = status.text};
  return IngestReport(call, request, status.clues,
                      status.action == DeliveryStatus::Action::kOther ? nullptr : &feedback);
}

absl::StatusOr<v1::IngestedFeedback> FeedbackService::IngestComplaint(const Call& call,
                                                                      const v1::IngestComplaintRequest& request) {
  FieldViolations violations;
  CheckRawMessage(request.raw_message(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const AbuseReport report, ReadAbuseReport(request.raw_message()));
  const Feedback complaint = {.kind = Feedback::Kind::kComplained, .enhanced_code = "", .text = ""};
  return IngestReport(call, request, report.clues, report.complains ? &complaint : nullptr);
}

absl::StatusOr<v1::IngestedFeedback> FeedbackService::IngestProviderEvent(
    const Call& call, const v1::IngestProviderEventRequest& request) {
  FieldViolations violations;
  const Feedback feedback = ParseProviderEvent(request, violations);
  const NamedDelivery named = ParseTarget(request.event(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::IngestedFeedback>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::IngestedFeedback> {
        const bool by_name = !named.message_id.empty();
        const std::optional<FeedbackTarget> target =
            by_name
                ? LockTarget(tx, named.message_id, named.seq)
                : ingest_.Find(
                      tx, {.return_paths = {request.event().return_path()}, .list_unsubscribe = "", .feedback_id = ""});
        if (!target && by_name) return DeliveryNotFound(request.event().delivery());
        if (!target) return Unattributed();
        change.resource = DeliveryName(target->message_id, target->seq);
        if (!ClaimProviderEvent(tx, request.provider(), request.event_id(), *target)) {
          return Ingested(*target, v1::IngestedFeedback::REPEATED);
        }
        return ingest_.Record(tx, *target, feedback);
      });
}

absl::StatusOr<v1::IngestedFeedback> FeedbackService::RecordEngagement(const Call& call,
                                                                       const v1::RecordEngagementRequest& request) {
  FieldViolations violations;
  const Engagement parsed = ParseEngagement(request, violations);
  const NamedDelivery named = ParseDeliveryName("engagement.delivery", request.engagement().delivery(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::IngestedFeedback>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::IngestedFeedback> {
        const std::optional<FeedbackTarget> target = LockTarget(tx, named.message_id, named.seq);
        if (!target) return DeliveryNotFound(request.engagement().delivery());
        change.resource = DeliveryName(target->message_id, target->seq);
        if (!ClaimProviderEvent(tx, request.provider(), request.event_id(), *target)) {
          return Ingested(*target, v1::IngestedFeedback::REPEATED);
        }
        Engagement engagement = parsed;
        engagement.of = {.message = target->message_number, .delivery = target->seq, .variant = target->variant};
        SaveEngagements(tx, {engagement});
        return Ingested(*target, v1::IngestedFeedback::RECORDED);
      });
}

}  // namespace masthead::notifications
