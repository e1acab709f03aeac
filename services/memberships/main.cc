// masthead-memberships [serve|migrate|create-api-key|generate-signing-key] [--flags]
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/time/time.h"
#include "common/auth/key_set.h"
#include "common/auth/token.h"
#include "common/base/status_macros.h"
#include "common/config/config.h"
#include "common/http/listener.h"
#include "common/service/service_main.h"
#include "common/telemetry/log.h"
#include "common/worker/repeating_thread.h"
#include "services/memberships/admin/bootstrap.h"
#include "services/memberships/clearing.h"
#include "services/memberships/members/address_keys.h"
#include "services/memberships/memberships.h"
#include "services/memberships/payments/ledgerpay/event_sender.h"
#include "services/memberships/payments/payment_flags.h"

ABSL_FLAG(std::string, signing_key_file, "", "PEM file: the ES256 private key that signs access tokens.");
ABSL_FLAG(std::vector<std::string>, published_key_files, {},
          "PEM files of other public keys to publish: former ones whose tokens may still be out, and the next one.");
ABSL_FLAG(
    std::string, address_key_file, "",
    "File with keys of 32 random bytes, one a line, that members' addresses are sealed with: the first seals, all "
    "open, the last one stays.");
ABSL_FLAG(std::string, newsroom_time_zone, "UTC",
          "IANA name: when it is nine o'clock for a gift, and for members who say no time zone.");
ABSL_FLAG(std::string, sign_in_url, "https://localhost/sign-in",
          "The page that sign-in links lead to; gets `?token=` and completes the sign-in from a form's POST.");
ABSL_FLAG(std::string, email_change_url, "https://localhost/email-change",
          "The page that links to confirm a change of address lead to.");
ABSL_FLAG(std::vector<std::string>, redirect_origins, {},
          "Where readers may be sent after signing in: https://www.example.org, without a slash at the end.");
ABSL_FLAG(std::vector<std::string>, checkout_origins, {},
          "Where buyers may be sent back to: https://www.example.org, without a slash at the end.");
ABSL_FLAG(std::vector<std::string>, blocked_email_domains, {},
          "Domains, and all below, whose addresses may not sign up.");
ABSL_FLAG(absl::Duration, standing_freshness, absl::Seconds(1),
          "How long CheckAccess may answer by what it read before of a member and of the meter policies; another "
          "replica's changes count after that long. 0: it asks the database each time.");
ABSL_FLAG(std::vector<std::string>, scopes, {}, "create-api-key: what the key's tokens may do.");
ABSL_FLAG(std::string, display_name, "bootstrap", "create-api-key: whose key it is.");

namespace masthead::memberships {
namespace {

absl::StatusOr<std::unique_ptr<SigningKeys>> ReadSigningKeys() {
  return SigningKeys::FromFiles(absl::GetFlag(FLAGS_signing_key_file), absl::GetFlag(FLAGS_published_key_files));
}

absl::StatusOr<std::unique_ptr<AddressKeys>> ReadAddressKeys() {
  ASSIGN_OR_RETURN(const std::string text, config::ReadSecretFile(absl::GetFlag(FLAGS_address_key_file)));
  return AddressKeys::FromText(text);
}

// We verify tokens with the very keys that we publish.
absl::StatusOr<std::unique_ptr<auth::KeySet>> OwnKeys(service::Platform&) {
  ASSIGN_OR_RETURN(const std::unique_ptr<SigningKeys> keys, ReadSigningKeys());
  return auth::ParseKeySet(keys->key_set_json());
}

SignInOptions ReadSignInOptions() {
  return {.sign_in_url = absl::GetFlag(FLAGS_sign_in_url),
          .email_change_url = absl::GetFlag(FLAGS_email_change_url),
          .redirect_origins = absl::GetFlag(FLAGS_redirect_origins),
          .blocked_domains = absl::GetFlag(FLAGS_blocked_email_domains)};
}

// What the service is made of, from files and flags.
struct Secrets {
  std::unique_ptr<SigningKeys> signing_keys;
  std::unique_ptr<AddressKeys> address_keys;
  std::unique_ptr<Providers> providers;
};

absl::StatusOr<Secrets> ReadSecrets(service::Platform& platform) {
  Secrets secrets;
  ASSIGN_OR_RETURN(secrets.signing_keys, ReadSigningKeys());
  ASSIGN_OR_RETURN(secrets.address_keys, ReadAddressKeys());
  ASSIGN_OR_RETURN(secrets.providers, ProvidersFromFlags(platform.database(), platform.mac_key()));
  return secrets;
}

absl::StatusOr<Settings> ReadSettings() {
  Settings settings = {.sign_in = ReadSignInOptions(),
                       .checkout_origins = absl::GetFlag(FLAGS_checkout_origins),
                       .standing_freshness = absl::GetFlag(FLAGS_standing_freshness)};
  const std::string zone = absl::GetFlag(FLAGS_newsroom_time_zone);
  if (!absl::LoadTimeZone(zone, &settings.newsroom_zone)) {
    return absl::InvalidArgumentError("--newsroom_time_zone is no time zone: " + zone);
  }
  return settings;
}

class MembershipsParts final : public service::Parts {
 public:
  MembershipsParts(service::Platform& platform, Secrets secrets, const Settings& settings)
      : database_(platform.database()),
        clock_(platform.clock()),
        secrets_(std::move(secrets)),
        memberships_({.database = platform.database(),
                      .clock = platform.clock(),
                      .mac_key = platform.mac_key(),
                      .signing_keys = *secrets_.signing_keys,
                      .address_keys = *secrets_.address_keys,
                      .providers = *secrets_.providers,
                      .notifications = platform.ChannelTo("notifications")},
                     settings) {}

  absl::Status Listen() {
    ASSIGN_OR_RETURN(public_, http::Listener::Start(PublicHttpListen(), memberships_.public_pages()));
    ASSIGN_OR_RETURN(const ledgerpay::EventFaults faults, LedgerpayEventFaults());
    if (secrets_.providers->embedded() == nullptr) return absl::OkStatus();
    event_sender_ = std::make_unique<ledgerpay::EventSender>(*secrets_.providers->embedded(), clock_,
                                                             LedgerpayWebhookUrl(public_->port()), faults);
    ledgerpay_ = std::make_unique<worker::RepeatingThread>(
        "memberships.ledgerpay", [this](const Scope& scope) { return event_sender_->Work(scope); });
    return absl::OkStatus();
  }

  std::vector<const rpc::Service*> services() override { return memberships_.services(); }
  void StartWorkers() override {
    memberships_.worker().Start();
    memberships_.collecting().Start();
    memberships_.mail_worker().Start();
    memberships_.privacy_worker().Start();
    if (ledgerpay_ != nullptr) ledgerpay_->Start();
  }
  void StopWorkers() override {
    if (ledgerpay_ != nullptr) ledgerpay_->Stop();
    memberships_.privacy_worker().Stop();
    memberships_.mail_worker().Stop();
    memberships_.collecting().Stop();
    memberships_.worker().Stop();
  }

  absl::StatusOr<bool> ClearAway(const Scope& scope, absl::Duration /*audit_kept*/) override {
    return ClearAwayOld(database_, scope);
  }

 private:
  db::Database& database_;
  const Clock& clock_;
  const Secrets secrets_;
  Memberships memberships_;
  std::unique_ptr<http::Listener> public_;
  std::unique_ptr<ledgerpay::EventSender> event_sender_;
  std::unique_ptr<worker::RepeatingThread> ledgerpay_;
};

absl::StatusOr<std::unique_ptr<service::Parts>> Build(service::Platform& platform) {
  ASSIGN_OR_RETURN(Secrets secrets, ReadSecrets(platform));
  ASSIGN_OR_RETURN(const Settings settings, ReadSettings());
  auto parts = std::make_unique<MembershipsParts>(platform, std::move(secrets), settings);
  RETURN_IF_ERROR(parts->Listen());
  return parts;
}

int CreateApiKey(db::Database& database, const std::vector<std::string>&) {
  const absl::StatusOr<std::string> key =
      CreateFirstApiKey(database, absl::GetFlag(FLAGS_display_name), absl::GetFlag(FLAGS_scopes));
  if (!key.ok()) {
    telemetry::Error("no key was made", {{"why", key.status().ToString()}});
    return 1;
  }
  std::cout << *key << std::endl;
  return 0;
}

}  // namespace
}  // namespace masthead::memberships

int main(int argc, char** argv) {
  using namespace masthead;
  // Before there is a database or a configuration: it needs neither.
  if (argc == 2 && std::string(argv[1]) == "generate-signing-key") {
    std::cout << auth::SigningKey::Generate()->pem();
    return 0;
  }
  return service::Main(argc, argv,
                       {.name = "memberships",
                        .schema = memberships::Schema(),
                        .keys = memberships::OwnKeys,
                        .build = memberships::Build,
                        .commands = {{"create-api-key", memberships::CreateApiKey}}});
}
