// masthead-notifications [serve|migrate] [--flags]
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/key_set.h"
#include "common/base/status_macros.h"
#include "common/config/config.h"
#include "common/http/listener.h"
#include "common/rpc/channel.h"
#include "common/service/service_main.h"
#include "masthead/memberships/v1/tokens_service.grpc.pb.h"
#include "services/notifications/feedback/feedback_store.h"
#include "services/notifications/inbox/inbox_store.h"
#include "services/notifications/mail/smtp_route.h"
#include "services/notifications/messages/retention_store.h"
#include "services/notifications/notifications.h"
#include "services/notifications/schema.h"
#include "services/notifications/webhooks/webhook_log_store.h"

ABSL_FLAG(std::string, public_http_listen, "0.0.0.0:8080",
          "Address of the public HTTP listener: unsubscribe links, and links that count.");
ABSL_FLAG(std::string, public_base_url, "",
          "Where the public listener is reached from outside: https, no slash at the end.");
ABSL_FLAG(std::string, site_url, "", "Where readers find articles: https, no slash at the end.");
ABSL_FLAG(std::string, mail_from, "", "The address that letters come from.");
ABSL_FLAG(std::string, mail_from_name, "", "The newsroom's name in letters.");
ABSL_FLAG(std::string, mail_return_path, "", "Where bounces go to; by default --mail_from.");
ABSL_FLAG(std::string, mail_domain, "", "The domain of Message-IDs and List-IDs; by default that of --mail_from.");
ABSL_FLAG(std::string, smtp_host, "", "The smarthost.");
ABSL_FLAG(int, smtp_port, 25, "The smarthost's port.");
ABSL_FLAG(std::string, smtp_tls, "required", "TLS to the smarthost: none, opportunistic, required.");
ABSL_FLAG(std::string, smtp_tls_ca_file, "",
          "PEM file: the authorities that vouch for the smarthost; by default the system's.");
ABSL_FLAG(std::string, smtp_user, "",
          "The user at the smarthost; empty if it knows us otherwise. Needs --smtp_tls=required.");
ABSL_FLAG(std::string, smtp_password_file, "", "File with the password of --smtp_user.");
ABSL_FLAG(std::string, smtp_helo_name, "localhost", "How we introduce ourselves to the smarthost.");
ABSL_FLAG(int, smtp_connections, 4, "Connections of each sender at most.");
ABSL_FLAG(std::string, dkim_keys_dir, "",
          "Folder of private DKIM keys, called like their DNS records: SELECTOR._domainkey.DOMAIN.pem.");
ABSL_FLAG(std::string, dkim_domain, "",
          "The domain that letters of the default route are signed for; by default that of --mail_from.");
ABSL_FLAG(std::vector<std::string>, dkim_selectors, {},
          "Signatures of the default route, one with each key; none if the smarthost signs.");
ABSL_FLAG(int, dkim_signers, 2, "Threads that sign letters, beside the senders.");
ABSL_FLAG(int, smtp_rate_per_minute, 0, "Letters a minute over the default route at most; 0 for no limit.");
ABSL_FLAG(int, smtp_domain_rate_per_minute, 0,
          "Letters a minute to one recipient domain over the default route at most; 0 for no limit.");
ABSL_FLAG(
    std::string, newsroom_time_zone, "UTC",
    "The zone of recipients who have none, in which a campaign's local time is theirs: a name of the IANA database.");
ABSL_FLAG(int, senders, 2, "Senders: threads that hand letters to the smarthost.");
ABSL_FLAG(std::string, vapid_key_file, "",
          "PEM file: the P-256 key that web push is signed with (RFC 8292). Without it nobody is told by web push.");
ABSL_FLAG(std::string, vapid_subject, "",
          "Where push services reach the newspaper: a mailto: or https: URI; by default mailto: --mail_from.");
ABSL_FLAG(std::string, sms_base_url, "https://api.twilio.com",
          "The gateway of telephones: Twilio's API, or one that speaks it. No slash at the end.");
ABSL_FLAG(std::string, sms_account, "", "The account at the gateway of telephones (SID).");
ABSL_FLAG(std::string, sms_sender, "", "What telephones show as the sender: a number, a name, or a service (MG...).");
ABSL_FLAG(std::string, sms_credentials_file, "",
          "File with the gateway's user:password, an API key and its secret. Without it nobody is told by SMS.");
ABSL_FLAG(int, sms_max_segments, 4, "Short messages that one text may take at most.");
ABSL_FLAG(std::string, fcm_service_account_file, "",
          "JSON file: the service account that applications are pushed to as, by Firebase Cloud Messaging. Without it "
          "nobody is told by mobile push.");
ABSL_FLAG(std::string, fcm_base_url, "https://fcm.googleapis.com", "Firebase Cloud Messaging. No slash at the end.");
ABSL_FLAG(bool, outbound_allow_private, false,
          "Let web push and webhooks lead into private networks, and over plain http.");
ABSL_FLAG(bool, count_engagement, true,
          "Count opens and clicks, as far as each recipient lets us know; without it letters' links stay as they are.");
ABSL_FLAG(bool, repeat_uncertain_breaking_news, false,
          "Send breaking news again, with the same Message-ID, where the smarthost's last reply was lost.");

namespace masthead::notifications {
namespace {

constexpr absl::Duration kFetchPatience = absl::Seconds(5);
constexpr int kRowsPerStep = 10'000;  // Cleared away at a time.

absl::StatusOr<mail::SmtpTls> TlsMode(const std::string& name) {
  if (name == "none") return mail::SmtpTls::kNone;
  if (name == "opportunistic") return mail::SmtpTls::kOpportunistic;
  if (name == "required") return mail::SmtpTls::kRequired;
  return absl::InvalidArgumentError(absl::StrCat("--smtp_tls cannot be ", name));
}

absl::Status ReadSigning(const std::string& from, NotificationsOptions& options) {
  options.dkim_keys_dir = absl::GetFlag(FLAGS_dkim_keys_dir);
  options.dkim_signers = absl::GetFlag(FLAGS_dkim_signers);
  Route& route = options.route;
  route.dkim_domain =
      absl::GetFlag(FLAGS_dkim_domain).empty() ? from.substr(from.find('@') + 1) : absl::GetFlag(FLAGS_dkim_domain);
  route.dkim_selectors = absl::GetFlag(FLAGS_dkim_selectors);
  dkim::KeyRing keys(options.dkim_keys_dir);
  for (const std::string& selector : route.dkim_selectors) {
    if (keys.Find(route.dkim_domain, selector) == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("--dkim_keys_dir holds no usable key ", selector, "._domainkey.", route.dkim_domain, ".pem"));
    }
  }
  return absl::OkStatus();
}

// The default one.
absl::Status ReadRoute(Route& route) {
  ASSIGN_OR_RETURN(route.smtp.tls, TlsMode(absl::GetFlag(FLAGS_smtp_tls)));
  route.smtp.host = absl::GetFlag(FLAGS_smtp_host);
  route.smtp.port = static_cast<uint16_t>(absl::GetFlag(FLAGS_smtp_port));
  route.smtp.tls_ca_file = absl::GetFlag(FLAGS_smtp_tls_ca_file);
  route.smtp.ehlo_name = absl::GetFlag(FLAGS_smtp_helo_name);
  route.smtp.max_connections = static_cast<size_t>(absl::GetFlag(FLAGS_smtp_connections));
  route.smtp.user = absl::GetFlag(FLAGS_smtp_user);
  if (!route.smtp.user.empty()) {
    ASSIGN_OR_RETURN(route.smtp.password, config::ReadSecretFile(absl::GetFlag(FLAGS_smtp_password_file)));
  }
  route.rate_per_minute = absl::GetFlag(FLAGS_smtp_rate_per_minute);
  route.domain_rate_per_minute = absl::GetFlag(FLAGS_smtp_domain_rate_per_minute);
  return mail::SmtpRoute::Check(route.smtp);
}

// Those of telephones and of applications, where there are any.
absl::Status ReadGateways(NotificationsOptions& options) {
  if (!absl::GetFlag(FLAGS_sms_credentials_file).empty()) {
    sms::TwilioOptions& gateway = options.sms.emplace();
    gateway.base_url = absl::GetFlag(FLAGS_sms_base_url);
    gateway.account = absl::GetFlag(FLAGS_sms_account);
    gateway.sender = absl::GetFlag(FLAGS_sms_sender);
    ASSIGN_OR_RETURN(gateway.credentials, config::ReadSecretFile(absl::GetFlag(FLAGS_sms_credentials_file)));
    RETURN_IF_ERROR(sms::CheckTwilio(gateway));
    options.sms_max_segments = absl::GetFlag(FLAGS_sms_max_segments);
  }
  if (!absl::GetFlag(FLAGS_fcm_service_account_file).empty()) {
    ASSIGN_OR_RETURN(const std::string json, config::ReadSecretFile(absl::GetFlag(FLAGS_fcm_service_account_file)));
    ASSIGN_OR_RETURN(options.fcm_account, mobilepush::ServiceAccount::FromJson(json));
    options.fcm.base_url = absl::GetFlag(FLAGS_fcm_base_url);
  }
  return absl::OkStatus();
}

absl::StatusOr<NotificationsOptions> ReadOptions() {
  for (const auto& [flag, value] :
       std::map<std::string, std::string>{{"public_base_url", absl::GetFlag(FLAGS_public_base_url)},
                                          {"site_url", absl::GetFlag(FLAGS_site_url)},
                                          {"mail_from", absl::GetFlag(FLAGS_mail_from)},
                                          {"smtp_host", absl::GetFlag(FLAGS_smtp_host)}}) {
    if (value.empty()) return absl::InvalidArgumentError(absl::StrCat("--", flag, " is missing"));
  }
  // Mail programs leave by https only (RFC 8058 section 3.1).
  if (!absl::StartsWith(absl::GetFlag(FLAGS_public_base_url), "https://")) {
    return absl::InvalidArgumentError("--public_base_url must start with https://");
  }
  NotificationsOptions options;
  options.alerts = {.site_url = absl::GetFlag(FLAGS_site_url),
                    .repeat_uncertain_breaking_news = absl::GetFlag(FLAGS_repeat_uncertain_breaking_news)};
  LetterOptions& letters = options.letters;
  letters.from = absl::GetFlag(FLAGS_mail_from);
  letters.from_name = absl::GetFlag(FLAGS_mail_from_name);
  letters.return_path =
      absl::GetFlag(FLAGS_mail_return_path).empty() ? letters.from : absl::GetFlag(FLAGS_mail_return_path);
  letters.domain = absl::GetFlag(FLAGS_mail_domain).empty() ? letters.from.substr(letters.from.find('@') + 1)
                                                            : absl::GetFlag(FLAGS_mail_domain);
  letters.public_base_url = absl::GetFlag(FLAGS_public_base_url);
  letters.counts_engagement = absl::GetFlag(FLAGS_count_engagement);
  RETURN_IF_ERROR(ReadRoute(options.route));
  RETURN_IF_ERROR(ReadSigning(letters.from, options));
  if (!absl::LoadTimeZone(absl::GetFlag(FLAGS_newsroom_time_zone), &options.fan_out.newsroom_zone)) {
    return absl::InvalidArgumentError("--newsroom_time_zone must be a zone of the IANA database");
  }
  options.senders = absl::GetFlag(FLAGS_senders);
  options.push.outbound.allow_private = absl::GetFlag(FLAGS_outbound_allow_private);
  options.webhooks.outbound = options.push.outbound;
  options.push.subject = absl::GetFlag(FLAGS_vapid_subject).empty() ? absl::StrCat("mailto:", letters.from)
                                                                    : absl::GetFlag(FLAGS_vapid_subject);
  if (!absl::GetFlag(FLAGS_vapid_key_file).empty()) {
    ASSIGN_OR_RETURN(const std::string pem, config::ReadSecretFile(absl::GetFlag(FLAGS_vapid_key_file)));
    ASSIGN_OR_RETURN(options.vapid_key, webpush::P256Key::FromPem(pem));
  }
  RETURN_IF_ERROR(ReadGateways(options));
  return options;
}

absl::StatusOr<std::unique_ptr<auth::KeySet>> KeysOfMemberships(service::Platform& platform) {
  const std::shared_ptr<memberships::v1::TokensService::Stub> tokens =
      memberships::v1::TokensService::NewStub(platform.ChannelTo("memberships"));
  const auto fetch = [tokens]() -> absl::StatusOr<std::string> {
    grpc::ClientContext context;
    rpc::Prepare(context, absl::Now() + kFetchPatience);
    memberships::v1::JsonWebKeySet keys;
    RETURN_IF_ERROR(rpc::FromGrpcStatus(tokens->GetJsonWebKeySet(&context, {}, &keys)));
    return keys.jwks_json();
  };
  return auth::FetchedKeySet(fetch, platform.clock());
}

class NotificationsParts final : public service::Parts {
 public:
  NotificationsParts(service::Platform& platform, NotificationsOptions options)
      : database_(platform.database()),
        notifications_(platform.database(), platform.mac_key(), platform.ChannelTo("articles"),
                       platform.ChannelTo("memberships"), std::move(options)) {}

  absl::Status Listen() {
    ASSIGN_OR_RETURN(public_,
                     http::Listener::Start(absl::GetFlag(FLAGS_public_http_listen), notifications_.public_pages()));
    return absl::OkStatus();
  }

  std::vector<const rpc::Service*> services() override { return notifications_.services(); }
  void StartWorkers() override {
    notifications_.StartConsumers();
    notifications_.StartSending();
  }
  void StopWorkers() override { notifications_.StopWorkers(); }
  absl::StatusOr<bool> ClearAway(const Scope& scope, absl::Duration /*audit_kept*/) override {
    return database_.Write(scope, [](db::Transaction& tx) {
      const bool more_items = ForgetOldInboxItems(tx, kInboxKept);
      const bool more_calls = webhooks::RemoveOldWebhookEvents(tx, webhooks::kEventsKept, kRowsPerStep) == kRowsPerStep;
      const bool more_letters = RemoveOldDeskLetters(tx, kRowsPerStep) == kRowsPerStep;
      const bool more_deliveries = ForgetOldDeliveries(tx, kDeliveriesKept, kRowsPerStep);
      return RemoveOldProviderEvents(tx, kRowsPerStep) == kRowsPerStep || more_items || more_calls || more_letters ||
             more_deliveries;
    });
  }

 private:
  db::Database& database_;
  Notifications notifications_;
  std::unique_ptr<http::Listener> public_;
};

absl::StatusOr<std::unique_ptr<service::Parts>> Build(service::Platform& platform) {
  ASSIGN_OR_RETURN(NotificationsOptions options, ReadOptions());
  auto parts = std::make_unique<NotificationsParts>(platform, std::move(options));
  RETURN_IF_ERROR(parts->Listen());
  return parts;
}

}  // namespace
}  // namespace masthead::notifications

int main(int argc, char** argv) {
  using namespace masthead;
  return service::Main(argc, argv,
                       {.name = "notifications",
                        .schema = notifications::Schema(),
                        .keys = notifications::KeysOfMemberships,
                        .build = notifications::Build});
}
