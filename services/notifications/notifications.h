// The service put together: its faces, and the workers behind them. main.cc and tests make one.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "common/crypto/mac.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/events/feed_service.h"
#include "common/http/listener.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "grpcpp/channel.h"
#include "masthead/notifications/v1/events_service.pb.h"
#include "services/notifications/alerts/alert_service.h"
#include "services/notifications/alerts/article_follower.h"
#include "services/notifications/audience/audience_follower.h"
#include "services/notifications/authoring/template_service.h"
#include "services/notifications/campaigns/campaign_service.h"
#include "services/notifications/campaigns/starting.h"
#include "services/notifications/choices/choices_expiry.h"
#include "services/notifications/choices/confirming.h"
#include "services/notifications/choices/subscription_service.h"
#include "services/notifications/choices/unsubscribing.h"
#include "services/notifications/desks/desk_letter_service.h"
#include "services/notifications/digests/digests.h"
#include "services/notifications/dkim/key_ring.h"
#include "services/notifications/dkim/signing_pool.h"
#include "services/notifications/engagement/engagement_log.h"
#include "services/notifications/engagement/engagement_token.h"
#include "services/notifications/feedback/feedback_service.h"
#include "services/notifications/inbox/inbox_hub.h"
#include "services/notifications/inbox/inbox_service.h"
#include "services/notifications/mail/verp.h"
#include "services/notifications/messages/fan_out.h"
#include "services/notifications/messages/message_service.h"
#include "services/notifications/mobilepush/fcm_gateway.h"
#include "services/notifications/mobilepush/service_account.h"
#include "services/notifications/recipients/confirmation_letters.h"
#include "services/notifications/recipients/confirmation_token.h"
#include "services/notifications/recipients/recipient_service.h"
#include "services/notifications/reports/report_service.h"
#include "services/notifications/routes/route.h"
#include "services/notifications/routes/route_service.h"
#include "services/notifications/sending/delivery_service.h"
#include "services/notifications/sending/letters.h"
#include "services/notifications/sending/oldest_waiting.h"
#include "services/notifications/sending/sender.h"
#include "services/notifications/sms/twilio_gateway.h"
#include "services/notifications/suppressions/suppression_service.h"
#include "services/notifications/transactional/transactional_service.h"
#include "services/notifications/webhooks/webhook_feed.h"
#include "services/notifications/webhooks/webhook_sender.h"
#include "services/notifications/webhooks/webhook_service.h"
#include "services/notifications/webpush/p256_key.h"
#include "services/notifications/webpush/push_channel.h"
#include "services/notifications/webpush/push_service.h"
#include "services/notifications/worker.h"

namespace masthead::notifications {

struct NotificationsOptions {
  ArticleFollowerOptions alerts;
  FanOutOptions fan_out;
  LetterOptions letters;
  Route route;                // The default one.
  std::string dkim_keys_dir;  // Empty: no keys.
  int dkim_signers = 2;       // Threads that sign, beside the senders.
  SenderOptions sender;
  int senders = 2;  // Each with connections of its own.
  // Of each of two more: one sends nothing but transactional letters, one nothing but these and breaking news. A
  // sign-in link does not wait behind a newsletter.
  size_t reserved_connections = 2;
  // What web push is signed with; without it nobody is told by that way.
  std::optional<webpush::P256Key> vapid_key;
  webpush::PushOptions push;
  webhooks::WebhookOptions webhooks;
  // The gateway of telephones; without one nobody is told by SMS.
  std::optional<sms::TwilioOptions> sms;
  int sms_max_segments = 4;
  // Whom applications are pushed to as; without one nobody is told by that way.
  std::optional<mobilepush::ServiceAccount> fcm_account;
  mobilepush::FcmOptions fcm;
};

// The service's messages, for the shared face of feeds.
struct EventProtos {
  using Event = v1::Event;
  using ListRequest = v1::ListEventsRequest;
  using ListResponse = v1::ListEventsResponse;
  using WatchRequest = v1::WatchEventsRequest;
  using WatchResponse = v1::WatchEventsResponse;
};

class Notifications {
 public:
  // `database` outlives this.
  Notifications(db::Database& database, const crypto::MacKey& key, std::shared_ptr<grpc::Channel> articles,
                std::shared_ptr<grpc::Channel> memberships, NotificationsOptions options);
  ~Notifications();

  std::vector<const rpc::Service*> services() const;
  // By path prefix, for the public listener.
  std::map<std::string, http::Handler> public_pages();

  void StartConsumers();  // Follow articles and memberships.
  void StartSending();    // Fan-out and senders.
  void StopWorkers();     // All of them.

  // The parts, for those who do single steps: tests and benchmarks.
  events::Feed& feed() { return feed_; }
  CampaignClock& campaign_clock() { return campaign_clock_; }
  Digests& digests() { return digests_; }
  ChoicesExpiry& choices_expiry() { return choices_expiry_; }
  OldestWaiting& oldest_waiting() { return oldest_waiting_; }
  FanOut& fan_out() { return fan_out_; }
  InboxHub& inbox_hub() { return inbox_hub_; }
  Sender& sender() { return *senders_.front(); }
  Sender& critical_sender() { return *senders_.back(); }
  webhooks::WebhookFeed& webhook_feed() { return webhook_feed_; }
  webhooks::WebhookSender& webhook_sender() { return *webhook_senders_.front(); }
  const mail::UnsubscribeTokens& unsubscribe_tokens() const { return tokens_; }
  const crypto::SealingKey& targets_key() const { return targets_key_; }
  const mail::VerpTokens& return_paths() const { return return_paths_; }
  EngagementLog& engagement_log() { return engagement_log_; }

 private:
  void AddWorker(const std::string& name, Worker::Step step, absl::Duration poll, rpc::Bell* bell);
  void AddSender(const std::string& name, Sender& sender, rpc::Bell& bell);

  rpc::Bell made_;          // A message was made: there is something to fan out.
  rpc::Bell asked_;         // A transactional letter was asked for.
  rpc::Bell progress_;      // A message got further: there may be something to send, and something to watch.
  rpc::Bell webhooks_due_;  // An event was given to a webhook, or is to be given once more.
  events::Feed feed_;
  const mail::UnsubscribeTokens tokens_;
  const mail::VerpTokens return_paths_;
  const EngagementTokens engagement_tokens_;
  const crypto::SealingKey letters_key_;
  const crypto::SealingKey targets_key_;
  const crypto::SealingKey webhook_secrets_key_;
  const crypto::SealingKey route_passwords_key_;
  const std::optional<webpush::P256Key> vapid_key_;
  const std::optional<mobilepush::ServiceAccount> fcm_account_;
  const ConfirmationTokens confirmation_tokens_;
  const ConfirmationLetters confirmation_letters_;
  dkim::KeyRing dkim_keys_;
  dkim::SigningPool dkim_signers_;
  Unsubscribing unsubscribing_;
  Confirming confirming_;
  FanOut fan_out_;
  InboxHub inbox_hub_;
  webhooks::WebhookFeed webhook_feed_;
  const IssueSource issue_source_;
  CampaignClock campaign_clock_;
  Digests digests_;
  EngagementLog engagement_log_;
  ChoicesExpiry choices_expiry_;
  OldestWaiting oldest_waiting_;
  ArticleFollower article_follower_;
  AudienceFollower audience_follower_;
  std::vector<std::unique_ptr<Sender>> senders_;  // The last one is that of the lane CRITICAL.
  std::vector<std::unique_ptr<webhooks::WebhookSender>> webhook_senders_;

  SubscriptionService subscription_service_;
  AlertService alert_service_;
  RecipientService recipient_service_;
  SuppressionService suppression_service_;
  MessageService message_service_;
  CampaignService campaign_service_;
  DeliveryService delivery_service_;
  RouteService route_service_;
  FeedbackService feedback_service_;
  ReportService report_service_;
  TransactionalService transactional_service_;
  DeskLetterService desk_letter_service_;
  InboxService inbox_service_;
  webpush::PushService push_service_;
  webhooks::WebhookService webhook_service_;
  TemplateService template_service_;
  events::FeedService<EventProtos> feed_service_;
  rpc::Service events_service_;

  events::Consumer article_consumer_;
  events::Consumer audience_consumer_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace masthead::notifications
