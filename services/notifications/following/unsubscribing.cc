#include "services/notifications/following/unsubscribing.h"

#include <optional>

#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/announcements.h"
#include "services/notifications/following/subscription_store.h"
#include "services/notifications/following/topic_store.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxToken = 200;

absl::StatusOr<mail::Unsubscription> Open(const mail::UnsubscribeTokens& tokens, absl::string_view token) {
  if (token.size() > kMaxToken) return TokenInvalid();
  return tokens.Open(token);
}

// The topics that the recipient leaves. A link in an old message may be for what is gone; that is nobody's mistake.
std::vector<Topic> TopicsToLeave(db::Transaction& tx, const Recipient& recipient, const mail::Unsubscription& what,
                                 bool all) {
  std::vector<Topic> topics;
  if (!all) {
    if (std::optional<Topic> topic = LoadTopic(tx, int64_t{what.topic})) topics.push_back(*std::move(topic));
    return topics;
  }
  for (const Subscription& subscription : LoadSubscriptions(tx, recipient, "", kMaxSubscriptions)) {
    std::optional<Topic> topic = LoadTopic(tx, subscription.topic_id);
    if (topic && topic->category != "TRANSACTIONAL") topics.push_back(*std::move(topic));
  }
  return topics;
}

}  // namespace

absl::StatusOr<v1::UnsubscribeResponse> Unsubscribing::Leave(const rpc::Call& call,
                                                             const v1::UnsubscribeRequest& request) {
  ASSIGN_OR_RETURN(const mail::Unsubscription what, Open(tokens_, request.token()));
  const bool all = request.all_topics() || what.scope == kUnsubscribeAll;
  return idempotency::Mutate<v1::UnsubscribeResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::UnsubscribeResponse> {
        v1::UnsubscribeResponse response;
        const std::optional<Recipient> recipient = LockRecipient(tx, static_cast<int64_t>(what.recipient));
        if (!recipient || recipient->state != "ACTIVE") return response;
        change.resource = RecipientName(recipient->id);
        for (const Topic& topic : TopicsToLeave(tx, *recipient, what, all)) {
          const Choice choice = SaveChoice(tx, *recipient, topic, "UNSUBSCRIBED", "ONE_CLICK");
          if (choice.changed) AnnounceSubscription(tx, feed_, choice.subscription);
          response.add_topics(TopicName(topic.id));
        }
        return response;
      });
}

absl::StatusOr<v1::UnsubscribePage> Unsubscribing::Look(const Scope& scope, absl::string_view token) {
  ASSIGN_OR_RETURN(const mail::Unsubscription what, Open(tokens_, token));
  return database_.Read(scope, [&](db::Transaction& tx) {
    v1::UnsubscribePage page;
    const std::optional<Topic> topic = LoadTopic(tx, int64_t{what.topic});
    const std::optional<Recipient> recipient = LoadRecipient(tx, static_cast<int64_t>(what.recipient));
    if (recipient) page.set_locale(recipient->locale);
    if (!topic) return page;
    page.set_topic(TopicName(topic->id));
    page.set_display_name(DisplayName(*topic, page.locale()));
    if (recipient) {
      const std::optional<Subscription> subscription = LoadSubscription(tx, *recipient, *topic);
      page.set_subscribed(subscription && subscription->state == "ACTIVE");
    }
    return page;
  });
}

}  // namespace masthead::notifications
