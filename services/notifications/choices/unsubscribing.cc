#include "services/notifications/choices/unsubscribing.h"

#include <optional>
#include <set>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/resource/name.h"
#include "services/notifications/engagement/engagement_store.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/announcements.h"
#include "services/notifications/following/subscription_store.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/preferences/preference_store.h"
#include "services/notifications/preferences/preferences_proto.h"

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

v1::UnsubscribePage PageOf(db::Transaction& tx, const mail::Unsubscription& what) {
  v1::UnsubscribePage page;
  const std::optional<Topic> topic = LoadTopic(tx, int64_t{what.topic});
  const std::optional<Recipient> recipient = LoadRecipient(tx, static_cast<int64_t>(what.recipient));
  if (recipient) page.set_locale(recipient->locale);
  if (topic) {
    page.set_topic(TopicName(topic->id));
    page.set_display_name(DisplayName(*topic, page.locale()));
  }
  if (!recipient) return page;
  std::set<std::string> followed;
  std::vector<std::string> chosen;
  for (const Subscription& subscription : LoadSubscriptions(tx, *recipient, "", kMaxSubscriptions)) {
    chosen.push_back(subscription.topic_id);
    if (subscription.state == "ACTIVE") followed.insert(subscription.topic_id);
  }
  page.set_subscribed(topic && followed.contains(topic->id));
  for (const Topic& living : LoadLivingTopics(tx, chosen)) {
    if (living.category == "TRANSACTIONAL") continue;
    v1::UnsubscribePage::Choice& choice = *page.add_choices();
    choice.set_topic(TopicName(living.id));
    choice.set_display_name(DisplayName(living, page.locale()));
    choice.set_subscribed(followed.contains(living.id));
  }
  for (const std::string& category : LoadPreferences(tx, recipient->number).muted_categories) {
    v1::Topic::Category muted = v1::Topic::CATEGORY_UNSPECIFIED;
    if (v1::Topic::Category_Parse(category, &muted)) page.add_muted_categories(muted);
  }
  return page;
}

void CheckTopics(absl::string_view field, const google::protobuf::RepeatedPtrField<std::string>& names,
                 FieldViolations& violations) {
  if (names.size() > kMaxSubscriptions) return violations.Add(field, "must not have more than 500 entries");
  for (const std::string& name : names) {
    if (!resource::ParseName(name, "topics/*")) return violations.Add(field, "must look like topics/{topic}");
  }
}

std::set<std::string> ParseCategories(absl::string_view field, const google::protobuf::RepeatedField<int>& categories,
                                      FieldViolations& violations) {
  constexpr int kMaxCategories = 4;
  std::set<std::string> names;
  if (categories.size() > kMaxCategories) violations.Add(field, "must not have more than 4 entries");
  for (const int category : categories.size() > kMaxCategories ? google::protobuf::RepeatedField<int>() : categories) {
    names.insert(ParseMutedCategory(field, category, violations));
  }
  return names;
}

// Only about what the recipient chose about before: a link is no way to sign somebody up. A topic that is deleted, or
// that would ask twice, can only be left.
void ChooseTopic(db::Transaction& tx, events::Feed& feed, const Recipient& recipient, const std::string& name,
                 const char* state) {
  const std::optional<Topic> topic = LoadTopic(tx, TopicIdOf(name));
  if (!topic) return;
  const std::optional<Subscription> before = LoadSubscription(tx, recipient, *topic);
  if (!before || before->state == state) return;
  const bool follows = absl::string_view(state) == "ACTIVE";
  if (follows && (topic->delete_time || topic->asks_twice())) return;
  const Choice choice = SaveState(tx, recipient, *topic, state, "ONE_CLICK");
  if (choice.changed) AnnounceSubscription(tx, feed, choice.subscription);
  if (choice.changed && !follows) CountUnsubscription(tx, recipient.number, topic->number);
}

void Mute(db::Transaction& tx, const Recipient& recipient, const std::set<std::string>& muted,
          const std::set<std::string>& unmuted) {
  Preferences preferences = LoadPreferences(tx, recipient.number);
  const std::set<std::string> before = preferences.muted_categories;
  preferences.muted_categories.insert(muted.begin(), muted.end());
  for (const std::string& category : unmuted) preferences.muted_categories.erase(category);
  if (preferences.muted_categories != before) SavePreferences(tx, recipient.number, preferences);
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
          const Choice choice = SaveState(tx, *recipient, topic, "UNSUBSCRIBED", "ONE_CLICK");
          if (choice.changed) {
            AnnounceSubscription(tx, feed_, choice.subscription);
            CountUnsubscription(tx, recipient->number, topic.number);
          }
          response.add_topics(TopicName(topic.id));
        }
        return response;
      });
}

absl::StatusOr<v1::UnsubscribePage> Unsubscribing::Choose(const rpc::Call& call,
                                                          const v1::ChooseByLinkRequest& request) {
  ASSIGN_OR_RETURN(const mail::Unsubscription what, Open(tokens_, request.token()));
  FieldViolations violations;
  CheckTopics("followed_topics", request.followed_topics(), violations);
  CheckTopics("left_topics", request.left_topics(), violations);
  const std::set<std::string> muted = ParseCategories("muted_categories", request.muted_categories(), violations);
  const std::set<std::string> unmuted = ParseCategories("unmuted_categories", request.unmuted_categories(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::UnsubscribePage>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::UnsubscribePage> {
        const std::optional<Recipient> recipient = LockRecipient(tx, static_cast<int64_t>(what.recipient));
        if (!recipient || recipient->state != "ACTIVE") return PageOf(tx, what);
        change.resource = RecipientName(recipient->id);
        for (const std::string& name : request.followed_topics()) ChooseTopic(tx, feed_, *recipient, name, "ACTIVE");
        for (const std::string& name : request.left_topics()) ChooseTopic(tx, feed_, *recipient, name, "UNSUBSCRIBED");
        Mute(tx, *recipient, muted, unmuted);
        return PageOf(tx, what);
      });
}

absl::StatusOr<v1::UnsubscribePage> Unsubscribing::Look(const Scope& scope, absl::string_view token) {
  ASSIGN_OR_RETURN(const mail::Unsubscription what, Open(tokens_, token));
  return database_.Read(scope, [&](db::Transaction& tx) { return PageOf(tx, what); });
}

}  // namespace masthead::notifications
