// A payment provider moves money; what is owed, when and by whom is ours to know.
//
// Every call carries an idempotency key, which is the ID of our row: however often a call is made, the provider does
// what it asks for once. No call is made within a transaction.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "services/memberships/billing/external_subscription.h"
#include "services/memberships/billing/money.h"

namespace masthead::memberships {

// What a buyer is shown to pay, or to leave a payment method, on the provider's page.
struct CheckoutPage {
  std::string key;         // Our checkout's ID.
  std::string payment_id;  // Our payment's ID; empty if nothing is paid now.
  std::string member_id;
  std::string description;
  Money money;               // 0: only a payment method is asked for.
  bool keep_method = false;  // For charges to come.
  std::string success_url;
  std::string cancel_url;
  absl::Time expire_time;
};

struct HostedPage {
  std::string provider_ref;  // The provider's name for the checkout.
  std::string url;
};

struct Charge {
  std::string key;  // Our payment's ID.
  std::string member_id;
  std::string payment_method;
  std::string description;
  Money money;
};

// What became of a charge. `kUnknown`: the provider was asked and nobody knows whether it heard; the payment may be
// made, and must not be tried under another key before Lookup has said.
struct ChargeOutcome {
  enum class Kind { kSucceeded, kProcessing, kRequiresAction, kDeclined, kUnknown };

  Kind kind = Kind::kUnknown;
  std::string provider_ref;
  int64_t fee = 0;           // kSucceeded: what the provider keeps.
  std::string decline_code;  // kDeclined.
  bool retryable = false;    // kDeclined: whether the same method may be tried again later.
};

struct RefundOrder {
  std::string key;  // Our refund's ID.
  std::string payment_ref;
  Money money;
};

struct RefundOutcome {
  enum class Kind { kSucceeded, kProcessing, kFailed, kUnknown };

  Kind kind = Kind::kUnknown;
  std::string provider_ref;
  std::string failure;  // kFailed.
};

// What a provider says happened. Facts may come late, twice and in any order: they carry totals and final words, never
// differences, so that applying one again, or an older one, changes nothing.
struct ProviderFact {
  enum class Kind {
    kCheckoutCompleted,  // The buyer is through; whether money came is `paid`.
    kCheckoutExpired,
    kPaymentSettled,
    kPaymentFailed,
    kRefunded,  // `money` is all that was refunded of the payment so far.
    kDisputeOpened,
    kDisputeWon,
    kDisputeLost,
    kMethodUpdated,
    kMethodDetached,
    kSubscriptionMoved,  // `subscription`, as the provider has it now.
  };

  Kind kind = Kind::kPaymentSettled;
  std::string checkout_ref;  // The provider's names; those that the fact is about, as far as it says.
  std::string payment_ref;
  std::string dispute_ref;
  std::string payment_key;  // Our payment's ID, where the provider gives back what we sent along.
  std::string payment_method;
  std::string new_payment_method;  // kMethodUpdated.
  Money money;
  int64_t fee = 0;
  bool paid = false;  // kCheckoutCompleted.
  std::string decline_code;
  bool retryable = false;
  std::optional<ExternalSubscription> subscription;
};

// An event as a provider signs it; facts that are nothing to us are left out.
struct ProviderEvent {
  std::string event_id;
  std::string type;      // The provider's word for it.
  absl::Status refusal;  // PROVIDER_EVENT_REJECTED, without facts: of another mode or version than we speak.
  std::vector<ProviderFact> facts;
};

struct ProviderEventPage {
  std::vector<std::pair<std::string, std::string>> events;  // ID and raw body, the oldest first.
  std::string next_cursor;                                  // Resumes after them, or where it was if there are none.
};

class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;

  // The last part of `paymentProviders/{provider}`.
  virtual const std::string& name() const = 0;

  // INVALID_ARGUMENT for an amount or a currency that the provider cannot take: known before anything is promised.
  virtual absl::Status CheckChargeable(const Money& money) const = 0;

  // UNAVAILABLE if the provider does not answer; the call may be repeated.
  virtual absl::StatusOr<HostedPage> CreateCheckout(const Scope& scope, const CheckoutPage& page) = 0;
  virtual absl::Status ExpireCheckout(const Scope& scope, const std::string& checkout_ref) = 0;

  virtual ChargeOutcome MakeCharge(const Scope& scope, const Charge& charge) = 0;
  virtual RefundOutcome MakeRefund(const Scope& scope, const RefundOrder& refund) = 0;

  // What became of the charge or the refund with our `key`; NOT_FOUND if the provider never heard of it.
  virtual absl::StatusOr<ChargeOutcome> LookUpCharge(const Scope& scope, const std::string& key,
                                                     const std::string& payment_ref) = 0;
  virtual absl::StatusOr<RefundOutcome> LookUpRefund(const Scope& scope, const RefundOrder& refund,
                                                     const std::string& refund_ref) = 0;

  // A subscription that the provider's own engine bills, as it is now. NOT_FOUND if there is none, as at a provider
  // that has no such engine.
  virtual absl::StatusOr<ExternalSubscription> ReadSubscription(const Scope&, const std::string& /*subscription_ref*/) {
    return absl::NotFoundError("the provider bills nothing by itself");
  }

  // Has the provider forget what it knows of the member beside payments. OK if it knows nothing, as one that keeps
  // nothing; the call may be repeated.
  virtual absl::Status ForgetMember(const Scope&, const std::string& /*member_id*/) { return absl::OkStatus(); }

  // UNAUTHENTICATED (BAD_SIGNATURE) unless the provider signed these very bytes lately. Names of `headers` are in lower
  // case.
  virtual absl::Status VerifyEvent(absl::string_view body, const std::map<std::string, std::string>& headers,
                                   absl::Time now) const = 0;
  // What a verified body says. May ask the provider for what the event leaves out. INVALID_ARGUMENT for what is no
  // event; UNAVAILABLE if the provider does not answer.
  virtual absl::StatusOr<ProviderEvent> ParseEvent(const Scope& scope, absl::string_view body) = 0;

  // What the provider has told or tried to tell since `cursor`, for what never reached us. From as far back as it keeps
  // events for an empty cursor.
  virtual absl::StatusOr<ProviderEventPage> ListEvents(const Scope& scope, const std::string& cursor) = 0;
};

}  // namespace masthead::memberships
