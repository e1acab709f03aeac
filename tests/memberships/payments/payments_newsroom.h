// A newsroom that sells: a member, payments in the books, and ledgerpay's events brought to the inbox.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/memberships/collecting/inbox.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_store.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {

class PaymentsTest : public NewsroomTest {
 protected:
  void SetUp() override { Register("nina", "nina@example.org"); }

  ledgerpay::Ledgerpay& ledgerpay() { return *providers_->embedded(); }

  // A payment that is due; `kind` as in the table.
  void MakePayment(const std::string& id, const std::string& method, const std::string& kind = "CHARGE") {
    database_.Execute(absl::StrCat(
        "INSERT INTO payments (id, attempt, member_id, kind, state, provider, payment_method, currency, amount, ",
        "next_action_time, revision, create_time) VALUES ('", id, "', 1, 'nina', '", kind,
        "', 'CREATED', 'ledgerpay', '", method, "', 'EUR', 500, ", kind == "CHARGE" ? "db_now()" : "NULL",
        ", 1, db_now())"));
  }
  std::string StateOf(const std::string& payment) {
    return database_.QueryValue(absl::StrCat("SELECT state FROM payments WHERE id = '", payment, "'"));
  }
  int Count(const std::string& what) { return std::stoi(database_.QueryValue("SELECT count(*) FROM " + what)); }

  // Everything ledgerpay has to tell, oldest first.
  std::vector<std::string> Told() {
    std::vector<std::string> bodies;
    const absl::StatusOr<ProviderEventPage> page = ledgerpay().ListEvents({}, "");
    EXPECT_THAT(page, testing::IsOk());
    for (const auto& [id, body] : page->events) bodies.push_back(body);
    return bodies;
  }

  std::map<std::string, std::string> Signed(const std::string& body) {
    return {{"Ledgerpay-Signature", ledgerpay().Sign(body, clock_.Now())}};
  }

  absl::StatusOr<InboxEvent> Deliver(const std::string& body) {
    return inbox_.Ingest({}, "ledgerpay", body, Signed(body));
  }

  events::Feed feed_{database_.database(), mac_key_};
  Inbox inbox_{database_.database(), feed_, *providers_, clock_};
};

}  // namespace masthead::memberships
