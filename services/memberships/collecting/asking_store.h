// Payments and refunds that a provider is to be asked about, in Postgres.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/billing/money.h"

namespace masthead::memberships {

struct DuePayment {
  std::string id;
  std::string member_id;
  std::string provider;
  std::string provider_ref;
  std::string payment_method;
  int64_t invoice_number = 0;
  Money money;
  bool asked = false;  // It was asked for before, and what became of it is not known yet.
  absl::Duration age;
};

struct DueRefund {
  std::string id;
  std::string provider;
  std::string provider_ref;
  std::string payment_ref;
  Money money;
  bool asked = false;  // It was asked for before.
  absl::Duration age;
};

// Takes payments that are due and nobody else has, for as long as `lease`.
std::vector<DuePayment> LeaseDuePayments(db::Transaction& tx, absl::Duration lease, int limit);
std::vector<DueRefund> LeaseDueRefunds(db::Transaction& tx, absl::Duration lease, int limit);

void EndPaymentLease(db::Transaction& tx, absl::string_view id);
void EndRefundLease(db::Transaction& tx, absl::string_view id);

}  // namespace masthead::memberships
