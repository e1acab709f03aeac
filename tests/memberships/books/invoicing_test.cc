#include "services/memberships/books/invoicing.h"

#include "services/memberships/books/ledger_store.h"
#include "tests/memberships/books/till.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class InvoicingTest : public TillTest {
 protected:
  InvoicingTest() { Apply(Completed(checkout_)); }

  int64_t Credit() {
    return Write([](db::Transaction& tx) { return MemberCredit(tx, "nina", "USD"); });
  }

  int64_t GiveCredit(int64_t amount) {
    return Write([&](db::Transaction& tx) {
      return CreditUnused(tx, LoadInvoicesOf(tx, checkout_.subscription_id).back().id, amount, db::Now(tx));
    });
  }

  const Checkout checkout_ = Open();
};

TEST_F(InvoicingTest, APeriodIsBilledOnce) {
  Renew(checkout_);
  InvoiceDraft again;
  again.member_id = "nina";
  again.subscription_id = checkout_.subscription_id;
  again.period_index = 1;
  again.currency = "USD";
  again.lines.push_back({.amount = 1000, .start_time = std::nullopt, .end_time = std::nullopt});
  again.due_time = absl::Now();

  EXPECT_FALSE(Write([&](db::Transaction& tx) { return IssueInvoice(tx, feed_, again, db::Now(tx)).has_value(); }));
  EXPECT_EQ(Count("invoices WHERE period_index = 1"), 1);
}

TEST_F(InvoicingTest, NumbersHaveNoGapsAlthoughATransactionFails) {
  InvoiceDraft draft;
  draft.member_id = "nina";
  draft.kind = Invoice::Kind::kManual;
  draft.currency = "USD";
  draft.lines.push_back({.amount = 1000, .start_time = std::nullopt, .end_time = std::nullopt});
  draft.due_time = absl::Now();
  EXPECT_FALSE(database_.database()
                   .Write({},
                          [&](db::Transaction& tx) {
                            IssueInvoice(tx, feed_, draft, db::Now(tx));
                            return absl::AbortedError("never mind");
                          })
                   .ok());
  Write([&](db::Transaction& tx) {
    for (int i = 0; i < 3; ++i) IssueInvoice(tx, feed_, draft, db::Now(tx));
    return true;
  });
  Renew(checkout_);

  EXPECT_EQ(Value("SELECT string_agg(number::text, ',' ORDER BY create_time, id) FROM invoices"), "1,2,3,4,5");
  EXPECT_EQ(Value("SELECT last FROM invoice_numbers"), "5");
}

TEST_F(InvoicingTest, WhatAMemberHasToTheGoodPaysForTheNextInvoice) {
  EXPECT_EQ(GiveCredit(400), 400);
  EXPECT_EQ(Credit(), 400);

  const Invoice invoice = Renew(checkout_);

  EXPECT_EQ(invoice.credit_applied, 400);
  EXPECT_EQ(invoice.due().amount, 600);
  EXPECT_EQ(Credit(), 0);
}

TEST_F(InvoicingTest, NobodyIsCreditedMoreThanWasPaid) {
  EXPECT_EQ(GiveCredit(700), 700);
  EXPECT_EQ(GiveCredit(700), 300);
  EXPECT_EQ(GiveCredit(1), 0);
  EXPECT_EQ(Credit(), 1000);
}

TEST_F(InvoicingTest, ACoupleOfCentsAreAskedForWithTheNextInvoice) {
  const Invoice tiny = Renew(checkout_, 1, 30);
  EXPECT_EQ(tiny.state, Invoice::State::kPaid) << "nothing to charge";
  EXPECT_EQ(Credit(), -30);

  const Invoice next = Renew(checkout_, 2, 1000);

  EXPECT_EQ(next.credit_applied, -30);
  EXPECT_EQ(next.due().amount, 1030);
  EXPECT_EQ(Credit(), 0);
  Record(Charge(next), {.kind = ChargeOutcome::Kind::kSucceeded, .provider_ref = "ch_9"});
  EXPECT_THAT(Sums(), ElementsAre(Pair("CASH", 2030), Pair("REVENUE_SUBSCRIPTION", -2030)));
}

TEST_F(InvoicingTest, WhatCreditsExceedChargesByGoesToTheMembersGood) {
  InvoiceDraft draft;
  draft.member_id = "nina";
  draft.subscription_id = checkout_.subscription_id;
  draft.kind = Invoice::Kind::kChange;
  draft.currency = "USD";
  draft.lines.push_back({.kind = InvoiceLine::Kind::kProrationCredit,
                         .amount = -667,
                         .start_time = std::nullopt,
                         .end_time = std::nullopt});
  draft.lines.push_back({.kind = InvoiceLine::Kind::kProrationCharge,
                         .amount = 333,
                         .start_time = std::nullopt,
                         .end_time = std::nullopt});
  draft.due_time = absl::Now();

  const Invoice invoice = Write([&](db::Transaction& tx) { return *IssueInvoice(tx, feed_, draft, db::Now(tx)); });

  EXPECT_EQ(invoice.state, Invoice::State::kPaid);
  EXPECT_EQ(Credit(), 334);
}

TEST_F(InvoicingTest, AWithdrawnInvoiceIsOwedByNobodyAndGivesItsCreditBack) {
  GiveCredit(400);
  const Invoice invoice = Renew(checkout_);
  Write([&](db::Transaction& tx) {
    VoidInvoice(tx, feed_, invoice.id, db::Now(tx));
    VoidInvoice(tx, feed_, invoice.id, db::Now(tx));
    return true;
  });

  EXPECT_EQ(Credit(), 400);
  EXPECT_EQ(Events("invoice.voided"), 1);
  EXPECT_EQ(Sums().count("RECEIVABLE"), 0u);
}

TEST_F(InvoicingTest, WhatIsGivenUpIsALoss) {
  const Invoice invoice = Renew(checkout_);
  Write([&](db::Transaction& tx) {
    MarkUncollectible(tx, feed_, invoice.id, db::Now(tx));
    return true;
  });

  EXPECT_THAT(Sums(),
              ElementsAre(Pair("CASH", 1000), Pair("REVENUE_SUBSCRIPTION", -2000), Pair("UNCOLLECTIBLE", 1000)));
}

TEST_F(InvoicingTest, NothingElseIsChargedUntilItIsKnownWhatBecameOfTheLastAttempt) {
  const Invoice invoice = Renew(checkout_);
  const std::string payment = Charge(invoice);
  const auto request = [&] {
    return Write([&](db::Transaction& tx) {
      return RequestCharge(tx, LoadInvoice(tx, invoice.id).value(), "fake", "pm_card", db::Now(tx));
    });
  };

  EXPECT_FALSE(request());
  Record(payment, {.kind = ChargeOutcome::Kind::kUnknown});
  EXPECT_FALSE(request());
  Record(payment, {.kind = ChargeOutcome::Kind::kDeclined, .decline_code = "insufficient_funds", .retryable = true});
  EXPECT_TRUE(request());
}

TEST_F(InvoicingTest, WhatWasNotUsedIsRefundedAsFarAsItWasPaid) {
  const auto refund = [&](int64_t amount) {
    return Write([&](db::Transaction& tx) {
      return RefundUnused(tx, LoadInvoicesOf(tx, checkout_.subscription_id).back().id, amount, "CANCELED", db::Now(tx));
    });
  };
  EXPECT_EQ(refund(600), 600);
  EXPECT_EQ(refund(600), 400);
  EXPECT_EQ(refund(600), 0);
  EXPECT_EQ(Count("refunds WHERE NOT automatic AND next_action_time IS NOT NULL"), 2);
}

TEST_F(InvoicingTest, TheLedgerCanNeitherBeChangedNorBeUnbalanced) {
  EXPECT_ANY_THROW(database_.Execute("UPDATE ledger_entries SET amount = 1"));
  EXPECT_ANY_THROW(database_.Execute("DELETE FROM ledger_transactions"));
  Posting lopsided;
  lopsided.Add(Account::kCash, {"USD", 5});
  EXPECT_FALSE(database_.database()
                   .Write({},
                          [&](db::Transaction& tx) {
                            Post(tx, {.kind = "mistake", .member_id = "nina"}, lopsided, db::Now(tx));
                            return absl::OkStatus();
                          })
                   .ok());
}

}  // namespace
}  // namespace masthead::memberships
