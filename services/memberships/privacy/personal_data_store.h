// What is held of a person, kind by kind: each table that names a member is one, and says by a SELECT what of it the
// person is shown. Whoever adds such a table adds its kind to PersonalDataKinds.
#pragma once

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/db/database.h"

namespace masthead::memberships {

struct PersonalDataKind {
  const char* name;  // `invoices`
  // Gives `row`, a jsonb, for the members in `$1::text[]`, in an order that does not change; limited by `$2`, from
  // `$3`.
  const char* sql;
  // Where rows have sealed words, `sealed` of `resource`: the member of `row` that these belong to, or "" for `row`
  // itself.
  const char* sealed_into = nullptr;
  const char* left_out = nullptr;  // Of these words; null: nothing.
};

absl::Span<const PersonalDataKind> PersonalDataKinds();

// Rows of a kind from the one numbered `from`, as JSON objects; at most `limit`.
std::vector<std::string> LoadPersonalData(db::Transaction& tx, const PersonalDataKind& kind,
                                          const std::vector<std::string>& member_ids, int limit, int64_t from);

}  // namespace masthead::memberships
