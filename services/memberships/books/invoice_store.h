// Invoices in Postgres, with their lines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/books/invoice.h"

namespace masthead::memberships {

// Where a page starts: before this one, since the newest come first.
struct InvoiceCursor {
  absl::Time create_time;
  std::string id;
};

// An invoice has lines. The event that tells of it is its first, 1. False if its period of the subscription was billed
// before.
bool InsertInvoice(db::Transaction& tx, const Invoice& invoice);

std::optional<Invoice> LoadInvoice(db::Transaction& tx, absl::string_view id);
std::optional<Invoice> LockInvoice(db::Transaction& tx, absl::string_view id);

// The first that was issued for the checkout.
std::optional<Invoice> LockInvoiceOfCheckout(db::Transaction& tx, absl::string_view checkout_id);

// Stores what changes of `invoice`, which `tx` has locked or inserted, and raises its revision.
void SaveInvoice(db::Transaction& tx, Invoice& invoice);

// Counts one more event about the invoice and gives its number.
int64_t RaiseInvoiceEventRevision(db::Transaction& tx, absl::string_view id);

// The newest first. `state` alone, if set.
std::vector<Invoice> LoadInvoices(db::Transaction& tx, absl::string_view member_id, std::optional<Invoice::State> state,
                                  const std::optional<InvoiceCursor>& before, int limit);
std::vector<Invoice> LoadInvoicesOf(db::Transaction& tx, absl::string_view subscription_id);

// How a subscription is charged.
struct BillingMethod {
  std::string provider;
  std::string payment_method;
};
std::optional<BillingMethod> LoadBillingMethod(db::Transaction& tx, absl::string_view subscription_id);

}  // namespace masthead::memberships
