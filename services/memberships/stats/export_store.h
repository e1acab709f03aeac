// Rows that leave as they are, page by page, in the order of time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

// Where a page starts: after this row.
struct ExportPosition {
  absl::Time time = absl::InfinitePast();
  int64_t sequence = 0;
};

struct SubscriptionChangeRow {
  int64_t sequence = 0;
  std::string subscription_id;
  std::string member_id;
  std::string event;
  std::string state_before;
  std::string state_after;
  std::string currency;
  int64_t annual_before = 0;
  int64_t annual_after = 0;
  std::string reason;
  absl::Time change_time;
};

struct LedgerEntryRow {
  std::string account;
  std::string provider;
  std::string currency;
  int64_t amount = 0;
};

struct LedgerTransactionRow {
  int64_t sequence = 0;
  std::string kind;
  std::string member_id;
  std::string invoice_id;
  std::string payment_id;
  absl::Time record_time;
  std::vector<LedgerEntryRow> entries;
};

// Both leave out what is younger than two minutes: a transaction has a minute at most, so that nothing comes to be
// written before what was given already.
std::vector<SubscriptionChangeRow> LoadSubscriptionChanges(db::Transaction& tx, const ExportPosition& after, int limit);
std::vector<LedgerTransactionRow> LoadLedger(db::Transaction& tx, const ExportPosition& after, int limit);

}  // namespace masthead::memberships
