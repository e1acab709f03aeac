#include "services/notifications/choices/confirming.h"

#include <optional>

#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/announcements.h"
#include "services/notifications/following/subscription_store.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/recipients/endpoint_store.h"
#include "services/notifications/recipients/recipient_announcements.h"
#include "services/notifications/suppressions/suppression_store.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxToken = 200;

absl::StatusOr<Confirmation> Open(const ConfirmationTokens& tokens, absl::string_view token) {
  if (token.size() > kMaxToken) return TokenInvalid();
  return tokens.Open(token);
}

v1::ConfirmSubscriptionResponse Response(const Recipient& recipient, const std::optional<Topic>& topic) {
  v1::ConfirmSubscriptionResponse response;
  response.set_locale(recipient.locale);
  if (!topic) return response;
  response.set_topic(TopicName(topic->id));
  response.set_display_name(DisplayName(*topic, recipient.locale));
  return response;
}

void ConfirmEndpoint(db::Transaction& tx, events::Feed& feed, const Recipient& recipient, int64_t number) {
  std::optional<Endpoint> endpoint = LoadEndpointByNumber(tx, number);
  if (!endpoint) return;
  RemoveErasure(tx, endpoint->address_hash);
  if (endpoint->state != "PENDING") return;
  endpoint->state = "ACTIVE";
  SaveEndpoint(tx, *endpoint);
  AnnounceEndpoint(tx, feed, recipient, *endpoint);
}

}  // namespace

absl::StatusOr<v1::ConfirmSubscriptionResponse> Confirming::Confirm(const rpc::Call& call,
                                                                    const v1::ConfirmSubscriptionRequest& request) {
  ASSIGN_OR_RETURN(const Confirmation what, Open(tokens_, request.token()));
  return idempotency::Mutate<v1::ConfirmSubscriptionResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::ConfirmSubscriptionResponse> {
        if (what.expire_time <= db::Now(tx)) return TokenInvalid();
        const std::optional<Recipient> recipient = LockRecipient(tx, what.recipient);
        if (!recipient || recipient->state != "ACTIVE") return v1::ConfirmSubscriptionResponse();
        change.resource = RecipientName(recipient->id);
        ConfirmEndpoint(tx, feed_, *recipient, what.endpoint);
        std::optional<Topic> topic;
        if (what.topic != 0) topic = LoadTopic(tx, int64_t{what.topic});
        if (!topic) return Response(*recipient, std::nullopt);
        const std::optional<Subscription> subscription = LoadSubscription(tx, *recipient, *topic);
        if (!subscription || subscription->state == "UNSUBSCRIBED") return Response(*recipient, std::nullopt);
        if (subscription->state == "PENDING") {
          AnnounceSubscription(tx, feed_, SaveState(tx, *recipient, *topic, "ACTIVE", "CONFIRMED").subscription);
        }
        return Response(*recipient, topic);
      });
}

absl::StatusOr<v1::ConfirmSubscriptionResponse> Confirming::Look(const Scope& scope, absl::string_view token) {
  ASSIGN_OR_RETURN(const Confirmation what, Open(tokens_, token));
  return database_.Read(scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ConfirmSubscriptionResponse> {
    if (what.expire_time <= db::Now(tx)) return TokenInvalid();
    const std::optional<Recipient> recipient = LoadRecipient(tx, what.recipient);
    if (!recipient || recipient->state != "ACTIVE") return v1::ConfirmSubscriptionResponse();
    std::optional<Topic> topic;
    if (what.topic != 0) topic = LoadTopic(tx, int64_t{what.topic});
    return Response(*recipient, topic);
  });
}

}  // namespace masthead::notifications
