// A payment, what was refunded of it, and what its payer disputes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/memberships/billing/money.h"

namespace masthead::memberships {

// An attempt to be paid. Its ID is the key under which the provider is asked.
struct Payment {
  enum class Kind { kCheckout, kCharge, kManual };
  // Declined is FAILED, and so is what the payer would have to confirm: a later success counts all the same.
  enum class State { kCreated, kProcessing, kUnknown, kFailed, kSucceeded };

  std::string member_id;
  std::string id;
  std::string invoice_id;   // Empty for a checkout's until it is settled, and for money that is suspended.
  std::string checkout_id;  // kCheckout.
  int32_t attempt = 1;
  Kind kind = Kind::kCharge;
  State state = State::kCreated;
  std::string provider;
  std::string provider_ref;
  std::string payment_method;
  Money money;
  int64_t fee = 0;
  int64_t told_refunded = 0;  // The total, as the provider told it.
  int64_t refunded = 0;       // What is known to be refunded, whoever said so.
  bool suspended = false;     // Belongs to nothing, for now or until it is given back: booked apart.
  std::string decline_code;
  bool retryable = false;
  std::string reference;
  int32_t lookups = 0;
  std::optional<absl::Time> next_action_time;
  std::optional<absl::Time> lease_time;
  int64_t revision = 1;
  absl::Time create_time;
  std::optional<absl::Time> settle_time;
};

struct Refund {
  enum class State { kCreated, kProcessing, kUnknown, kFailed, kSucceeded };

  std::string id;
  std::string payment_id;
  int64_t amount = 0;
  std::string reason;
  bool automatic = false;
  bool revoke_access = false;
  State state = State::kCreated;
  std::string provider_ref;
  std::string failure;
  int32_t lookups = 0;
  std::optional<absl::Time> next_action_time;
  absl::Time create_time;
  std::optional<absl::Time> settle_time;
};

struct Dispute {
  enum class State { kOpen, kWon, kLost };  // Whatever is told later, or told again: a later state stays.

  std::string id;
  std::string member_id;
  std::string payment_id;
  std::string provider_ref;
  Money money;
  int64_t fee = 0;
  State state = State::kOpen;
  absl::Time create_time;
  std::optional<absl::Time> close_time;
};

std::string PaymentName(absl::string_view member_id, absl::string_view id);
std::string DisputeName(absl::string_view member_id, absl::string_view id);

absl::string_view Name(Payment::Kind kind);
absl::string_view Name(Payment::State state);
absl::string_view Name(Refund::State state);
absl::string_view Name(Dispute::State state);
std::optional<Payment::Kind> ParsePaymentKind(absl::string_view name);
std::optional<Payment::State> ParsePaymentState(absl::string_view name);
std::optional<Refund::State> ParseRefundState(absl::string_view name);
std::optional<Dispute::State> ParseDisputeState(absl::string_view name);

// What can still be given back: what is asked for already is not.
int64_t Refundable(const Payment& payment, const std::vector<Refund>& refunds);

// What is known to be refunded, from what the provider told and from our own refunds, which that may or may not hold.
int64_t RefundedOf(const Payment& payment, const std::vector<Refund>& refunds);

// Whether what was bought ends with a full refund: where we said so, and where the refund was made at the provider.
bool RevokesAccess(const Payment& payment, const std::vector<Refund>& refunds);

// What became of it is known.
bool IsResolved(Payment::State state);

// When what nobody knows is looked up again, after `lookups` times: after a minute, five, an hour, and then daily.
absl::Duration LookupDelay(int32_t lookups);

}  // namespace masthead::memberships
