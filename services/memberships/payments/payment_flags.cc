#include "services/memberships/payments/payment_flags.h"

#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/config/config.h"
#include "services/memberships/payments/ledgerpay/ledgerpay.h"
#include "services/memberships/payments/stripe/stripe.h"

ABSL_FLAG(std::string, public_http_listen, "0.0.0.0:8080",
          "Address of the public HTTP listener: payment providers' events, and ledgerpay's page.");
ABSL_FLAG(std::string, public_base_url, "",
          "Where the public listener is reached from outside: https, no slash at the end.");
ABSL_FLAG(std::vector<std::string>, payment_providers, {"ledgerpay"},
          "Payment providers to offer, the default first: ledgerpay, stripe.");
ABSL_FLAG(std::string, ledgerpay_transfer_instructions, "Transfer the amount to the newspaper's account.",
          "How to pay by bank transfer or in cash, as ledgerpay's page tells it.");
ABSL_FLAG(std::string, ledgerpay_webhook_url, "",
          "Where ledgerpay posts its events; by default our own public listener, on loopback.");
ABSL_FLAG(bool, ledgerpay_test_methods, false,
          "Offer payment methods that play every outcome, and pay nothing. Never in production.");
ABSL_FLAG(
    std::vector<std::string>, ledgerpay_event_faults, {},
    "With test methods: what ledgerpay's events suffer, of copies=<n>, shuffle, delay=<duration>, drop=<0 to 1>.");
ABSL_FLAG(std::string, stripe_base_url, "https://api.stripe.com", "Where Stripe's API is; no slash at the end.");
ABSL_FLAG(std::string, stripe_secret_key_file, "", "File with Stripe's secret or restricted key.");
ABSL_FLAG(std::vector<std::string>, stripe_webhook_secret_files, {},
          "Files with the secrets that Stripe signs events with; several while one is rolled.");

namespace masthead::memberships {
namespace {

absl::StatusOr<std::unique_ptr<ledgerpay::Ledgerpay>> MakeLedgerpay(db::Database& database,
                                                                    const crypto::MacKey& mac_key) {
  const std::string base_url = absl::GetFlag(FLAGS_public_base_url);
  const bool test_methods = absl::GetFlag(FLAGS_ledgerpay_test_methods);
  if (!absl::StartsWith(base_url, "https://") && !(test_methods && absl::StartsWith(base_url, "http://"))) {
    return absl::InvalidArgumentError("--public_base_url must start with https:// : ledgerpay's page is there");
  }
  return std::make_unique<ledgerpay::Ledgerpay>(
      database, mac_key,
      ledgerpay::LedgerpayOptions{.public_base_url = base_url,
                                  .transfer_instructions = absl::GetFlag(FLAGS_ledgerpay_transfer_instructions),
                                  .test_methods = test_methods});
}

absl::StatusOr<std::unique_ptr<stripe::Stripe>> MakeStripe(db::Database& database) {
  stripe::StripeOptions options = {.base_url = absl::GetFlag(FLAGS_stripe_base_url)};
  ASSIGN_OR_RETURN(options.secret_key, config::ReadSecretFile(absl::GetFlag(FLAGS_stripe_secret_key_file)));
  for (const std::string& file : absl::GetFlag(FLAGS_stripe_webhook_secret_files)) {
    ASSIGN_OR_RETURN(std::string secret, config::ReadSecretFile(file));
    if (absl::StripAsciiWhitespace(secret).empty()) {
      return absl::InvalidArgumentError(absl::StrCat(file, " holds a blank secret"));
    }
    options.webhook_secrets.push_back(std::move(secret));
  }
  if (options.webhook_secrets.empty()) return absl::InvalidArgumentError("--stripe_webhook_secret_files is missing");
  return std::make_unique<stripe::Stripe>(database, std::move(options));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Providers>> ProvidersFromFlags(db::Database& database, const crypto::MacKey& mac_key) {
  std::vector<std::unique_ptr<PaymentProvider>> providers;
  ledgerpay::Ledgerpay* embedded = nullptr;
  for (const std::string& name : absl::GetFlag(FLAGS_payment_providers)) {
    if (name == "ledgerpay" && embedded == nullptr) {
      ASSIGN_OR_RETURN(std::unique_ptr<ledgerpay::Ledgerpay> provider, MakeLedgerpay(database, mac_key));
      embedded = provider.get();
      providers.push_back(std::move(provider));
    } else if (name == "stripe") {
      ASSIGN_OR_RETURN(std::unique_ptr<stripe::Stripe> provider, MakeStripe(database));
      providers.push_back(std::move(provider));
    } else {
      return absl::InvalidArgumentError(absl::StrCat("--payment_providers cannot have ", name));
    }
  }
  if (providers.empty()) return absl::InvalidArgumentError("--payment_providers is empty");
  return std::make_unique<Providers>(std::move(providers), embedded);
}

std::string PublicHttpListen() { return absl::GetFlag(FLAGS_public_http_listen); }

std::string LedgerpayWebhookUrl(int port) {
  const std::string given = absl::GetFlag(FLAGS_ledgerpay_webhook_url);
  if (!given.empty()) return given;
  return absl::StrCat("http://127.0.0.1:", port, "/v1/paymentProviders/ledgerpay/events");
}

absl::StatusOr<ledgerpay::EventFaults> LedgerpayEventFaults() {
  ledgerpay::EventFaults faults;
  const std::vector<std::string> given = absl::GetFlag(FLAGS_ledgerpay_event_faults);
  if (!given.empty() && !absl::GetFlag(FLAGS_ledgerpay_test_methods)) {
    return absl::InvalidArgumentError("--ledgerpay_event_faults needs --ledgerpay_test_methods");
  }
  for (const std::string& fault : given) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(fault, absl::MaxSplits('=', 1));
    const auto& [name, value] = pair;
    const bool understood =
        (name == "copies" && absl::SimpleAtoi(value, &faults.copies) && faults.copies >= 1) ||
        (name == "shuffle" && (faults.shuffled = true)) ||
        (name == "delay" && absl::ParseDuration(value, &faults.delay)) ||
        (name == "drop" && absl::SimpleAtod(value, &faults.dropped) && faults.dropped >= 0 && faults.dropped <= 1);
    if (!understood) return absl::InvalidArgumentError(absl::StrCat("--ledgerpay_event_faults cannot have ", fault));
  }
  return faults;
}

}  // namespace masthead::memberships
