// A complimentary grant: a tier given for nothing, for a time or for good.
//
// Grants add up. What a member has is the union of the grants that run, compared with the clock when somebody asks:
// the end of one grant takes nothing from another, and no job needs to run for an end to count.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::memberships {

struct Grant {
  enum class State { kScheduled, kActive, kEnded, kRevoked };

  std::string member_id;
  std::string id;
  std::string tier_id;
  absl::Time start_time;
  std::optional<absl::Time> end_time;  // For good if unset.
  std::string reason;
  int64_t revision = 1;
  absl::Time create_time;
  std::optional<absl::Time> revoke_time;
};

// Grants of one member that run or are scheduled.
inline constexpr int kMaxOpenGrants = 50;

std::string GrantName(const Grant& grant);

absl::string_view Name(Grant::State state);
Grant::State StateAt(const Grant& grant, absl::Time now);

// When time alone will next change what the grant gives, if ever.
std::optional<absl::Time> NextChange(const Grant& grant, absl::Time now);

// Normalises and checks what does not depend on the time.
void CheckGrant(absl::string_view field, Grant& grant, FieldViolations& violations);

// A grant that would be over already is a mistake.
absl::Status CheckNotOver(absl::string_view field, const Grant& grant, absl::Time now);

// Takes the grant back. GRANT_OVER if there is nothing to take.
absl::Status Revoke(Grant& grant, absl::Time now);

// A tier that a member has, and until when as things stand: grants that follow one another without a gap count as one.
struct Entitlement {
  std::string tier_id;
  std::optional<absl::Time> end_time;

  bool operator==(const Entitlement&) const = default;
};

// The union of `grants` at `now`, sorted by tier.
std::vector<Entitlement> EntitlementsAt(const std::vector<Grant>& grants, absl::Time now);

// Their tiers alone.
std::vector<std::string> TiersAt(const std::vector<Grant>& grants, absl::Time now);

}  // namespace masthead::memberships
