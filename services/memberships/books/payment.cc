#include "services/memberships/books/payment.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "services/memberships/books/spelling.h"

namespace masthead::memberships {
namespace {

constexpr Spelling<Payment::Kind> kKinds[] = {
    {Payment::Kind::kCheckout, "CHECKOUT"}, {Payment::Kind::kCharge, "CHARGE"}, {Payment::Kind::kManual, "MANUAL"}};
constexpr Spelling<Payment::State> kStates[] = {{Payment::State::kCreated, "CREATED"},
                                                {Payment::State::kProcessing, "PROCESSING"},
                                                {Payment::State::kUnknown, "UNKNOWN"},
                                                {Payment::State::kFailed, "FAILED"},
                                                {Payment::State::kSucceeded, "SUCCEEDED"}};
constexpr Spelling<Refund::State> kRefundStates[] = {{Refund::State::kCreated, "CREATED"},
                                                     {Refund::State::kProcessing, "PROCESSING"},
                                                     {Refund::State::kUnknown, "UNKNOWN"},
                                                     {Refund::State::kFailed, "FAILED"},
                                                     {Refund::State::kSucceeded, "SUCCEEDED"}};
constexpr Spelling<Dispute::State> kDisputeStates[] = {
    {Dispute::State::kOpen, "OPEN"}, {Dispute::State::kWon, "WON"}, {Dispute::State::kLost, "LOST"}};

constexpr absl::Duration kLookupDelays[] = {absl::Minutes(1), absl::Minutes(5), absl::Hours(1), absl::Hours(24)};

// Of our own refunds, whatever became of them, but for those that failed.
int64_t AskedFor(const std::vector<Refund>& refunds) {
  int64_t sum = 0;
  for (const Refund& refund : refunds) sum += refund.state == Refund::State::kFailed ? 0 : refund.amount;
  return sum;
}

}  // namespace

std::string PaymentName(absl::string_view member_id, absl::string_view id) {
  return absl::StrCat("members/", member_id, "/payments/", id);
}

std::string DisputeName(absl::string_view member_id, absl::string_view id) {
  return absl::StrCat("members/", member_id, "/disputes/", id);
}

absl::string_view Name(Payment::Kind kind) { return Spell(kKinds, kind); }
absl::string_view Name(Payment::State state) { return Spell(kStates, state); }
absl::string_view Name(Refund::State state) { return Spell(kRefundStates, state); }
absl::string_view Name(Dispute::State state) { return Spell(kDisputeStates, state); }
std::optional<Payment::Kind> ParsePaymentKind(absl::string_view name) { return Read(kKinds, name); }
std::optional<Payment::State> ParsePaymentState(absl::string_view name) { return Read(kStates, name); }
std::optional<Refund::State> ParseRefundState(absl::string_view name) { return Read(kRefundStates, name); }
std::optional<Dispute::State> ParseDisputeState(absl::string_view name) { return Read(kDisputeStates, name); }

int64_t Refundable(const Payment& payment, const std::vector<Refund>& refunds) {
  if (payment.state != Payment::State::kSucceeded) return 0;
  return std::max<int64_t>(payment.money.amount - std::max(payment.refunded, AskedFor(refunds)), 0);
}

int64_t RefundedOf(const Payment& payment, const std::vector<Refund>& refunds) {
  int64_t ours = 0;
  for (const Refund& refund : refunds) ours += refund.state == Refund::State::kSucceeded ? refund.amount : 0;
  return std::min(payment.money.amount, std::max(payment.told_refunded, ours));
}

bool RevokesAccess(const Payment& payment, const std::vector<Refund>& refunds) {
  return payment.refunded > AskedFor(refunds) || std::any_of(refunds.begin(), refunds.end(), [](const Refund& refund) {
           return refund.revoke_access && refund.state != Refund::State::kFailed;
         });
}

bool IsResolved(Payment::State state) {
  return state == Payment::State::kSucceeded || state == Payment::State::kFailed;
}

absl::Duration LookupDelay(int32_t lookups) {
  const int32_t last = static_cast<int32_t>(std::size(kLookupDelays)) - 1;
  return kLookupDelays[std::clamp(lookups, 0, last)];
}

}  // namespace masthead::memberships
