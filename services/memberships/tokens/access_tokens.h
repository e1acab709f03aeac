// Making access tokens: what a member or somebody of staff may do just now, signed. The one place that knows what goes
// into a token.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/caller.h"
#include "common/clock/clock.h"
#include "common/db/database.h"
#include "masthead/memberships/v1/tokens_service.pb.h"
#include "services/memberships/tokens/signing_keys.h"

namespace masthead::memberships {

// Whom entitlement tokens are for: nobody who admits callers takes one.
inline constexpr char kEntitlementAudience[] = "masthead.entitlements";

// Thread-safe.
class AccessTokens {
 public:
  // Both outlive this.
  AccessTokens(const SigningKeys& keys, const Clock& clock) : keys_(keys), clock_(clock) {}

  // A token for `caller`, good from now for `lifetime`.
  v1::AccessToken Sign(auth::Caller caller, absl::Duration lifetime) const;

  // With the tiers that the member has now. MEMBER_NOT_FOUND for one who is not active.
  absl::StatusOr<v1::AccessToken> ForMember(db::Transaction& tx, const std::string& member_id) const;

  // With the roles on record. STAFF_MEMBER_NOT_FOUND, STAFF_MEMBER_WITHOUT_ROLE.
  absl::StatusOr<v1::AccessToken> ForStaff(db::Transaction& tx, const std::string& staff_id) const;

  // The member's tiers, shortly, for whoever checks them without asking. MEMBER_NOT_FOUND.
  absl::StatusOr<v1::AccessToken> Entitlements(db::Transaction& tx, const std::string& member_id) const;

 private:
  v1::AccessToken SignFor(const std::string& audience, auth::Caller caller, absl::Duration lifetime) const;

  const SigningKeys& keys_;
  const Clock& clock_;
};

}  // namespace masthead::memberships
