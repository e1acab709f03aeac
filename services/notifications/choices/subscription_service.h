// The face of following: topics, and what recipients chose about them.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/notifications/v1/subscription_service.pb.h"
#include "services/notifications/choices/confirming.h"
#include "services/notifications/choices/unsubscribing.h"
#include "services/notifications/recipients/confirmation_letters.h"

namespace masthead::notifications {

class SubscriptionService {
 public:
  // All but `key` outlive this.
  SubscriptionService(db::Database& database, events::Feed& feed, const crypto::MacKey& key,
                      Unsubscribing& unsubscribing, Confirming& confirming,
                      const ConfirmationLetters& confirmation_letters);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Topic> GetTopic(const Call&, const v1::GetTopicRequest&);
  absl::StatusOr<v1::ListTopicsResponse> ListTopics(const Call&, const v1::ListTopicsRequest&);
  absl::StatusOr<v1::Topic> CreateTopic(const Call&, const v1::CreateTopicRequest&);
  absl::StatusOr<v1::Topic> UpdateTopic(const Call&, const v1::UpdateTopicRequest&);
  absl::StatusOr<v1::Topic> DeleteTopic(const Call&, const v1::DeleteTopicRequest&);
  absl::StatusOr<v1::Topic> UndeleteTopic(const Call&, const v1::UndeleteTopicRequest&);
  absl::StatusOr<v1::Recipient> GetRecipient(const Call&, const v1::GetRecipientRequest&);
  absl::StatusOr<v1::ListSubscriptionsResponse> ListSubscriptions(const Call&, const v1::ListSubscriptionsRequest&);
  absl::StatusOr<v1::Subscription> UpdateSubscription(const Call&, const v1::UpdateSubscriptionRequest&);
  absl::StatusOr<v1::BatchGetSubscriptionsResponse> BatchGetSubscriptions(const Call&,
                                                                          const v1::BatchGetSubscriptionsRequest&);
  absl::StatusOr<v1::ConfirmSubscriptionResponse> ConfirmSubscription(const Call&,
                                                                      const v1::ConfirmSubscriptionRequest&);
  absl::StatusOr<v1::UnsubscribePage> ChooseByLink(const Call&, const v1::ChooseByLinkRequest&);
  absl::StatusOr<v1::UnsubscribeResponse> Unsubscribe(const Call&, const v1::UnsubscribeRequest&);
  absl::StatusOr<v1::UnsubscribePage> GetUnsubscribePage(const Call&, const v1::GetUnsubscribePageRequest&);

  // What following, by these channels, asks for first: an inbox, a letter that asks again.
  absl::Status Prepare(db::Transaction& tx, const Recipient& recipient, const Topic& topic,
                       const std::optional<Subscription>& before, Subscription& wanted);

  db::Database& database_;
  events::Feed& feed_;
  const paging::PageTokens page_tokens_;
  Unsubscribing& unsubscribing_;
  Confirming& confirming_;
  const ConfirmationLetters& confirmation_letters_;
  rpc::Service service_;
};

}  // namespace masthead::notifications
