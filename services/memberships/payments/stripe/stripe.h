// Stripe as a payment provider: Checkout Sessions to pay on, PaymentIntents to charge with, Refunds; our billing
// engine, its hands. Subscriptions, prices and invoices of Stripe's own are not used.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/memberships/payments/provider.h"
#include "services/memberships/payments/stripe/stripe_client.h"

namespace masthead::memberships::stripe {

struct StripeOptions {
  std::string base_url = "https://api.stripe.com";
  std::string secret_key;                    // Its prefix tells live mode from test mode.
  std::vector<std::string> webhook_secrets;  // Several while one is rolled.
};

class Stripe final : public PaymentProvider {
 public:
  // `database` outlives this: it remembers who is which customer there.
  Stripe(db::Database& database, StripeOptions options);

  const std::string& name() const override { return name_; }
  absl::Status CheckChargeable(const Money& money) const override;
  absl::StatusOr<HostedPage> CreateCheckout(const Scope& scope, const CheckoutPage& page) override;
  absl::Status ExpireCheckout(const Scope& scope, const std::string& checkout_ref) override;
  ChargeOutcome MakeCharge(const Scope& scope, const Charge& charge) override;
  RefundOutcome MakeRefund(const Scope& scope, const RefundOrder& refund) override;
  absl::StatusOr<ChargeOutcome> LookUpCharge(const Scope& scope, const std::string& key,
                                             const std::string& payment_ref) override;
  absl::StatusOr<RefundOutcome> LookUpRefund(const Scope& scope, const RefundOrder& refund,
                                             const std::string& refund_ref) override;
  absl::StatusOr<ExternalSubscription> ReadSubscription(const Scope& scope,
                                                        const std::string& subscription_ref) override;
  // Deletes the customer there, with the payment methods and whatever Stripe's own billing would still charge.
  absl::Status ForgetMember(const Scope& scope, const std::string& member_id) override;
  absl::Status VerifyEvent(absl::string_view body, const std::map<std::string, std::string>& headers,
                           absl::Time now) const override;
  absl::StatusOr<ProviderEvent> ParseEvent(const Scope& scope, absl::string_view body) override;
  absl::StatusOr<ProviderEventPage> ListEvents(const Scope& scope, const std::string& cursor) override;

 private:
  // Who the member is there; made at the first use, one for each member for ever.
  absl::StatusOr<std::string> CustomerOf(const Scope& scope, const std::string& member_id);

  // The same, for one whose card is charged: a card is good with its own customer alone, and a member whom another was
  // merged into has more than one.
  absl::StatusOr<std::string> OwnerOf(const Scope& scope, const std::string& member_id,
                                      const std::string& payment_method);

  const std::string name_ = "stripe";
  db::Database& database_;
  const std::vector<std::string> webhook_secrets_;
  const StripeClient client_;
};

}  // namespace masthead::memberships::stripe
