#include "services/notifications/choices/subscription_service.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "common/resource/name.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/announcements.h"
#include "services/notifications/following/own_recipient.h"
#include "services/notifications/following/subscription_store.h"
#include "services/notifications/following/topic_proto.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/messages/channels.h"
#include "services/notifications/recipients/endpoint_store.h"
#include "services/notifications/recipients/recipients_errors.h"
#include "services/notifications/sending/delivery.h"

namespace masthead::notifications {
namespace {

using idempotency::Change;

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr absl::string_view kMutableFields[] = {"display_names", "required_entitlement", "lane", "default_expiry",
                                                "opt_in",        "default_channels"};
constexpr absl::string_view kSubscriptionFields[] = {"state", "channels", "cadence", "consent"};
constexpr int kMaxBatch = 1000;

Change ChangeOf(const Topic& topic) {
  return {.resource = TopicName(topic.id), .revision_before = topic.revision, .revision_after = topic.revision};
}

}  // namespace

SubscriptionService::SubscriptionService(db::Database& database, events::Feed& feed, const crypto::MacKey& key,
                                         Unsubscribing& unsubscribing, Confirming& confirming,
                                         const ConfirmationLetters& confirmation_letters)
    : database_(database),
      feed_(feed),
      page_tokens_(key),
      unsubscribing_(unsubscribing),
      confirming_(confirming),
      confirmation_letters_(confirmation_letters),
      service_(*v1::GetTopicRequest::descriptor()->file()->FindServiceByName("SubscriptionService")) {
  service_.Unary("GetTopic", this, &SubscriptionService::GetTopic);
  service_.Unary("ListTopics", this, &SubscriptionService::ListTopics);
  service_.Unary("CreateTopic", this, &SubscriptionService::CreateTopic);
  service_.Unary("UpdateTopic", this, &SubscriptionService::UpdateTopic);
  service_.Unary("DeleteTopic", this, &SubscriptionService::DeleteTopic);
  service_.Unary("UndeleteTopic", this, &SubscriptionService::UndeleteTopic);
  service_.Unary("GetRecipient", this, &SubscriptionService::GetRecipient);
  service_.Unary("ListSubscriptions", this, &SubscriptionService::ListSubscriptions);
  service_.Unary("UpdateSubscription", this, &SubscriptionService::UpdateSubscription);
  service_.Unary("BatchGetSubscriptions", this, &SubscriptionService::BatchGetSubscriptions);
  service_.Unary("ConfirmSubscription", this, &SubscriptionService::ConfirmSubscription);
  service_.Unary("ChooseByLink", this, &SubscriptionService::ChooseByLink);
  service_.Unary("Unsubscribe", this, &SubscriptionService::Unsubscribe);
  service_.Unary("GetUnsubscribePage", this, &SubscriptionService::GetUnsubscribePage);
}

absl::StatusOr<v1::Topic> SubscriptionService::GetTopic(const Call& call, const v1::GetTopicRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), "topics/*"));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Topic> {
    const std::optional<Topic> topic = LoadTopic(tx, ids[0]);
    if (!topic) return TopicNotFound(request.name());
    return ToProto(*topic);
  });
}

absl::StatusOr<v1::ListTopicsResponse> SubscriptionService::ListTopics(const Call& call,
                                                                       const v1::ListTopicsRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  const std::string after = keyset.empty() ? "" : keyset[0];
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadTopics(tx, after, request.show_deleted(), page_size + 1);
  }));
  v1::ListTopicsResponse response;
  for (const Topic& topic : topics) {
    if (response.topics_size() == page_size) {
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {topics[page_size - 1].id}));
      break;
    }
    *response.add_topics() = ToProto(topic);
  }
  return response;
}

absl::StatusOr<v1::Topic> SubscriptionService::CreateTopic(const Call& call, const v1::CreateTopicRequest& request) {
  FieldViolations violations;
  Topic wanted;
  wanted.id = request.topic_id();
  if (!ids::IsResourceId(wanted.id)) violations.Add("topic_id", "must match [a-z]([a-z0-9-]{0,61}[a-z0-9])?");
  if (!request.has_topic()) violations.Add("topic", "is required");
  ParseTopic(request.topic(),
             {"source", "display_names", "category", "required_entitlement", "lane", "default_expiry", "opt_in",
              "default_channels"},
             wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Topic>(database_, call, request,
                                        [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Topic> {
                                          Topic topic = wanted;
                                          if (!InsertTopic(tx, topic)) return TopicExists(TopicName(topic.id));
                                          change = {.resource = TopicName(topic.id), .revision_after = topic.revision};
                                          AnnounceTopic(tx, feed_, topic);
                                          return ToProto(topic);
                                        });
}

absl::StatusOr<v1::Topic> SubscriptionService::UpdateTopic(const Call& call, const v1::UpdateTopicRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("topic.name", request.topic().name(), "topics/*"));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.topic(), kMutableFields, violations);
  Topic checked;
  ParseTopic(request.topic(), fields, checked, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Topic>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Topic> {
        std::optional<Topic> topic = LockTopic(tx, ids[0]);
        if (!topic) return TopicNotFound(request.topic().name());
        RETURN_IF_ERROR(resource::CheckEtag(request.topic().etag(), topic->revision, request.topic().name()));
        change = ChangeOf(*topic);
        ParseTopic(request.topic(), fields, *topic, violations);
        SaveTopic(tx, *topic);
        change.revision_after = topic->revision;
        AnnounceTopic(tx, feed_, *topic);
        return ToProto(*topic);
      });
}

absl::StatusOr<v1::Topic> SubscriptionService::DeleteTopic(const Call& call, const v1::DeleteTopicRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), "topics/*"));
  return idempotency::Mutate<v1::Topic>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Topic> {
        std::optional<Topic> topic = LockTopic(tx, ids[0]);
        if (!topic) return TopicNotFound(request.name());
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), topic->revision, request.name()));
        if (topic->built_in()) return TopicBuiltIn(request.name());
        if (topic->delete_time) return TopicArchived(request.name());
        change = ChangeOf(*topic);
        topic->delete_time = db::Now(tx);
        SaveTopic(tx, *topic);
        change.revision_after = topic->revision;
        AnnounceTopic(tx, feed_, *topic);
        return ToProto(*topic);
      });
}

absl::StatusOr<v1::Topic> SubscriptionService::UndeleteTopic(const Call& call,
                                                             const v1::UndeleteTopicRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), "topics/*"));
  return idempotency::Mutate<v1::Topic>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Topic> {
        std::optional<Topic> topic = LockTopic(tx, ids[0]);
        if (!topic) return TopicNotFound(request.name());
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), topic->revision, request.name()));
        change = ChangeOf(*topic);
        if (!topic->delete_time) return ToProto(*topic);
        topic->delete_time = std::nullopt;
        SaveTopic(tx, *topic);
        change.revision_after = topic->revision;
        AnnounceTopic(tx, feed_, *topic);
        return ToProto(*topic);
      });
}

absl::StatusOr<v1::Recipient> SubscriptionService::GetRecipient(const Call& call,
                                                                const v1::GetRecipientRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), "recipients/*"));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Recipient> {
    const std::optional<Recipient> recipient = LoadRecipient(tx, ids[0], OnlyOwn(call));
    if (!recipient) return RecipientNotFound(request.name());
    return ToProto(*recipient);
  });
}

absl::StatusOr<v1::ListSubscriptionsResponse> SubscriptionService::ListSubscriptions(
    const Call& call, const v1::ListSubscriptionsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("parent", request.parent(), "recipients/*"));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  const std::string after = keyset.empty() ? "" : keyset[0];
  ASSIGN_OR_RETURN(const std::vector<Subscription> subscriptions,
                   database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<std::vector<Subscription>> {
                     const std::optional<Recipient> recipient = LoadRecipient(tx, ids[0], OnlyOwn(call));
                     if (!recipient) return RecipientNotFound(request.parent());
                     return LoadSubscriptions(tx, *recipient, after, page_size + 1);
                   }));
  v1::ListSubscriptionsResponse response;
  for (const Subscription& subscription : subscriptions) {
    if (response.subscriptions_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {subscriptions[page_size - 1].topic_id}));
      break;
    }
    *response.add_subscriptions() = ToProto(subscription);
  }
  return response;
}

absl::StatusOr<v1::BatchGetSubscriptionsResponse> SubscriptionService::BatchGetSubscriptions(
    const Call& call, const v1::BatchGetSubscriptionsRequest& request) {
  FieldViolations violations;
  const bool any = request.parent() == "recipients/-";
  if (!any && !resource::ParseName(request.parent(), "recipients/*")) {
    violations.Add("parent", "must look like recipients/*, an ID or `-` for the star");
  }
  if (request.names().empty() || request.names_size() > kMaxBatch)
    violations.Add("names", "must have 1 to 1000 entries");
  RETURN_IF_ERROR(violations.ToStatus());
  std::vector<std::string> recipients;
  std::vector<std::string> topics;
  for (int i = 0; i < request.names_size(); ++i) {
    const auto ids = resource::ParseName(request.names(i), "recipients/*/subscriptions/*");
    if (!ids || (!any && RecipientName((*ids)[0]) != request.parent())) {
      violations.Add(absl::StrCat("names[", i, "]"), "must name a subscription of the parent");
      continue;
    }
    recipients.push_back((*ids)[0]);
    topics.push_back((*ids)[1]);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const std::vector<Subscription> subscriptions, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadSubscriptions(tx, recipients, topics, OnlyOwn(call));
  }));
  v1::BatchGetSubscriptionsResponse response;
  for (const Subscription& subscription : subscriptions) *response.add_subscriptions() = ToProto(subscription);
  return response;
}

absl::StatusOr<v1::Subscription> SubscriptionService::UpdateSubscription(const Call& call,
                                                                         const v1::UpdateSubscriptionRequest& request) {
  const v1::Subscription& proto = request.subscription();
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   IdsIn("subscription.name", proto.name(), "recipients/*/subscriptions/*"));
  FieldViolations violations;
  std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), proto, kSubscriptionFields, violations);
  // Whoever starts to follow says so by the state; a mask that leaves it out is about somebody who follows already.
  if (request.update_mask().paths().empty()) fields.insert("state");
  Subscription checked;
  ParseSubscription(proto, fields, checked, violations);
  std::optional<Consent> consent;
  if (fields.contains("consent")) consent = ParseConsent("subscription.consent", proto.consent(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Subscription>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Subscription> {
        const std::optional<Recipient> recipient = LockRecipient(tx, ids[0], OnlyOwn(call));
        if (!recipient || recipient->state != "ACTIVE") return RecipientNotFound(RecipientName(ids[0]));
        const std::optional<Topic> topic = LoadTopic(tx, ids[1]);
        if (!topic) return TopicNotFound(TopicName(ids[1]));
        const std::optional<Subscription> before = LoadSubscription(tx, *recipient, *topic);
        if (before) {
          RETURN_IF_ERROR(resource::CheckEtag(proto.etag(), before->revision, proto.name()));
        } else if (!request.allow_missing() || !fields.contains("state")) {
          return SubscriptionNotFound(proto.name());
        } else if (CountSubscriptions(tx, *recipient) >= kMaxSubscriptions) {
          return TooManySubscriptions(kMaxSubscriptions);
        }
        Subscription wanted = before.value_or(FirstChoice(*recipient, *topic));
        ParseSubscription(proto, fields, wanted, violations);
        wanted.source = "OWN_CHOICE";
        RETURN_IF_ERROR(Prepare(tx, *recipient, *topic, before, wanted));
        std::optional<Consent> given = consent;
        if (given && given->time == absl::InfinitePast()) given->time = db::Now(tx);
        const Choice choice = SaveChoice(tx, *recipient, *topic, wanted, given);
        change = {.resource = proto.name(),
                  .revision_before = before ? before->revision : 0,
                  .revision_after = choice.subscription.revision};
        if (choice.changed) AnnounceSubscription(tx, feed_, choice.subscription);
        return ToProto(choice.subscription);
      });
}

absl::Status SubscriptionService::Prepare(db::Transaction& tx, const Recipient& recipient, const Topic& topic,
                                          const std::optional<Subscription>& before, Subscription& wanted) {
  if (topic.delete_time && wanted.state == "ACTIVE") return TopicArchived(TopicName(topic.id));
  if ((wanted.channels & kInbox) != 0 && wanted.state == "ACTIVE") EnsureInbox(tx, recipient.number);
  const bool follows = before && before->state == "ACTIVE";
  if (wanted.state != "ACTIVE" || !topic.asks_twice() || follows) return absl::OkStatus();
  const std::optional<Endpoint> mailbox = LoadMailbox(tx, recipient.number);
  if (!mailbox) return EndpointNotFound(EndpointName(recipient.id, kMemberEndpoint));
  wanted.state = "PENDING";
  return confirmation_letters_.Ask(tx, recipient, *mailbox, &topic);
}

absl::StatusOr<v1::ConfirmSubscriptionResponse> SubscriptionService::ConfirmSubscription(
    const Call& call, const v1::ConfirmSubscriptionRequest& request) {
  return confirming_.Confirm(call, request);
}

absl::StatusOr<v1::UnsubscribePage> SubscriptionService::ChooseByLink(const Call& call,
                                                                      const v1::ChooseByLinkRequest& request) {
  return unsubscribing_.Choose(call, request);
}

absl::StatusOr<v1::UnsubscribeResponse> SubscriptionService::Unsubscribe(const Call& call,
                                                                         const v1::UnsubscribeRequest& request) {
  return unsubscribing_.Leave(call, request);
}

absl::StatusOr<v1::UnsubscribePage> SubscriptionService::GetUnsubscribePage(
    const Call& call, const v1::GetUnsubscribePageRequest& request) {
  return unsubscribing_.Look(call.scope, request.token());
}

}  // namespace masthead::notifications
