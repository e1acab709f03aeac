// What readers may open for nothing of what is not open to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "services/memberships/access_level.h"
#include "services/memberships/meters/meter_window.h"

namespace masthead::memberships {

enum class ReaderKind { kAnonymous, kRegistered };

struct MeterPolicy {
  std::string id;
  std::string display_name;
  int32_t priority = 0;
  std::vector<AccessLevel> levels;  // Whose articles it opens; a view of any counts in the one allowance.
  WindowKind window = WindowKind::kMonth;
  std::string time_zone;
  // Unset: says nothing about such readers. 0: they get nothing, whatever other policies say.
  std::optional<int32_t> anonymous_max_views;
  std::optional<int32_t> registered_max_views;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
};

// A check asks all that cover a level, so they are few.
inline constexpr int kMaxMeterPolicies = 100;

std::string MeterPolicyName(absl::string_view id);

const std::optional<int32_t>& MaxViews(const MeterPolicy& policy, ReaderKind kind);

// Of the policies in the order in which they are asked, the one that gives such a reader views of such articles: the
// first that says anything about both. nullptr if none does, or if that one gives nothing.
const MeterPolicy* FindGivingPolicy(const std::vector<MeterPolicy>& in_order, AccessLevel level, ReaderKind kind);

// Normalises and checks what a caller may set. `field` is the path of the policy in the request.
void CheckMeterPolicy(absl::string_view field, MeterPolicy& policy, FieldViolations& violations);

}  // namespace masthead::memberships
