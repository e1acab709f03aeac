#include "services/memberships/books/checkout.h"

#include "absl/strings/str_cat.h"
#include "services/memberships/books/spelling.h"

namespace masthead::memberships {
namespace {

constexpr Spelling<Checkout::Kind> kKinds[] = {{Checkout::Kind::kSubscription, "SUBSCRIPTION"},
                                               {Checkout::Kind::kGift, "GIFT"},
                                               {Checkout::Kind::kDonation, "DONATION"},
                                               {Checkout::Kind::kPaymentMethod, "PAYMENT_METHOD"}};
constexpr Spelling<Checkout::State> kStates[] = {{Checkout::State::kOpen, "OPEN"},
                                                 {Checkout::State::kProcessing, "PROCESSING"},
                                                 {Checkout::State::kCompleted, "COMPLETED"},
                                                 {Checkout::State::kExpired, "EXPIRED"}};

}  // namespace

std::string CheckoutName(absl::string_view member_id, absl::string_view id) {
  return absl::StrCat("members/", member_id, "/checkouts/", id);
}

absl::string_view Name(Checkout::Kind kind) { return Spell(kKinds, kind); }
absl::string_view Name(Checkout::State state) { return Spell(kStates, state); }
std::optional<Checkout::Kind> ParseCheckoutKind(absl::string_view name) { return Read(kKinds, name); }
std::optional<Checkout::State> ParseCheckoutState(absl::string_view name) { return Read(kStates, name); }

}  // namespace masthead::memberships
