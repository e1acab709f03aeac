// A reader who pays: a price, a checkout that was paid, and a provider that does as it is told.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/now.h"
#include "services/memberships/books/checkout.h"
#include "services/memberships/books/invoicing.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/payments/facts.h"
#include "services/memberships/subscriptions/billing_clock.h"
#include "services/memberships/subscriptions/settlement.h"
#include "services/memberships/subscriptions/subscription_store.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {

class SubscriberTest : public NewsroomTest {
 protected:
  SubscriberTest() {
    Register("nina", "nina@example.org");
    MakeTier("gold");
    MakePrice("monthly", 500, "MONTH");
    MakePrice("better", 1000, "MONTH");
    MakePrice("yearly", 5000, "YEAR");
    SetTime("2025-01-31T10:00:00Z");
  }

  Scope Soon() { return {.deadline = absl::Now() + absl::Seconds(20)}; }

  // The database's clock is where the test says; it moves on with the machine's.
  void SetTime(const std::string& time) {
    absl::Time parsed;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, time, &parsed, nullptr)) << time;
    database_.SetClock(parsed);
  }

  void MakePrice(const std::string& id, int64_t amount, const std::string& unit, int trial_days = 0,
                 int grace_days = 21) {
    database_.Execute(absl::StrCat(
        "INSERT INTO prices (id, tier_id, display_name, currency, amount, interval_unit, interval_count, trial_days, "
        "most_seats, grace_days, state, revision, create_time, update_time) VALUES ('",
        id, "', 'gold', 'Gold', 'EUR', ", amount, ", '", unit, "', 1, ", trial_days, ", 10, ", grace_days,
        ", 'ACTIVE', 1, now(), now())"));
  }

  Checkout OpenCheckout(const std::string& id, const std::string& price_id, int64_t paid, int64_t unit_amount) {
    Checkout checkout;
    checkout.id = id;
    checkout.member_id = "nina";
    checkout.price_id = price_id;
    checkout.money = {"EUR", paid};
    checkout.unit_amount = unit_amount;
    checkout.provider = "ledgerpay";
    database_.Execute(
        absl::StrCat("INSERT INTO checkouts (id, member_id, kind, state, price_id, currency, amount, details, "
                     "attribution, provider, "
                     "success_url, cancel_url, revision, create_time, expire_time) VALUES ('",
                     id, "', 'nina', 'SUBSCRIPTION', 'OPEN', '", price_id, "', 'EUR', ", paid,
                     ", '{}', '{}', 'ledgerpay', '', '', 1, db_now(), db_now() + interval '1 hour')"));
    checkout.subscription_id = *Do<std::string>(
        [&](db::Transaction& tx, absl::Time now) { return OpenSubscription(tx, memberships_.feed(), checkout, now); });
    return checkout;
  }

  Settlement Pay(const Checkout& checkout, const std::string& method = "pm_ok") {
    const Settlement settlement = *Do<Settlement>([&](db::Transaction& tx, absl::Time now) {
      return StartSubscription(tx, memberships_.feed(), checkout, "ledgerpay", method, now);
    });
    if (settlement == Settlement::kKept) SettleInvoices();
    return settlement;
  }

  // Nina subscribes, and pays by card.
  std::string Subscribe(const std::string& price_id = "monthly", int64_t amount = 500) {
    const Checkout checkout = OpenCheckout("c-" + price_id, price_id, amount, amount);
    EXPECT_EQ(Pay(checkout), Settlement::kKept);
    return checkout.subscription_id;
  }

  // In a transaction that has locked Nina.
  template <typename Result, typename Body>
  absl::StatusOr<Result> Do(Body body) {
    return database_.database().Write(Soon(), [&](db::Transaction& tx) -> absl::StatusOr<Result> {
      LockMember(tx, "nina");
      return body(tx, db::Now(tx));
    });
  }

  int RunClock() {
    int moved = 0;
    for (;;) {
      const absl::StatusOr<int> some = RunDueSubscriptions(database_.database(), memberships_.feed(), Soon(), 100);
      EXPECT_THAT(some, testing::IsOk());
      if (!some.ok() || *some == 0) return moved;
      moved += *some;
    }
  }

  // What is charged is paid, as far as it was not.
  void SettleInvoices() {
    database_.Execute("UPDATE payments SET state = 'SUCCEEDED' WHERE state = 'CREATED'");
    database_.Execute("UPDATE invoices SET state = 'PAID', paid = total - credit_applied WHERE state = 'OPEN'");
  }

  // What became of the charge that was requested for the newest open invoice; false if none was.
  bool Record(db::Transaction& tx, ChargeOutcome outcome, absl::Time now) {
    static constexpr char kCharge[] = "SELECT id FROM payments WHERE invoice_id = $1 AND state = 'CREATED'";
    const std::optional<Invoice> invoice = ChargedInvoice(tx);
    if (!invoice) return false;
    const std::string payment_id = tx.Query(kCharge, invoice->id).at(0)[0].as<std::string>();
    outcome.provider_ref = "lp_" + payment_id;
    RecordCharge(tx, memberships_.feed(), payment_id, outcome, now);
    return true;
  }

  // The provider takes the charge that was requested for the newest open invoice.
  void PayCharge() {
    const absl::StatusOr<bool> paid = Do<bool>([&](db::Transaction& tx, absl::Time now) {
      return Record(tx, {.kind = ChargeOutcome::Kind::kSucceeded}, now);
    });
    EXPECT_TRUE(paid.ok() && *paid) << "nothing was charged";
  }

  void FailChargeOf(bool retryable = true) {
    const absl::StatusOr<bool> failed = Do<bool>([&](db::Transaction& tx, absl::Time now) {
      return Record(
          tx, {.kind = ChargeOutcome::Kind::kDeclined, .decline_code = "insufficient_funds", .retryable = retryable},
          now);
    });
    EXPECT_TRUE(failed.ok() && *failed) << "nothing was charged";
  }

  Subscription Load(const std::string& id) {
    return **database_.database().Read(Soon(), [&](db::Transaction& tx) { return LoadSubscription(tx, id); });
  }

  std::vector<std::string> EventsOf(const std::string& prefix) {
    std::vector<std::string> types;
    for (const v1::Event& event : Feed()) {
      if (event.type().rfind(prefix, 0) == 0) types.push_back(event.type().substr(prefix.size()));
    }
    return types;
  }

  std::string Value(const std::string& sql) { return database_.QueryValue(sql); }

  v1::Subscription Get(const std::string& id) {
    v1::GetSubscriptionRequest request;
    request.set_name("members/nina/subscriptions/" + id);
    const auto subscription = Call(Backend(), &Subscriptions::GetSubscription, request);
    EXPECT_THAT(subscription, testing::IsOk());
    return subscription.ok() ? *subscription : v1::Subscription();
  }

 private:
  std::optional<Invoice> ChargedInvoice(db::Transaction& tx) {
    const pqxx::result rows = tx.Query(
        "SELECT i.subscription_id, i.id FROM payments p JOIN invoices i ON i.id = p.invoice_id WHERE p.state = "
        "'CREATED'");
    if (rows.empty()) return std::nullopt;
    for (Invoice& invoice : LoadInvoicesOf(tx, rows.front()["subscription_id"].as<std::string>())) {
      if (invoice.id == rows.front()["id"].as<std::string>()) return std::move(invoice);
    }
    return std::nullopt;
  }
};

}  // namespace masthead::memberships
