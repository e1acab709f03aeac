// Rows of a CSV file become members: a part of some thousand rows at a time, in transactions of their own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "masthead/memberships/v1/member_exchange_service.pb.h"
#include "services/memberships/exchange/member_row.h"
#include "services/memberships/members/address_keys.h"

namespace masthead::memberships {

// What became of rows.
struct ImportOutcome {
  struct Refused {
    CsvRow row;
    absl::Status why;
  };
  int64_t created = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
  std::vector<Refused> refused;
};

class MemberImport {
 public:
  // All arguments outlive this.
  MemberImport(db::Database& database, events::Feed& feed, const AddressKeys& address_keys, const rpc::Call& call,
               const MemberColumns& columns, bool validate_only);

  // Whatever of an earlier row with the same address, is there before a later one is looked at.
  absl::StatusOr<ImportOutcome> Import(const Scope& scope, std::vector<CsvRow> rows) const;

 private:
  struct Entry {
    CsvRow row;
    MemberRow read;
    absl::Status status;  // Of reading it, and then of importing it.
  };
  struct Effect;

  void Read(Entry& entry) const;
  // Rows of different addresses, each good as far as it can be told without the database.
  absl::StatusOr<ImportOutcome> Write(const Scope& scope, std::vector<Entry*> entries) const;
  Effect Apply(db::Transaction& tx, const std::vector<Entry*>& entries) const;
  absl::Status ApplyToExisting(db::Transaction& tx, const Entry& entry, Member member, Effect& effect) const;
  void Register(db::Transaction& tx, const std::vector<Entry*>& fresh, absl::Time now, Effect& effect) const;

  db::Database& database_;
  events::Feed& feed_;
  const AddressKeys& address_keys_;
  const rpc::Call& call_;
  const MemberColumns& columns_;
  v1::ImportMembersRequest request_;  // What Mutate knows the call by.
};

}  // namespace masthead::memberships
