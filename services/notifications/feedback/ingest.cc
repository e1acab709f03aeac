#include "services/notifications/feedback/ingest.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/notifications/feedback/announcements.h"
#include "services/notifications/sending/delivery.h"

namespace masthead::notifications {
namespace {

constexpr absl::string_view kUnsubscribePath = "/u/";  // Before the token, in what letters carry.

// `<https://news.example/u/TOKEN>, <mailto:...>`: the token.
absl::string_view TokenIn(absl::string_view list_unsubscribe) {
  const size_t path = list_unsubscribe.find(kUnsubscribePath);
  if (path == absl::string_view::npos) return "";
  const absl::string_view token = list_unsubscribe.substr(path + kUnsubscribePath.size());
  return token.substr(0, token.find_first_of("?>, "));
}

}  // namespace

std::optional<FeedbackTarget> Ingest::Find(db::Transaction& tx, const Clues& clues) const {
  for (const std::string& address : clues.return_paths) {
    const absl::StatusOr<mail::ReturnToken> token = return_paths_.OpenReturnPath(address);
    if (!token.ok()) continue;
    if (std::optional<FeedbackTarget> target = LockTarget(tx, token->message, token->delivery)) return target;
  }
  const absl::StatusOr<mail::Unsubscription> reader = unsubscribe_tokens_.Open(TokenIn(clues.list_unsubscribe));
  if (!reader.ok()) return std::nullopt;
  const absl::string_view message_id = absl::string_view(clues.feedback_id).substr(0, clues.feedback_id.find(':'));
  return LockTargetOf(tx, message_id, static_cast<int64_t>(reader->recipient));
}

v1::IngestedFeedback Ingest::Record(db::Transaction& tx, const FeedbackTarget& target, const Feedback& feedback) const {
  const Effect effect = EffectOf(feedback, target.standing);
  const bool changed = SaveEffect(tx, target, feedback, effect);
  if (effect.standing) AnnounceFeedback(tx, feed_, target, feedback, *effect.standing);
  return Ingested(target, changed ? v1::IngestedFeedback::RECORDED : v1::IngestedFeedback::REPEATED);
}

v1::IngestedFeedback Ingested(const FeedbackTarget& target, v1::IngestedFeedback::Outcome outcome) {
  v1::IngestedFeedback ingested;
  ingested.set_outcome(outcome);
  ingested.set_delivery(DeliveryName(target.message_id, target.seq));
  return ingested;
}

}  // namespace masthead::notifications
