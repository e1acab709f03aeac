// What providers tell, early, late, twice and in the wrong order, and what becomes of it.
#include "services/memberships/payments/facts.h"

#include <atomic>
#include <thread>

#include "services/memberships/subscriptions/settlement.h"
#include "tests/memberships/books/till.h"

namespace masthead::memberships {
namespace {

using Kind = ProviderFact::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using FactsTest = TillTest;

TEST_F(FactsTest, ACheckoutThatIsToldThreeTimesIsBoughtOnce) {
  const Checkout checkout = Open();

  EXPECT_EQ(Apply(Completed(checkout)), FactEffect::kApplied);
  EXPECT_EQ(Apply(Completed(checkout)), FactEffect::kDuplicate);
  EXPECT_EQ(Apply(Completed(checkout)), FactEffect::kDuplicate);

  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
  EXPECT_EQ(Count("invoices WHERE state = 'PAID' AND number = 1"), 1);
  EXPECT_EQ(Count("ledger_transactions WHERE kind = 'payment.succeeded'"), 1);
  EXPECT_EQ(Count("test_effects WHERE what = 'attribution'"), 1);
  EXPECT_EQ(Events("invoice.paid"), 1);
  EXPECT_EQ(Events("payment.succeeded"), 1);
  EXPECT_THAT(Sums(), ElementsAre(Pair("CASH", 1000), Pair("REVENUE_SUBSCRIPTION", -1000)));
}

TEST_F(FactsTest, WhatTwoEventsTellHappensOnce) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));

  EXPECT_EQ(Apply(Settled(checkout)), FactEffect::kApplied) << "it tells the fee";
  EXPECT_EQ(Apply(Settled(checkout)), FactEffect::kDuplicate);

  EXPECT_THAT(Sums(), ElementsAre(Pair("CASH", 941), Pair("FEES", 59), Pair("REVENUE_SUBSCRIPTION", -1000)));
}

TEST_F(FactsTest, APaymentThatIsToldBeforeItsCheckoutWaitsForIt) {
  const Checkout checkout = Open();

  EXPECT_EQ(Apply(Settled(checkout)), FactEffect::kParked);
  EXPECT_EQ(StateOfSubscription(checkout), "INCOMPLETE ");
  EXPECT_EQ(Apply(Completed(checkout)), FactEffect::kApplied);
  EXPECT_EQ(Apply(Settled(checkout)), FactEffect::kApplied);

  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
  EXPECT_THAT(Sums(), ElementsAre(Pair("CASH", 941), Pair("FEES", 59), Pair("REVENUE_SUBSCRIPTION", -1000)));
}

TEST_F(FactsTest, APaymentThatNamesItsCheckoutNeedNotWait) {
  const Checkout checkout = Open();
  ProviderFact settled = Settled(checkout);
  settled.checkout_ref = checkout.provider_ref;

  EXPECT_EQ(Apply(settled), FactEffect::kApplied);
  EXPECT_EQ(Apply(Completed(checkout)), FactEffect::kApplied);

  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
  EXPECT_EQ(Value("SELECT payment_method FROM subscriptions"), "pm_card") << "told after the money was there";
  EXPECT_EQ(Events("payment.succeeded"), 1);
}

TEST_F(FactsTest, WhatWasNeverOursWaits) {
  EXPECT_EQ(Apply(About(Kind::kPaymentSettled, "pi_elsewhere", 700)), FactEffect::kParked);
  EXPECT_EQ(Apply(About(Kind::kRefunded, "pi_elsewhere", 700)), FactEffect::kParked);
  EXPECT_THAT(Sums(), IsEmpty());
}

TEST_F(FactsTest, AnAttemptThatFailedSaysNothingAfterTheNextSucceeded) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));
  const Invoice invoice = Renew(checkout);
  const std::string first = Charge(invoice);
  Record(first, {.kind = ChargeOutcome::Kind::kDeclined, .provider_ref = "ch_a", .decline_code = "insufficient_funds"});
  const std::string second = Charge(invoice);
  Record(second, {.kind = ChargeOutcome::Kind::kSucceeded, .provider_ref = "ch_b"});
  const int64_t dunned = Count("test_effects WHERE what = 'dunning'");

  Apply(About(Kind::kPaymentFailed, "ch_a"));

  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
  EXPECT_EQ(Count("test_effects WHERE what = 'dunning'"), dunned);
  EXPECT_EQ(Value("SELECT state FROM invoices WHERE id = '" + invoice.id + "'"), "PAID");
}

TEST_F(FactsTest, ASecondPaymentOfAnInvoiceGoesBack) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));
  const Invoice invoice = Renew(checkout);
  const std::string first = Charge(invoice);
  Record(first, {.kind = ChargeOutcome::Kind::kDeclined, .provider_ref = "ch_a", .decline_code = "timeout"});
  Record(Charge(invoice), {.kind = ChargeOutcome::Kind::kSucceeded, .provider_ref = "ch_b"});

  Apply(About(Kind::kPaymentSettled, "ch_a", 1000));

  EXPECT_EQ(Events("payment.duplicate_refunded"), 1);
  EXPECT_EQ(Value("SELECT paid FROM invoices WHERE id = '" + invoice.id + "'"), "1000");
  EXPECT_EQ(Value("SELECT payment_id FROM refunds WHERE automatic AND amount = 1000"), first);
  EXPECT_EQ(Sums().at("SUSPENSE"), -1000);
  Apply(About(Kind::kRefunded, "ch_a", 1000));
  EXPECT_EQ(Sums().count("SUSPENSE"), 0u);
  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
}

TEST_F(FactsTest, AnAttemptThatIsNoLongerNeededIsNotMade) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));
  const Invoice invoice = Renew(checkout);
  const std::string first = Charge(invoice);
  Record(first, {.kind = ChargeOutcome::Kind::kDeclined, .provider_ref = "ch_a", .decline_code = "timeout"});
  Charge(invoice);

  Apply(About(Kind::kPaymentSettled, "ch_a", 1000));

  EXPECT_EQ(Count("payments WHERE next_action_time IS NOT NULL"), 0);
  EXPECT_EQ(Count("refunds"), 0);
  const Invoice withdrawn = Renew(checkout, 2);
  Charge(withdrawn);
  Write([&](db::Transaction& tx) {
    VoidInvoice(tx, feed_, withdrawn.id, db::Now(tx));
    return true;
  });
  EXPECT_EQ(Count("payments WHERE next_action_time IS NOT NULL"), 0);
}

TEST_F(FactsTest, WhatManyWorkersAreToldAtOnceHappensOnce) {
  const Checkout first = Open();
  const Checkout second = Open();
  std::atomic<int> applied = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < 8; ++i) {
    workers.emplace_back([&, i] {
      if (Apply(Completed(i % 2 == 0 ? first : second)) == FactEffect::kApplied) ++applied;
    });
  }
  for (std::thread& worker : workers) worker.join();

  EXPECT_EQ(applied, 2);
  EXPECT_EQ(Count("subscriptions WHERE state = 'ACTIVE'"), 1);
  EXPECT_EQ(Count("invoices"), 1);
  EXPECT_EQ(Count("refunds WHERE automatic"), 1);
}

TEST_F(FactsTest, MoneyForACheckoutThatExpiredGoesBack) {
  const Checkout checkout = Open();
  ProviderFact expired;
  expired.kind = Kind::kCheckoutExpired;
  expired.checkout_ref = checkout.provider_ref;
  Apply(expired);
  EXPECT_EQ(StateOfSubscription(checkout), "EXPIRED NEVER_PAID");

  Apply(Completed(checkout));

  EXPECT_EQ(StateOfSubscription(checkout), "EXPIRED NEVER_PAID");
  EXPECT_EQ(Count("invoices"), 0);
  EXPECT_EQ(Count("refunds WHERE automatic AND state = 'CREATED' AND next_action_time IS NOT NULL"), 1);
  EXPECT_EQ(Events("payment.refunded_late"), 1);
}

TEST_F(FactsTest, MoneyForAnInvoiceThatWasWithdrawnGoesBack) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));
  const Invoice invoice = Renew(checkout);
  const std::string payment = Charge(invoice);
  Record(payment, {.kind = ChargeOutcome::Kind::kProcessing, .provider_ref = "ch_a"});
  Write([&](db::Transaction& tx) {
    VoidInvoice(tx, feed_, invoice.id, db::Now(tx));
    EndAtOnce(tx, feed_, checkout.subscription_id, "CANCELED", db::Now(tx));
    return true;
  });

  Apply(About(Kind::kPaymentSettled, "ch_a", 1000));

  EXPECT_EQ(Value("SELECT state FROM subscriptions"), "CANCELED");
  EXPECT_EQ(Value("SELECT payment_id FROM refunds WHERE automatic AND amount = 1000"), payment);
  EXPECT_EQ(Count("refunds"), 1);
  EXPECT_EQ(Events("payment.refunded_late"), 1);
  EXPECT_EQ(Sums().at("REVENUE_SUBSCRIPTION"), -1000) << "the first period's alone";
}

TEST_F(FactsTest, RefundsAreTotalsSoTheLargestCounts) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));

  Apply(About(Kind::kRefunded, "pi_" + checkout.id, 500));
  Apply(About(Kind::kRefunded, "pi_" + checkout.id, 300));

  EXPECT_EQ(Value("SELECT refunded FROM payments"), "500");
  EXPECT_EQ(Value("SELECT refunded FROM invoices"), "500");
  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
  EXPECT_THAT(Sums(), ElementsAre(Pair("CASH", 500), Pair("REVENUE_SUBSCRIPTION", -500)));
}

TEST_F(FactsTest, AFullRefundAtTheProviderEndsTheCurrentPeriod) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));

  Apply(About(Kind::kRefunded, "pi_" + checkout.id, 1000));

  EXPECT_EQ(StateOfSubscription(checkout), "CANCELED REFUNDED");
  EXPECT_EQ(Events("payment.refunded"), 1);
  EXPECT_THAT(Sums(), IsEmpty());
}

TEST_F(FactsTest, AFullRefundOfAPastPeriodEndsNothing) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));
  database_.MoveClock(absl::Hours(24 * 31));

  Apply(About(Kind::kRefunded, "pi_" + checkout.id, 1000));

  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
}

TEST_F(FactsTest, AFullRefundOfAGiftWithdrawsIt) {
  const Checkout checkout = Open(Checkout::Kind::kGift);
  EXPECT_EQ(checkout.money.amount, 3000) << "three months";
  Apply(Completed(checkout));
  EXPECT_EQ(Count("test_effects WHERE what = 'gift'"), 1);

  Apply(About(Kind::kRefunded, "pi_" + checkout.id, 3000));

  EXPECT_EQ(Count("test_effects WHERE what = 'gift withdrawn'"), 1);
}

TEST_F(FactsTest, ADonationIsReceivedOnceAndTakenBackWithItsMoney) {
  const Checkout checkout = Open(Checkout::Kind::kDonation, "thanks");
  ApplyAll({Completed(checkout), Settled(checkout), Completed(checkout)});
  EXPECT_EQ(Count("test_effects WHERE what = 'donation'"), 1);
  EXPECT_EQ(Sums().at("REVENUE_DONATION"), -500);

  Apply(About(Kind::kRefunded, "pi_" + checkout.id, 500));

  EXPECT_EQ(Count("test_effects WHERE what = 'donation taken back'"), 1);
}

TEST_F(FactsTest, ADisputeThatIsLostStaysLost) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));

  Apply(Disputed(Kind::kDisputeOpened, checkout));
  EXPECT_EQ(Sums().at("DISPUTES"), 1000);
  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
  Apply(Disputed(Kind::kDisputeLost, checkout));
  EXPECT_EQ(Apply(Disputed(Kind::kDisputeOpened, checkout)), FactEffect::kDuplicate);
  Apply(Disputed(Kind::kDisputeWon, checkout));

  EXPECT_EQ(Value("SELECT state FROM disputes"), "LOST");
  EXPECT_EQ(StateOfSubscription(checkout), "CANCELED DISPUTE_LOST");
  EXPECT_THAT(Sums(), ElementsAre(Pair("CASH", -1500), Pair("FEES", 1500))) << "one reversal, one fee";
  EXPECT_EQ(Events("payment.dispute_lost"), 1);
}

TEST_F(FactsTest, ADisputeThatIsWonGivesTheMoneyBack) {
  const Checkout checkout = Open();
  ApplyAll({Disputed(Kind::kDisputeOpened, checkout), Disputed(Kind::kDisputeWon, checkout), Completed(checkout)});

  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
  EXPECT_THAT(Sums(), ElementsAre(Pair("CASH", -500), Pair("FEES", 1500), Pair("REVENUE_SUBSCRIPTION", -1000)));
}

TEST_F(FactsTest, OfTwoCheckoutsThatArePaidTheFirstWins) {
  const Checkout first = Open();
  const Checkout second = Open();

  Apply(Completed(second));
  Apply(Completed(first));

  EXPECT_EQ(StateOfSubscription(second), "ACTIVE ");
  EXPECT_EQ(StateOfSubscription(first), "EXPIRED OVERTAKEN");
  EXPECT_EQ(Count("subscriptions WHERE state = 'ACTIVE'"), 1);
  EXPECT_EQ(Events("payment.duplicate_refunded"), 1);
  EXPECT_EQ(Count("refunds WHERE automatic"), 1);
}

TEST_F(FactsTest, MoneyThatTakesDaysBeginsNothingUntilItIsThere) {
  const Checkout checkout = Open();
  Apply(Completed(checkout, /*paid=*/false));
  EXPECT_EQ(Value("SELECT state FROM checkouts"), "PROCESSING");
  EXPECT_EQ(StateOfSubscription(checkout), "INCOMPLETE ");
  database_.MoveClock(absl::Hours(24 * 8));

  Apply(Settled(checkout));

  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
  EXPECT_EQ(Apply(Settled(checkout)), FactEffect::kDuplicate);
  EXPECT_EQ(Events("payment.succeeded"), 1) << "who pays is thanked once, and not before the money is there";
  EXPECT_EQ(Count("invoices WHERE state = 'PAID'"), 1);
}

TEST_F(FactsTest, MoneyThatTakesDaysAndDoesNotComeEndsTheCheckout) {
  const Checkout checkout = Open();
  Apply(Completed(checkout, /*paid=*/false));

  Apply(About(Kind::kPaymentFailed, "pi_" + checkout.id));

  EXPECT_EQ(StateOfSubscription(checkout), "EXPIRED NEVER_PAID");
  EXPECT_EQ(Value("SELECT state FROM payments"), "FAILED");
}

TEST_F(FactsTest, ACardThatIsDeclinedOnThePageMayBeFollowedByAnother) {
  const Checkout checkout = Open();
  ProviderFact declined = About(Kind::kPaymentFailed, "pi_" + checkout.id);
  declined.payment_key = Value("SELECT id FROM payments");
  Apply(declined);
  EXPECT_EQ(Value("SELECT state FROM checkouts"), "OPEN");

  Apply(Completed(checkout));

  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
}

TEST_F(FactsTest, AnotherAmountOrCurrencyThanAgreedBeginsNothing) {
  const Checkout less = Open();
  ProviderFact short_paid = Completed(less);
  short_paid.money.amount = 999;
  const Checkout foreign = Open();
  ProviderFact foreign_paid = Completed(foreign);
  foreign_paid.money.currency = "EUR";

  Apply(short_paid);
  Apply(foreign_paid);

  EXPECT_EQ(StateOfSubscription(less), "INCOMPLETE ");
  EXPECT_EQ(StateOfSubscription(foreign), "INCOMPLETE ");
  EXPECT_EQ(Events("payment.suspended"), 2);
  EXPECT_EQ(Value("SELECT sum(amount) FROM ledger_entries WHERE account = 'SUSPENSE' AND currency = 'USD'"), "-999");
  EXPECT_EQ(Value("SELECT sum(amount) FROM ledger_entries WHERE account = 'SUSPENSE' AND currency = 'EUR'"), "-1000");
}

TEST_F(FactsTest, ANewMethodReplacesTheOldOne) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));
  ProviderFact updated;
  updated.kind = Kind::kMethodUpdated;
  updated.payment_method = "pm_card";
  updated.new_payment_method = "pm_newer";

  EXPECT_EQ(Apply(updated), FactEffect::kApplied);
  EXPECT_EQ(Apply(updated), FactEffect::kDuplicate);

  EXPECT_EQ(Value("SELECT payment_method FROM subscriptions"), "pm_newer");
}

TEST_F(FactsTest, AChargeThatNobodyKnowsOfIsLookedUpLessAndLessOften) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));
  const std::string payment = Charge(Renew(checkout));
  const char* due =
      "SELECT round(extract(epoch FROM next_action_time - db_now()) / 60) FROM payments WHERE state = 'UNKNOWN'";

  for (const char* minutes : {"1", "5", "60", "1440", "1440"}) {
    Record(payment, {.kind = ChargeOutcome::Kind::kUnknown});
    EXPECT_EQ(Value(due), minutes);
  }
  Record(payment, {.kind = ChargeOutcome::Kind::kSucceeded, .provider_ref = "ch_1", .fee = 30});

  EXPECT_EQ(Count("payments WHERE state = 'SUCCEEDED' AND next_action_time IS NULL AND kind = 'CHARGE'"), 1);
}

TEST_F(FactsTest, OurOwnRefundThatIsToldBeforeItIsAnsweredKeepsAccess) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));
  database_.Execute(
      "INSERT INTO refunds (id, payment_id, amount, reason, automatic, revoke_access, state, create_time) "
      "SELECT 'r', id, 1000, 'goodwill', false, false, 'CREATED', db_now() FROM payments");

  Apply(About(Kind::kRefunded, "pi_" + checkout.id, 1000));
  Write([&](db::Transaction& tx) {
    RecordRefund(tx, feed_, "r", {.kind = RefundOutcome::Kind::kSucceeded, .provider_ref = "re_1"}, db::Now(tx));
    return true;
  });

  EXPECT_EQ(StateOfSubscription(checkout), "ACTIVE ");
  EXPECT_EQ(Value("SELECT refunded FROM payments"), "1000");
  EXPECT_EQ(Events("payment.refunded"), 1);
}

}  // namespace
}  // namespace masthead::memberships
