// Leaving by the link in a message (RFC 8058): no sign-in, as often as one likes, and never by looking only.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/idempotency/mutation.h"
#include "common/rpc/call.h"
#include "masthead/notifications/v1/subscription_service.pb.h"
#include "services/notifications/mail/unsubscribe_token.h"

namespace masthead::notifications {

// Thread-safe.
class Unsubscribing {
 public:
  // `database`, `feed` and `tokens` outlive this.
  Unsubscribing(db::Database& database, events::Feed& feed, const mail::UnsubscribeTokens& tokens)
      : database_(database), feed_(feed), tokens_(tokens) {}

  // Leaves what the token is for. PERMISSION_DENIED (TOKEN_INVALID).
  absl::StatusOr<v1::UnsubscribeResponse> Leave(const rpc::Call& call, const v1::UnsubscribeRequest& request);

  // Follows and leaves topics that the recipient has chosen about before, mutes and unmutes; gives the page as it is
  // then. A topic that asks twice is not followed again by this. PERMISSION_DENIED (TOKEN_INVALID), INVALID_ARGUMENT
  // (INVALID_FIELD).
  absl::StatusOr<v1::UnsubscribePage> Choose(const rpc::Call& call, const v1::ChooseByLinkRequest& request);

  // What the token is for. Changes nothing.
  absl::StatusOr<v1::UnsubscribePage> Look(const Scope& scope, absl::string_view token);

 private:
  db::Database& database_;
  events::Feed& feed_;
  const mail::UnsubscribeTokens& tokens_;
};

}  // namespace masthead::notifications
