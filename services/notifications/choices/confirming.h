// Following the link in a letter that asked whether something is really wanted.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "masthead/notifications/v1/subscription_service.pb.h"
#include "services/notifications/recipients/confirmation_token.h"

namespace masthead::notifications {

// Thread-safe.
class Confirming {
 public:
  // All outlive this.
  Confirming(db::Database& database, events::Feed& feed, const ConfirmationTokens& tokens)
      : database_(database), feed_(feed), tokens_(tokens) {}

  // Makes the address ACTIVE, and the subscription if the letter asked about one and it still waits. Ends an ERASED
  // suppression of the address: its owner is back. PERMISSION_DENIED (TOKEN_INVALID).
  absl::StatusOr<v1::ConfirmSubscriptionResponse> Confirm(const rpc::Call& call,
                                                          const v1::ConfirmSubscriptionRequest& request);

  // What Confirm would answer. Changes nothing.
  absl::StatusOr<v1::ConfirmSubscriptionResponse> Look(const Scope& scope, absl::string_view token);

 private:
  db::Database& database_;
  events::Feed& feed_;
  const ConfirmationTokens& tokens_;
};

}  // namespace masthead::notifications
