#include "services/memberships/errors.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace masthead::memberships {
namespace {

using absl::StatusCode;
using Metadata = std::map<std::string, std::string>;

absl::Status NotFound(absl::string_view type, absl::string_view name, const char* reason) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, reason, {{"name", std::string(name)}}}),
                      absl::StrCat("memberships.masthead.dev/", type), name);
}

absl::Status Exists(absl::string_view name, const char* reason) {
  return MakeError(StatusCode::kAlreadyExists, absl::StrCat(name, " is there already"),
                   {kErrorDomain, reason, {{"name", std::string(name)}}});
}

absl::Status Precondition(absl::string_view message, const char* reason, Metadata metadata) {
  return MakeError(StatusCode::kFailedPrecondition, message, {kErrorDomain, reason, std::move(metadata)});
}

}  // namespace

absl::Status MemberNotFound(absl::string_view id) {
  return NotFound("Member", absl::StrCat("members/", id), "MEMBER_NOT_FOUND");
}

absl::Status AddressNotFound() {
  return WithResource(
      MakeError(StatusCode::kNotFound, "no active member has this address", {kErrorDomain, "MEMBER_NOT_FOUND"}),
      "memberships.masthead.dev/Member", "");
}

absl::Status MemberExists(absl::string_view existing) {
  if (!existing.empty()) return Exists(absl::StrCat("members/", existing), "MEMBER_EXISTS");
  return MakeError(StatusCode::kAlreadyExists, "a member with this address or ID is there already",
                   {kErrorDomain, "MEMBER_EXISTS"});
}

absl::Status TierNotFound(absl::string_view id) {
  return NotFound("Tier", absl::StrCat("tiers/", id), "TIER_NOT_FOUND");
}

absl::Status TierExists(absl::string_view id) { return Exists(absl::StrCat("tiers/", id), "TIER_EXISTS"); }

absl::Status TierArchived(absl::string_view id) {
  const std::string name = absl::StrCat("tiers/", id);
  return Precondition(absl::StrCat(name, " is archived"), "TIER_ARCHIVED", {{"name", name}});
}

absl::Status GrantNotFound(absl::string_view name) { return NotFound("Grant", name, "GRANT_NOT_FOUND"); }

absl::Status GrantExists(absl::string_view name) { return Exists(name, "GRANT_EXISTS"); }

absl::Status GrantOver(absl::string_view name, absl::string_view state) {
  return Precondition(absl::StrCat(name, " is ", state, ": there is nothing to take back"), "GRANT_OVER",
                      {{"name", std::string(name)}, {"state", std::string(state)}});
}

absl::Status StaffMemberNotFound(absl::string_view id) {
  return NotFound("StaffMember", absl::StrCat("staffMembers/", id), "STAFF_MEMBER_NOT_FOUND");
}

absl::Status StaffMemberExists(absl::string_view existing) {
  return Exists(absl::StrCat("staffMembers/", existing), "STAFF_MEMBER_EXISTS");
}

absl::Status StaffMemberWithoutRole(absl::string_view id) {
  const std::string name = absl::StrCat("staffMembers/", id);
  return Precondition(absl::StrCat(name, " has no role"), "STAFF_MEMBER_WITHOUT_ROLE", {{"name", name}});
}

absl::Status ApiKeyNotFound(absl::string_view id) {
  return NotFound("ApiKey", absl::StrCat("apiKeys/", id), "API_KEY_NOT_FOUND");
}

absl::Status ApiKeyRevoked(absl::string_view id) {
  const std::string name = absl::StrCat("apiKeys/", id);
  return Precondition(absl::StrCat(name, " was revoked before"), "API_KEY_REVOKED", {{"name", name}});
}

absl::Status ApiKeyInvalid() {
  return MakeError(StatusCode::kUnauthenticated, "the API key is not good: ask an administrator for another",
                   {kErrorDomain, "API_KEY_INVALID"});
}

absl::Status TooManyGuesses(absl::Duration wait) {
  return WithRetry(MakeError(StatusCode::kResourceExhausted,
                             "too many API keys that are no good, for this key or from this network; try again later",
                             {kErrorDomain, "TOO_MANY_GUESSES"}),
                   wait);
}

absl::Status NotOwnResource() {
  return MakeError(StatusCode::kPermissionDenied, "a member may see and change only what is the member's own",
                   {kErrorDomain, "NOT_OWN_RESOURCE"});
}

absl::Status TooManyGrants(int limit) {
  return Precondition(absl::StrCat("at most ", limit, " grants of a member may run or be scheduled"), "TOO_MANY_GRANTS",
                      {{"limit", absl::StrCat(limit)}});
}

absl::Status TooManyConsents(int limit) {
  return Precondition(absl::StrCat("a member's word on at most ", limit, " topics is kept"), "TOO_MANY_CONSENTS",
                      {{"limit", absl::StrCat(limit)}});
}

absl::Status MeterPolicyNotFound(absl::string_view id) {
  return NotFound("MeterPolicy", absl::StrCat("meterPolicies/", id), "METER_POLICY_NOT_FOUND");
}

absl::Status MeterPolicyExists(absl::string_view id) {
  return Exists(absl::StrCat("meterPolicies/", id), "METER_POLICY_EXISTS");
}

absl::Status TooManyMeterPolicies(int limit) {
  return Precondition(absl::StrCat("there may be at most ", limit, " meter policies"), "TOO_MANY_METER_POLICIES",
                      {{"limit", absl::StrCat(limit)}});
}

absl::Status SubscriptionNotFound(absl::string_view name) {
  return NotFound("Subscription", name, "SUBSCRIPTION_NOT_FOUND");
}

absl::Status InvalidTransition(absl::string_view name, absl::string_view state, absl::string_view event) {
  return Precondition(absl::StrCat(name, " is ", state, ": ", event, " does not apply to it now"), "INVALID_TRANSITION",
                      {{"name", std::string(name)}, {"state", std::string(state)}, {"event", std::string(event)}});
}

absl::Status CurrencyMismatch(absl::string_view expected, absl::string_view given) {
  return MakeError(
      StatusCode::kInvalidArgument, absl::StrCat("the currency is ", expected, ", not ", given),
      {kErrorDomain, "CURRENCY_MISMATCH", {{"expected", std::string(expected)}, {"given", std::string(given)}}});
}

absl::Status AmountOutOfRange(int64_t least, int64_t most) {
  return MakeError(
      StatusCode::kOutOfRange, absl::StrCat("the amount must be from ", least, " to ", most),
      {kErrorDomain, "AMOUNT_OUT_OF_RANGE", {{"least", absl::StrCat(least)}, {"most", absl::StrCat(most)}}});
}

}  // namespace masthead::memberships
