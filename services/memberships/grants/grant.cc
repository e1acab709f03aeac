#include "services/memberships/grants/grant.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {
namespace {

constexpr int64_t kMaxReason = 500;

// The later end; none is later than any.
std::optional<absl::Time> Later(const std::optional<absl::Time>& a, const std::optional<absl::Time>& b) {
  if (!a || !b) return std::nullopt;
  return std::max(*a, *b);
}

// Until when the tier is had without a gap. `grants` give one tier, none of them is over, one of them runs.
std::optional<absl::Time> UnbrokenEnd(std::vector<const Grant*> grants, absl::Time now) {
  std::sort(grants.begin(), grants.end(), [](const Grant* a, const Grant* b) { return a->start_time < b->start_time; });
  std::optional<absl::Time> end = now;
  for (const Grant* grant : grants) {
    if (end && grant->start_time > *end) break;
    end = Later(end, grant->end_time);
  }
  return end;
}

}  // namespace

std::string GrantName(const Grant& grant) { return absl::StrCat("members/", grant.member_id, "/grants/", grant.id); }

absl::string_view Name(Grant::State state) {
  switch (state) {
    case Grant::State::kScheduled:
      return "SCHEDULED";
    case Grant::State::kActive:
      return "ACTIVE";
    case Grant::State::kEnded:
      return "ENDED";
    case Grant::State::kRevoked:
      return "REVOKED";
  }
  return "STATE_UNSPECIFIED";
}

Grant::State StateAt(const Grant& grant, absl::Time now) {
  if (grant.revoke_time && now >= *grant.revoke_time) return Grant::State::kRevoked;
  if (now < grant.start_time) return Grant::State::kScheduled;
  if (grant.end_time && now >= *grant.end_time) return Grant::State::kEnded;
  return Grant::State::kActive;
}

std::optional<absl::Time> NextChange(const Grant& grant, absl::Time now) {
  switch (StateAt(grant, now)) {
    case Grant::State::kScheduled:
      return grant.start_time;
    case Grant::State::kActive:
      return grant.end_time;
    case Grant::State::kEnded:
    case Grant::State::kRevoked:
      return std::nullopt;
  }
  return std::nullopt;
}

void CheckGrant(absl::string_view field, Grant& grant, FieldViolations& violations) {
  text::CheckText(absl::StrCat(field, ".reason"), grant.reason, kMaxReason, /*required=*/false, violations);
}

absl::Status CheckNotOver(absl::string_view field, const Grant& grant, absl::Time now) {
  FieldViolations violations;
  if (grant.end_time && *grant.end_time <= std::max(grant.start_time, now)) {
    violations.Add(absl::StrCat(field, ".end_time"), "must be in the future and later than start_time");
  }
  return violations.ToStatus();
}

absl::Status Revoke(Grant& grant, absl::Time now) {
  const Grant::State state = StateAt(grant, now);
  if (state == Grant::State::kEnded || state == Grant::State::kRevoked) return GrantOver(GrantName(grant), Name(state));
  grant.revoke_time = now;
  return absl::OkStatus();
}

std::vector<Entitlement> EntitlementsAt(const std::vector<Grant>& grants, absl::Time now) {
  struct Coverage {
    bool runs = false;
    std::vector<const Grant*> grants;
  };
  std::map<std::string, Coverage> by_tier;
  for (const Grant& grant : grants) {
    const Grant::State state = StateAt(grant, now);
    if (state != Grant::State::kActive && state != Grant::State::kScheduled) continue;
    Coverage& coverage = by_tier[grant.tier_id];
    coverage.runs |= state == Grant::State::kActive;
    coverage.grants.push_back(&grant);
  }
  std::vector<Entitlement> entitlements;
  for (auto& [tier_id, coverage] : by_tier) {
    if (coverage.runs) entitlements.push_back({tier_id, UnbrokenEnd(std::move(coverage.grants), now)});
  }
  return entitlements;
}

std::vector<std::string> TiersAt(const std::vector<Grant>& grants, absl::Time now) {
  std::vector<std::string> tiers;
  for (Entitlement& entitlement : EntitlementsAt(grants, now)) tiers.push_back(std::move(entitlement.tier_id));
  return tiers;
}

}  // namespace masthead::memberships
