// Ledgerpay, the embedded payment provider: works without internet, for bank transfers and cash, which staff confirm;
// and, with test methods, for trying everything that payments can do. Its page is served by our own listener; it tells
// of what happened as any provider does, by signed HTTP requests to our own address, and has the same port.
#pragma once

#include <map>
#include <string>

#include "common/clock/clock.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "services/memberships/payments/ledgerpay/till.h"
#include "services/memberships/payments/provider.h"

namespace masthead::memberships::ledgerpay {

inline constexpr char kName[] = "ledgerpay";
inline constexpr char kSignatureHeader[] = "ledgerpay-signature";
inline constexpr char kPagePath[] = "/pay/";

struct LedgerpayOptions {
  std::string public_base_url;        // Where buyers reach our listener; no slash at the end.
  std::string transfer_instructions;  // What the page tells of how to pay: an account, a counter.
  bool test_methods = false;
};

class Ledgerpay final : public PaymentProvider {
 public:
  // All but `options` outlive this.
  Ledgerpay(db::Database& database, const crypto::MacKey& mac_key, LedgerpayOptions options);

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
  absl::Status VerifyEvent(absl::string_view body, const std::map<std::string, std::string>& headers,
                           absl::Time now) const override;
  absl::StatusOr<ProviderEvent> ParseEvent(const Scope& scope, absl::string_view body) override;
  absl::StatusOr<ProviderEventPage> ListEvents(const Scope& scope, const std::string& cursor) override;

  db::Database& database() { return database_; }
  const Till& till() const { return till_; }
  const LedgerpayOptions& options() const { return options_; }

  // The header that signs `body`.
  std::string Sign(absl::string_view body, absl::Time now) const;

 private:
  const std::string name_ = kName;
  db::Database& database_;
  const std::string signing_secret_;
  const LedgerpayOptions options_;
  const Till till_;
};

}  // namespace masthead::memberships::ledgerpay
