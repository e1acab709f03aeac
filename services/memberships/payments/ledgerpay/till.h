// Ledgerpay's till: what buyers, staff, the clock and we as its customer do there. All of it in a transaction of the
// caller's, with the events that tell of it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_objects.h"
#include "services/memberships/payments/ledgerpay/test_method.h"
#include "services/memberships/payments/provider.h"

namespace masthead::memberships::ledgerpay {

// A reference as a bank statement may show it, without what people and banks put between its letters.
std::string PlainReference(absl::string_view reference);

// What a charge in the books says to who asked for it.
ChargeOutcome OutcomeOf(const StoredCharge& charge);

class Till {
 public:
  // With test methods nothing is live: neither charges nor events.
  explicit Till(bool test_methods) : test_methods_(test_methods) {}

  bool test_methods() const { return test_methods_; }

  Checkout Open(db::Transaction& tx, const CheckoutPage& page) const;
  // Those that are open; others stay as they are.
  void Expire(db::Transaction& tx, absl::string_view checkout_id) const;

  // What came of a buyer's choice on the page of `checkout`, which is OPEN and locked.
  enum class Paid { kThrough, kDeclined, kMustConfirm };
  Paid Pay(db::Transaction& tx, Checkout& checkout, const TestMethod& method, bool confirmed) const;
  // By bank transfer or in cash, which staff confirm; or there is nothing to pay.
  void Announce(db::Transaction& tx, Checkout& checkout) const;

  // The ID of the charge whose money came. NOT_FOUND (CHECKOUT_NOT_FOUND), FAILED_PRECONDITION (INVALID_TRANSITION).
  absl::StatusOr<std::string> ConfirmTransfer(db::Transaction& tx, absl::string_view reference,
                                              const Money& money) const;

  ChargeOutcome MakeCharge(db::Transaction& tx, const Charge& charge) const;
  RefundOutcome MakeRefund(db::Transaction& tx, const RefundOrder& refund) const;

  // Charges that are settled or fail by now, checkouts that ran out. How many.
  int EndWhatIsDue(db::Transaction& tx) const;

 private:
  const TestMethod* MethodBehind(db::Transaction& tx, const std::string& payment_method) const;
  void Tell(db::Transaction& tx, const ProviderFact& fact) const;
  void TellOfCharge(db::Transaction& tx, const StoredCharge& charge) const;
  void Complete(db::Transaction& tx, Checkout& checkout, const StoredCharge* charge) const;

  const bool test_methods_;
};

}  // namespace masthead::memberships::ledgerpay
