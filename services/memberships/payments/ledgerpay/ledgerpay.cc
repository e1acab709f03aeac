#include "services/memberships/payments/ledgerpay/ledgerpay.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/memberships/billing/currency.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_event.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_store.h"
#include "services/memberships/payments/payment_errors.h"
#include "services/memberships/payments/webhook_signature.h"

namespace masthead::memberships::ledgerpay {
namespace {

constexpr int kEventsAtATime = 100;

const char* ModeName(bool livemode) { return livemode ? "live mode" : "test mode"; }

}  // namespace

Ledgerpay::Ledgerpay(db::Database& database, const crypto::MacKey& mac_key, LedgerpayOptions options)
    : database_(database),
      signing_secret_(crypto::Base64Url(mac_key.Derive("ledgerpay.events").Sign("signing secret"))),
      options_(std::move(options)),
      till_(options_.test_methods) {}

absl::Status Ledgerpay::CheckChargeable(const Money& money) const {
  FieldViolations violations;
  if (!IsCurrencyCode(money.currency)) violations.Add("money.currency_code", "must be an ISO 4217 code");
  if (money.amount < 1) violations.Add("money.minor_units", "must be 1 at least");
  return violations.ToStatus();
}

absl::StatusOr<HostedPage> Ledgerpay::CreateCheckout(const Scope& scope, const CheckoutPage& page) {
  ASSIGN_OR_RETURN(const Checkout checkout,
                   database_.Write(scope, [&](db::Transaction& tx) { return till_.Open(tx, page); }));
  return HostedPage{.provider_ref = checkout.id, .url = absl::StrCat(options_.public_base_url, kPagePath, checkout.id)};
}

absl::Status Ledgerpay::ExpireCheckout(const Scope& scope, const std::string& checkout_ref) {
  return database_.Write(scope, [&](db::Transaction& tx) {
    till_.Expire(tx, checkout_ref);
    return absl::OkStatus();
  });
}

ChargeOutcome Ledgerpay::MakeCharge(const Scope& scope, const Charge& charge) {
  const absl::StatusOr<ChargeOutcome> outcome =
      database_.Write(scope, [&](db::Transaction& tx) { return till_.MakeCharge(tx, charge); });
  return outcome.ok() ? *outcome : ChargeOutcome();
}

RefundOutcome Ledgerpay::MakeRefund(const Scope& scope, const RefundOrder& refund) {
  const absl::StatusOr<RefundOutcome> outcome =
      database_.Write(scope, [&](db::Transaction& tx) { return till_.MakeRefund(tx, refund); });
  return outcome.ok() ? *outcome : RefundOutcome();
}

absl::StatusOr<ChargeOutcome> Ledgerpay::LookUpCharge(const Scope& scope, const std::string& key, const std::string&) {
  return database_.Read(scope, [&](db::Transaction& tx) -> absl::StatusOr<ChargeOutcome> {
    const std::optional<StoredCharge> charge = LoadChargeByKey(tx, key);
    if (!charge) return absl::NotFoundError("ledgerpay never heard of this payment");
    return OutcomeOf(*charge);
  });
}

absl::StatusOr<RefundOutcome> Ledgerpay::LookUpRefund(const Scope& scope, const RefundOrder& refund,
                                                      const std::string&) {
  return database_.Read(scope, [&](db::Transaction& tx) -> absl::StatusOr<RefundOutcome> {
    const std::optional<std::string> made = LoadRefundByKey(tx, refund.key);
    if (!made) return absl::NotFoundError("ledgerpay never heard of this refund");
    return RefundOutcome{.kind = RefundOutcome::Kind::kSucceeded, .provider_ref = *made};
  });
}

absl::Status Ledgerpay::VerifyEvent(absl::string_view body, const std::map<std::string, std::string>& headers,
                                    absl::Time now) const {
  const auto header = headers.find(kSignatureHeader);
  const bool is_signed = header != headers.end() && IsSigned(body, header->second, {signing_secret_}, now);
  return is_signed ? absl::OkStatus() : BadSignature();
}

absl::StatusOr<ProviderEvent> Ledgerpay::ParseEvent(const Scope&, absl::string_view body) {
  ASSIGN_OR_RETURN(const Event read, ledgerpay::ParseEvent(body));
  ProviderEvent event = {.event_id = read.id, .type = read.type};
  const bool livemode = !options_.test_methods;
  if (read.livemode != livemode) {
    event.refusal = ProviderEventRejected(ModeName(livemode), ModeName(read.livemode));
  } else if (read.version != kEventVersion) {
    event.refusal = ProviderEventRejected(kEventVersion, read.version);
  } else {
    event.facts = {read.fact};
  }
  return event;
}

absl::StatusOr<ProviderEventPage> Ledgerpay::ListEvents(const Scope& scope, const std::string& cursor) {
  return database_.Read(scope, [&](db::Transaction& tx) { return LoadEvents(tx, cursor, kEventsAtATime); });
}

std::string Ledgerpay::Sign(absl::string_view body, absl::Time now) const {
  return SignatureHeader(body, signing_secret_, now);
}

}  // namespace masthead::memberships::ledgerpay
