// The law of facts: whatever order and number they come in, the books are the same in the end.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include "absl/strings/numbers.h"
#include "tests/memberships/books/till.h"

namespace masthead::memberships {
namespace {

using Kind = ProviderFact::Kind;

using FactsOrderTest = TillTest;

std::mt19937 Random() {
  uint32_t seed = std::random_device()();
  const char* given = std::getenv("MASTHEAD_TEST_SEED");
  EXPECT_TRUE(given == nullptr || absl::SimpleAtoi(given, &seed));
  std::cout << "MASTHEAD_TEST_SEED=" << seed << std::endl;
  return std::mt19937(seed);
}

// A life that a payment may have, told in the order in which it happened.
class Story {
 public:
  explicit Story(std::mt19937& random) {
    paid_at_once_ = random() % 2 == 0;
    fee_ = random() % 2 == 0 ? 59 : 0;
    for (unsigned i = random() % 4; i > 0; --i) refunds_.push_back(100 * (1 + static_cast<int64_t>(random() % 10)));
    disputed_ = random() % 3 == 0;
    ending_ = random() % 3;
  }

  std::vector<ProviderFact> FactsOf(const Checkout& checkout) const {
    const std::string payment = "pi_" + checkout.id;
    std::vector<ProviderFact> facts;
    ProviderFact completed;
    completed.kind = Kind::kCheckoutCompleted;
    completed.checkout_ref = checkout.provider_ref;
    completed.payment_ref = payment;
    completed.payment_method = "pm_card";
    completed.money = checkout.money;
    completed.paid = paid_at_once_;
    facts.push_back(completed);
    facts.push_back(FactOf(Kind::kPaymentSettled, payment, checkout.money.amount, fee_));
    for (int64_t refund : refunds_) facts.push_back(FactOf(Kind::kRefunded, payment, refund, 0));
    if (!disputed_) return facts;
    std::vector<Kind> told = {Kind::kDisputeOpened};
    if (ending_ == 1) told.push_back(Kind::kDisputeWon);
    if (ending_ == 2) told.push_back(Kind::kDisputeLost);
    for (Kind kind : told) {
      facts.push_back(FactOf(kind, payment, 400, 1500));
      facts.back().dispute_ref = "dp_" + checkout.id;
    }
    return facts;
  }

 private:
  static ProviderFact FactOf(Kind kind, const std::string& payment, int64_t amount, int64_t fee) {
    ProviderFact fact;
    fact.kind = kind;
    fact.payment_ref = payment;
    fact.money = {"USD", amount};
    fact.fee = fee;
    return fact;
  }

  bool paid_at_once_ = true;
  int64_t fee_ = 0;
  std::vector<int64_t> refunds_;
  bool disputed_ = false;
  unsigned ending_ = 0;
};

TEST_F(FactsOrderTest, AnyOrderAndNumberOfFactsEndsInTheSameBooks) {
  std::mt19937 random = Random();
  const char* forget = R"(
    TRUNCATE checkouts, subscriptions, invoices, invoice_lines, payments, refunds, disputes, ledger_transactions,
             ledger_entries, provider_facts, subscription_changes, test_effects, event CASCADE)";
  // Not why a subscription ended: of a full refund and a lost dispute that is the one which was told first.
  const char* outcome = R"(
    SELECT concat_ws(' ', (SELECT state FROM subscriptions),
                     (SELECT state || ' ' || paid || ' ' || refunded FROM invoices),
                     (SELECT state || ' ' || fee || ' ' || refunded FROM payments), (SELECT state FROM disputes)))";
  for (int round = 0; round < 40; ++round) {
    const Story story(random);
    const char* price = round % 2 == 0 ? "monthly" : "taxed";
    const Checkout straight = Open(Checkout::Kind::kSubscription, price);
    ApplyAll(story.FactsOf(straight));
    const Books books = Sums();
    const std::string end = Value(outcome);
    ASSERT_EQ(Breaches(), "");
    database_.Execute(forget);

    const Checkout crooked = Open(Checkout::Kind::kSubscription, price);
    std::vector<ProviderFact> facts = story.FactsOf(crooked);
    for (unsigned i = random() % 6; i > 0; --i) facts.push_back(facts[random() % facts.size()]);
    std::shuffle(facts.begin(), facts.end(), random);
    ApplyAll(facts);
    ASSERT_EQ(Breaches(), "") << "round " << round;
    ASSERT_EQ(Value(outcome), end) << "round " << round;
    ASSERT_EQ(Sums(), books) << "round " << round << ": " << end;
    database_.Execute(forget);
  }
}

}  // namespace
}  // namespace masthead::memberships
