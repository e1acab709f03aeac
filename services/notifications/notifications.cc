#include "services/notifications/notifications.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/telemetry/log.h"
#include "services/notifications/choices/confirm_page.h"
#include "services/notifications/choices/unsubscribe_page.h"
#include "services/notifications/engagement/engagement_pages.h"
#include "services/notifications/engagement/tracked_html.h"
#include "services/notifications/inbox/inbox_channel.h"
#include "services/notifications/mobilepush/mobile_push_channel.h"
#include "services/notifications/recipients/endpoint_target.h"
#include "services/notifications/routes/route_password.h"
#include "services/notifications/sending/email_channel.h"
#include "services/notifications/sms/sms_channel.h"
#include "services/notifications/webhooks/webhook_call.h"
#include "services/notifications/webhooks/webhook_channel.h"

namespace masthead::notifications {
namespace {

// The number of the key in tokens. A new key gets a new number, and the old ones stay: links in old messages keep
// working.
constexpr uint8_t kUnsubscribeKey = 1;
constexpr uint8_t kReturnPathKey = 1;  // The same of return paths.
constexpr absl::Duration kDigestPoll = absl::Seconds(5);
constexpr absl::Duration kCampaignPoll = absl::Seconds(1);
constexpr uint8_t kEngagementKey = 1;  // The same of links that count.
constexpr absl::Duration kExpiryPoll = absl::Seconds(10);
constexpr absl::Duration kWaitingPoll = absl::Seconds(15);
constexpr absl::Duration kPoll = absl::Milliseconds(500);
constexpr absl::Duration kEngagementPoll = absl::Seconds(1);
constexpr absl::Duration kInboxPoll = absl::Seconds(1);  // For what other replicas write.

// Letters lead to articles where alerts do.
LetterOptions LettersOf(const NotificationsOptions& options) {
  LetterOptions letters = options.letters;
  letters.site_url = options.alerts.site_url;
  return letters;
}

}  // namespace

Notifications::Notifications(db::Database& database, const crypto::MacKey& key, std::shared_ptr<grpc::Channel> articles,
                             std::shared_ptr<grpc::Channel> memberships, NotificationsOptions options)
    : feed_(database, key),
      tokens_({{kUnsubscribeKey, key.Derive("masthead unsubscribe token")}}, kUnsubscribeKey),
      return_paths_({{kReturnPathKey, key.Derive("masthead return path")}}, kReturnPathKey),
      engagement_tokens_({{kEngagementKey, key.Derive("masthead engagement")}}, kEngagementKey),
      letters_key_(key, "masthead transactional letters"),
      targets_key_(key, kEndpointTargets),
      webhook_secrets_key_(key, webhooks::kWebhookSecrets),
      route_passwords_key_(key, kRoutePasswords),
      vapid_key_(std::move(options.vapid_key)),
      fcm_account_(std::move(options.fcm_account)),
      confirmation_tokens_(key),
      confirmation_letters_(confirmation_tokens_, letters_key_, options.letters.public_base_url, asked_),
      dkim_keys_(options.dkim_keys_dir),
      dkim_signers_(options.dkim_signers),
      unsubscribing_(database, feed_, tokens_),
      confirming_(database, feed_, confirmation_tokens_),
      fan_out_(database, feed_, progress_, options.fan_out),
      inbox_hub_(database),
      webhook_feed_(database, feed_, webhooks_due_),
      issue_source_(articles),
      campaign_clock_(database, feed_, issue_source_, made_),
      digests_(database, feed_, made_),
      engagement_log_(database),
      choices_expiry_(database),
      oldest_waiting_(database),
      article_follower_(articles, feed_, made_, options.alerts),
      audience_follower_(database, std::move(memberships)),
      subscription_service_(database, feed_, key, unsubscribing_, confirming_, confirmation_letters_),
      alert_service_(database, feed_, article_follower_.source(), made_),
      recipient_service_(database, feed_, key, targets_key_, confirmation_letters_),
      suppression_service_(database, key),
      message_service_(database, feed_, key, progress_, progress_),
      campaign_service_(database, feed_, key, issue_source_, {.made = made_, .progress = progress_}),
      delivery_service_(database, key, options.letters.domain, progress_),
      route_service_(database, key, route_passwords_key_, dkim_keys_, options.route),
      feedback_service_(database, feed_, return_paths_, tokens_),
      report_service_(database),
      transactional_service_(database, letters_key_, asked_),
      desk_letter_service_(database, feed_, key, articles, letters_key_, asked_),
      inbox_service_(database, key, inbox_hub_),
      push_service_(vapid_key_ ? &*vapid_key_ : nullptr),
      webhook_service_(database, feed_, key, webhook_secrets_key_, options.webhooks.outbound, webhooks_due_),
      template_service_(database, key, issue_source_, LettersOf(options), letters_key_, asked_),
      feed_service_(feed_),
      events_service_(*v1::ListEventsRequest::descriptor()->file()->FindServiceByName("EventsService")),
      article_consumer_(database, article_follower_.Options()),
      audience_consumer_(database, audience_follower_.Options()) {
  feed_service_.Register(events_service_);
  AddWorker(
      "fan-out", [this](const Cancellation& stopping) { return fan_out_.Step(stopping); }, kPoll, &made_);
  AddWorker(
      "inbox", [this](const Cancellation& stopping) { return inbox_hub_.Step(stopping); }, kInboxPoll,
      &inbox_hub_.changed());
  AddWorker(
      "campaigns", [this](const Cancellation& stopping) { return campaign_clock_.Step(stopping); }, kCampaignPoll,
      nullptr);
  AddWorker(
      "digests", [this](const Cancellation& stopping) { return digests_.Step(stopping); }, kDigestPoll, nullptr);
  AddWorker(
      "engagement", [this](const Cancellation& stopping) { return engagement_log_.Step(stopping); }, kEngagementPoll,
      nullptr);
  AddWorker(
      "choices-expiry", [this](const Cancellation& stopping) { return choices_expiry_.Step(stopping); }, kExpiryPoll,
      nullptr);
  AddWorker(
      "webhook-feed", [this](const Cancellation& stopping) { return webhook_feed_.Step(stopping); }, kPoll,
      &feed_.bell());
  for (int i = 0; i < options.webhooks.senders; ++i) {
    webhook_senders_.push_back(
        std::make_unique<webhooks::WebhookSender>(database, feed_, webhook_secrets_key_, options.webhooks));
    AddWorker(
        absl::StrCat("webhook-sender-", i),
        [&sender = *webhook_senders_.back()](const Cancellation& stopping) { return sender.Step(stopping); }, kPoll,
        &webhooks_due_);
  }
  AddWorker(
      "oldest-waiting", [this](const Cancellation& stopping) { return oldest_waiting_.Step(stopping); }, kWaitingPoll,
      nullptr);
  const auto make_sender = [&](const Route& route, const SenderOptions& sender) -> Sender& {
    ChannelMap channels;
    channels[kEmail] = std::make_unique<EmailChannel>(
        EmailParts{database, dkim_keys_, dkim_signers_, route_passwords_key_}, route,
        Letters(LettersOf(options), tokens_, return_paths_, engagement_tokens_, letters_key_));
    if (vapid_key_) {
      channels[kWebPush] = std::make_unique<webpush::PushChannel>(*vapid_key_, targets_key_, options.push);
    }
    channels[kWebhook] = std::make_unique<webhooks::WebhookChannel>(
        webhooks::WebhookParts{database, feed_, webhook_secrets_key_, targets_key_}, options.webhooks);
    if (options.sms) {
      channels[kSms] = std::make_unique<sms::SmsChannel>(
          database, targets_key_, std::make_unique<sms::TwilioGateway>(*options.sms), options.sms_max_segments);
    }
    if (fcm_account_) {
      channels[kMobilePush] = std::make_unique<mobilepush::MobilePushChannel>(
          database, targets_key_, std::make_unique<mobilepush::FcmGateway>(*fcm_account_, options.fcm));
    }
    channels[kInbox] = std::make_unique<InboxChannel>(inbox_hub_);
    senders_.push_back(std::make_unique<Sender>(database, feed_, progress_, std::move(channels), sender));
    return *senders_.back();
  };
  for (int i = 0; i < options.senders; ++i) {
    AddSender(absl::StrCat("sender-", i), make_sender(options.route, options.sender), progress_);
  }
  Route own_route = options.route;
  own_route.smtp.max_connections = options.reserved_connections;
  SenderOptions reserved = options.sender;
  reserved.lanes = kNewsLanes;
  AddSender("sender-news", make_sender(own_route, reserved), progress_);
  reserved.lanes = kCriticalLanes;
  AddSender("sender-critical", make_sender(own_route, reserved), asked_);
}

void Notifications::AddWorker(const std::string& name, Worker::Step step, absl::Duration poll, rpc::Bell* bell) {
  workers_.push_back(std::make_unique<Worker>(name, std::move(step), poll, bell));
}

void Notifications::AddSender(const std::string& name, Sender& sender, rpc::Bell& bell) {
  AddWorker(
      name, [&sender](const Cancellation& stopping) { return sender.Step(stopping); }, kPoll, &bell);
}

Notifications::~Notifications() { StopWorkers(); }

std::vector<const rpc::Service*> Notifications::services() const {
  return {&subscription_service_.service(),
          &alert_service_.service(),
          &recipient_service_.service(),
          &suppression_service_.service(),
          &message_service_.service(),
          &campaign_service_.service(),
          &delivery_service_.service(),
          &route_service_.service(),
          &feedback_service_.service(),
          &report_service_.service(),
          &transactional_service_.service(),
          &template_service_.service(),
          &inbox_service_.service(),
          &push_service_.service(),
          &webhook_service_.service(),
          &desk_letter_service_.service(),
          &events_service_};
}

std::map<std::string, http::Handler> Notifications::public_pages() {
  return {{kUnsubscribePath, UnsubscribePageHandler(unsubscribing_)},
          {kConfirmPath, ConfirmPageHandler(confirming_)},
          {kClickPath, ClickHandler(engagement_tokens_, engagement_log_)},
          {kOpenPath, PixelHandler(engagement_tokens_, engagement_log_)}};
}

void Notifications::StartConsumers() {
  article_consumer_.Start();
  audience_consumer_.Start();
}

void Notifications::StartSending() {
  for (const std::unique_ptr<Worker>& worker : workers_) worker->Start();
}

void Notifications::StopWorkers() {
  audience_follower_.Stop();
  article_consumer_.Stop();
  audience_consumer_.Stop();
  for (const std::unique_ptr<Worker>& worker : workers_) worker->Stop();
  const Cancellation never;
  if (const absl::Status status = engagement_log_.Step(never).status(); !status.ok()) {
    telemetry::Warning("the last opens and clicks were not saved", {{"error", std::string(status.message())}});
  }
}

}  // namespace masthead::notifications
