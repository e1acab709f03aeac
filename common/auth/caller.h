// Who is calling, as far as credentials can tell.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace masthead::auth {

// The outcome of authentication. Policies and object-level checks read it; nothing changes it.
struct Caller {
  enum class Kind { kAnonymous, kMember, kStaff, kBackend, kService };

  Kind kind = Kind::kAnonymous;
  // `members/{member}`, `staffMembers/{staff_member}`, `apiKeys/{api_key}` or `services/{service}`; empty for
  // kAnonymous.
  std::string subject;
  std::vector<std::string> roles;   // kStaff: for example `editor`.
  std::vector<std::string> scopes;  // kBackend: for example `articles.write`.
  std::vector<std::string> tiers;   // kMember: `tiers/{tier}` the member is entitled to until `expire_time`.
  absl::Time expire_time = absl::InfiniteFuture();

  // The service's name for kService, for example `notifications`; else empty.
  std::string service() const;

  // Tells callers apart in idempotency records, page tokens and audit rows.
  const std::string& principal() const { return subject; }

  bool HasRole(const std::string& role) const;  // `admin` has every role.
  bool HasScope(const std::string& scope) const;
};

}  // namespace masthead::auth
