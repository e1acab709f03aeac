// From a report to the delivery it is about, and to what that changes.
#pragma once

#include <optional>
#include <string>

#include "common/db/database.h"
#include "common/events/feed.h"
#include "masthead/notifications/v1/feedback_service.pb.h"
#include "services/notifications/feedback/feedback.h"
#include "services/notifications/feedback/feedback_store.h"
#include "services/notifications/feedback/mime_report.h"
#include "services/notifications/mail/unsubscribe_token.h"
#include "services/notifications/mail/verp.h"

namespace masthead::notifications {

class Ingest {
 public:
  // All of them outlive this.
  Ingest(events::Feed& feed, const mail::VerpTokens& return_paths, const mail::UnsubscribeTokens& unsubscribe_tokens)
      : feed_(feed), return_paths_(return_paths), unsubscribe_tokens_(unsubscribe_tokens) {}

  // Locks the delivery that the clues lead to: by a return path that we made, else by an unsubscribe link that we made
  // and the message beside it. Both are sealed; nothing else is believed.
  std::optional<FeedbackTarget> Find(db::Transaction& tx, const Clues& clues) const;

  // What the feedback changes about a delivery that `tx` has locked.
  v1::IngestedFeedback Record(db::Transaction& tx, const FeedbackTarget& target, const Feedback& feedback) const;

 private:
  events::Feed& feed_;
  const mail::VerpTokens& return_paths_;
  const mail::UnsubscribeTokens& unsubscribe_tokens_;
};

// An answer about a delivery.
v1::IngestedFeedback Ingested(const FeedbackTarget& target, v1::IngestedFeedback::Outcome outcome);

}  // namespace masthead::notifications
