// A newsroom that sells: a member, payments in the books, and ledgerpay's events brought to the inbox.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/now.h"
#include "services/memberships/books/invoicing.h"
#include "services/memberships/collecting/inbox.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_store.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {

class PaymentsTest : public NewsroomTest {
 protected:
  void SetUp() override { Register("nina", "nina@example.org"); }

  ledgerpay::Ledgerpay& ledgerpay() { return *providers_->embedded(); }

  // A payment of 5 euros that is due, for an invoice; its ID.
  std::string MakePayment(const std::string& method) {
    const absl::StatusOr<std::string> invoice =
        database_.database().Write({}, [&](db::Transaction& tx) -> absl::StatusOr<std::string> {
          const absl::Time now = db::Now(tx);
          const std::optional<Invoice> issued =
              IssueInvoice(tx, feed_,
                           {.member_id = "nina",
                            .kind = Invoice::Kind::kManual,
                            .currency = "EUR",
                            .lines = {{.kind = InvoiceLine::Kind::kPeriod, .description = "Supporter", .amount = 500}},
                            .due_time = now},
                           now);
          EXPECT_TRUE(RequestCharge(tx, issued.value(), "ledgerpay", method, now));
          return issued->id;
        });
    EXPECT_THAT(invoice, testing::IsOk());
    return database_.QueryValue(absl::StrCat("SELECT id FROM payments WHERE invoice_id = '", *invoice, "'"));
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
