// The ledger in Postgres: append-only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/filter/fields.h"
#include "common/filter/filter.h"
#include "services/memberships/books/ledger.h"

namespace masthead::memberships {

// What a transaction is about.
struct LedgerSubject {
  std::string kind;  // What happened: `invoice.issued`, `payment.succeeded`...
  std::string member_id;
  std::string invoice_id = {};  // Empty where it is about none; the next two as well.
  std::string payment_id = {};
  std::string refund_id = {};
};

// Nothing if the posting is empty. A posting that does not balance fails the whole of `tx` when that commits.
void Post(db::Transaction& tx, const LedgerSubject& subject, const Posting& posting, absl::Time now);

// What the member has to the good, in minor units of `currency`; negative: owes for amounts that were carried.
int64_t MemberCredit(db::Transaction& tx, absl::string_view member_id, absl::string_view currency);

// In every currency in which it is not 0.
std::vector<Money> MemberCredits(db::Transaction& tx, absl::string_view member_id);

// What ledger transactions are filtered by.
const filter::Fields& LedgerFields();

// With numbers below `before`, if set; the newest first.
std::vector<LedgerTransaction> LoadLedger(db::Transaction& tx, const filter::Filter& filter,
                                          std::optional<int64_t> before, int limit);

}  // namespace masthead::memberships
