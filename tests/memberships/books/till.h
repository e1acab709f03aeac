// Books on an empty database, a payment provider that says what a test tells it to, and somebody who buys.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/crypto/mac.h"
#include "common/db/now.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/memberships/books/checkout_store.h"
#include "services/memberships/books/invoicing.h"
#include "services/memberships/books/payment_store.h"
#include "services/memberships/cashier/opening.h"
#include "services/memberships/memberships.h"
#include "services/memberships/payments/facts.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::memberships {

class FakeProvider final : public PaymentProvider {
 public:
  const std::string& name() const override { return name_; }
  absl::Status CheckChargeable(const Money&) const override { return absl::OkStatus(); }
  absl::StatusOr<HostedPage> CreateCheckout(const Scope&, const CheckoutPage& page) override {
    ++pages;
    if (silent) return absl::UnavailableError("no answer");
    return HostedPage{"co_" + page.key, "https://pay.example/" + page.key};
  }
  absl::Status ExpireCheckout(const Scope&, const std::string&) override { return absl::OkStatus(); }
  ChargeOutcome MakeCharge(const Scope&, const Charge& charge) override {
    charges.push_back(charge);
    return outcome;
  }
  RefundOutcome MakeRefund(const Scope&, const RefundOrder&) override { return {}; }
  absl::StatusOr<ChargeOutcome> LookUpCharge(const Scope&, const std::string&, const std::string&) override {
    return outcome;
  }
  absl::StatusOr<RefundOutcome> LookUpRefund(const Scope&, const RefundOrder&, const std::string&) override {
    return RefundOutcome{};
  }
  absl::Status VerifyEvent(absl::string_view, const std::map<std::string, std::string>&, absl::Time) const override {
    return absl::OkStatus();
  }
  absl::StatusOr<ProviderEvent> ParseEvent(const Scope&, absl::string_view) override { return ProviderEvent{}; }
  absl::StatusOr<ProviderEventPage> ListEvents(const Scope&, const std::string&) override {
    return ProviderEventPage{};
  }

  bool silent = false;
  int pages = 0;
  ChargeOutcome outcome = {.kind = ChargeOutcome::Kind::kSucceeded, .provider_ref = "ch_1", .fee = 0};
  std::vector<Charge> charges;

 private:
  const std::string name_ = "fake";
};

class TillTest : public ::testing::Test {
 protected:
  using Books = std::map<std::string, int64_t>;

  TillTest() {
    database_.Execute(R"(
      CREATE TABLE test_effects (what text, subject text);
      INSERT INTO members (id, wrapped_key, person, address_index, address_domain, locale, time_zone, labels, state, revision,
                           create_time, update_time)
      VALUES ('nina', '\x00', '\x00', sha256('nina'), 'example.org', '', '', '{}', 'ACTIVE', 1, db_now(), db_now());
      INSERT INTO tiers VALUES ('gold', 'Gold', '', '{}', 'ACTIVE', 1, db_now(), db_now());
      INSERT INTO prices (id, tier_id, display_name, currency, amount, interval_unit, interval_count, tax_basis_points, state,
                          revision, create_time, update_time)
      VALUES ('monthly', 'gold', 'Gold, a month', 'USD', 1000, 'MONTH', 1, 0, 'ACTIVE', 1, db_now(), db_now()),
             ('taxed', 'gold', 'Gold, a month', 'USD', 999, 'MONTH', 1, 2000, 'ACTIVE', 1, db_now(), db_now());
      INSERT INTO prices (id, display_name, currency, amount, least_amount, most_amount, state, revision, create_time, update_time)
      VALUES ('thanks', 'A donation', 'USD', 500, 100, 100000, 'ACTIVE', 1, db_now(), db_now());
    )");
  }

  // Every test's books are right in the end.
  void TearDown() override { EXPECT_EQ(Breaches(), ""); }

  template <typename Body>
  auto Write(Body body) {
    auto result = database_.database().Write({}, body);
    EXPECT_THAT(result, testing::IsOk());
    return *std::move(result);
  }

  Checkout Open(Checkout::Kind kind = Checkout::Kind::kSubscription, const char* price = "monthly") {
    WantedCheckout wanted;
    wanted.checkout.member_id = "nina";
    wanted.checkout.kind = kind;
    wanted.checkout.price_id = price;
    wanted.months = kind == Checkout::Kind::kGift ? 3 : 0;
    return Write([&](db::Transaction& tx) -> absl::StatusOr<Checkout> {
      absl::StatusOr<Checkout> checkout = OpenCheckout(tx, feed_, wanted, provider_, db::Now(tx));
      if (!checkout.ok()) return checkout.status();
      checkout->provider_ref = "co_" + checkout->id;
      checkout->url = "https://pay.example/";
      SaveCheckout(tx, *checkout);
      return *checkout;
    });
  }

  FactEffect Apply(const ProviderFact& fact) {
    return Write([&](db::Transaction& tx) { return ApplyFact(tx, feed_, "fake", fact, db::Now(tx)); });
  }

  // Again and again until nothing more comes of them, as the inbox does.
  void ApplyAll(std::vector<ProviderFact> facts) {
    for (size_t before = facts.size() + 1; !facts.empty() && facts.size() < before;) {
      before = facts.size();
      std::vector<ProviderFact> parked;
      for (const ProviderFact& fact : facts) {
        if (Apply(fact) == FactEffect::kParked) parked.push_back(fact);
      }
      facts = parked;
    }
  }

  static ProviderFact Completed(const Checkout& checkout, bool paid = true, const char* payment_ref = "") {
    ProviderFact fact;
    fact.kind = ProviderFact::Kind::kCheckoutCompleted;
    fact.checkout_ref = checkout.provider_ref;
    fact.payment_ref = absl::StrCat("pi_", checkout.id, payment_ref);
    fact.payment_method = "pm_card";
    fact.money = checkout.money;
    fact.paid = paid;
    return fact;
  }

  static ProviderFact About(ProviderFact::Kind kind, const std::string& payment_ref, int64_t amount = 0,
                            int64_t fee = 0) {
    ProviderFact fact;
    fact.kind = kind;
    fact.payment_ref = payment_ref;
    if (amount != 0) fact.money = {"USD", amount};
    fact.fee = fee;
    return fact;
  }

  static ProviderFact Settled(const Checkout& checkout, int64_t fee = 59) {
    return About(ProviderFact::Kind::kPaymentSettled, "pi_" + checkout.id, checkout.money.amount, fee);
  }

  static ProviderFact Disputed(ProviderFact::Kind kind, const Checkout& checkout) {
    ProviderFact fact = About(kind, "pi_" + checkout.id, checkout.money.amount, 1500);
    fact.dispute_ref = "dp_" + checkout.id;
    return fact;
  }

  // A renewal's invoice, OPEN.
  Invoice Renew(const Checkout& checkout, int64_t index = 1, int64_t amount = 1000) {
    InvoiceDraft draft;
    draft.member_id = "nina";
    draft.subscription_id = checkout.subscription_id;
    draft.period_index = index;
    draft.currency = "USD";
    draft.lines.push_back(
        {.description = "Gold, a month", .amount = amount, .start_time = std::nullopt, .end_time = std::nullopt});
    draft.due_time = absl::Now();
    return Write([&](db::Transaction& tx) { return IssueInvoice(tx, feed_, draft, db::Now(tx)).value(); });
  }

  // The next attempt to charge it; its payment's ID.
  std::string Charge(const Invoice& invoice) {
    return Write([&](db::Transaction& tx) {
      EXPECT_TRUE(RequestCharge(tx, LoadInvoice(tx, invoice.id).value(), "fake", "pm_card", db::Now(tx)));
      return LoadAttempts(tx, invoice.id).front().id;
    });
  }

  void Record(const std::string& payment_id, const ChargeOutcome& outcome) {
    Write([&](db::Transaction& tx) {
      RecordCharge(tx, feed_, payment_id, outcome, db::Now(tx));
      return true;
    });
  }

  std::string Value(const std::string& sql) { return database_.QueryValue(sql); }
  std::string StateOfSubscription(const Checkout& checkout) {
    return Value("SELECT state || ' ' || end_reason FROM subscriptions WHERE id = '" + checkout.subscription_id + "'");
  }
  int64_t Count(const std::string& from) { return std::stoll(Value("SELECT count(*) FROM " + from)); }
  int64_t Events(const std::string& type) { return Count("event WHERE type = '" + type + "'"); }
  std::string Breaches() { return Value("SELECT string_agg(breach || ': ' || subject, ', ') FROM ledger_breaches"); }

  // What each account holds; those that hold nothing are left out.
  Books Sums() {
    return Write([](db::Transaction& tx) {
      Books sums;
      static constexpr char kSums[] =
          "SELECT account, sum(amount) FROM ledger_entries GROUP BY account HAVING sum(amount) <> 0";
      for (const pqxx::row& row : tx.Query(kSums)) sums[row[0].c_str()] = row[1].as<int64_t>();
      return sums;
    });
  }

  testing::TestDatabase database_{Schema()};
  const crypto::MacKey mac_key_ = crypto::MacKey::Random();
  events::Feed feed_{database_.database(), mac_key_};
  FakeProvider provider_;
};

}  // namespace masthead::memberships
