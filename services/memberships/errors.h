// Every error this service reports on purpose; the twin of protos/masthead/memberships/v1/error_reason.proto.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::memberships {

inline constexpr char kErrorDomain[] = "memberships.masthead";

absl::Status MemberNotFound(absl::string_view id);
// No active member has the address that was asked for, which is not repeated.
absl::Status AddressNotFound();
// `existing` is the ID of the member in the way; empty if the caller may not know.
absl::Status MemberExists(absl::string_view existing);
absl::Status TierNotFound(absl::string_view id);
absl::Status TierExists(absl::string_view id);
absl::Status TierArchived(absl::string_view id);
absl::Status GrantNotFound(absl::string_view name);
absl::Status GrantExists(absl::string_view name);
absl::Status GrantOver(absl::string_view name, absl::string_view state);
absl::Status StaffMemberNotFound(absl::string_view id);
absl::Status StaffMemberExists(absl::string_view existing);
absl::Status StaffMemberWithoutRole(absl::string_view id);
absl::Status ApiKeyNotFound(absl::string_view id);
absl::Status ApiKeyRevoked(absl::string_view id);
absl::Status ApiKeyInvalid();
// `wait` is how long no other key will be looked at.
absl::Status TooManyGuesses(absl::Duration wait);
absl::Status NotOwnResource();
absl::Status TooManyGrants(int limit);
absl::Status TooManyConsents(int limit);
absl::Status MeterPolicyNotFound(absl::string_view id);
absl::Status MeterPolicyExists(absl::string_view id);
absl::Status TooManyMeterPolicies(int limit);
// Of a subscription, whoever asks for it.
absl::Status SubscriptionNotFound(absl::string_view name);
// Of anything in a state to which `event` does not apply.
absl::Status InvalidTransition(absl::string_view name, absl::string_view state, absl::string_view event);
absl::Status CurrencyMismatch(absl::string_view expected, absl::string_view given);
absl::Status AmountOutOfRange(int64_t least, int64_t most);

}  // namespace masthead::memberships
