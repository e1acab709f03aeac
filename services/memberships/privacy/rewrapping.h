// After a new address key was put on top: wraps the key of every row again, so that the former one may leave the file.
// What the rows seal is not touched, nor is what anybody sees of them.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/memberships/members/address_keys.h"

namespace masthead::memberships {

// A walk through all rows that seal something. Safe to break off anywhere and to begin again, beside others who walk
// and beside whoever writes the rows.
class Rewrapping {
 public:
  // Both outlive this.
  Rewrapping(db::Database& database, const AddressKeys& keys) : database_(database), keys_(keys) {}

  // The next rows; false once all were seen, and then it begins again.
  absl::StatusOr<bool> Step(const Scope& scope);

  // Of this walk, or once it has ended of that one: how many were wrapped again, and how many no key opens.
  int wrapped() const { return wrapped_; }
  int unopened() const { return unopened_; }

 private:
  db::Database& database_;
  const AddressKeys& keys_;
  size_t kind_ = 0;
  std::string last_id_;
  int wrapped_ = 0;
  int unopened_ = 0;
  bool begins_ = true;
};

}  // namespace masthead::memberships
