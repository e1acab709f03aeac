// Changes of address that wait for their two confirmations, in Postgres.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

struct EmailChange {
  std::string id;
  std::string member_id;
  std::string sealed_address;  // The new one.
  std::string old_token_hash;
  std::string new_token_hash;
  std::optional<absl::Time> old_confirm_time;
  std::optional<absl::Time> new_confirm_time;
  absl::Time create_time;
  absl::Time expire_time;
  std::optional<absl::Time> complete_time;
};

// In place of one of the same member that is not completed.
void InsertEmailChange(db::Transaction& tx, const EmailChange& change);

// By either token.
std::optional<EmailChange> LockEmailChange(db::Transaction& tx, const std::string& token_hash);

// Stores confirmations and completion.
void SaveEmailChange(db::Transaction& tx, const EmailChange& change);

}  // namespace masthead::memberships
