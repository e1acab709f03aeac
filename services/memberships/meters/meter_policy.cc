#include "services/memberships/meters/meter_policy.h"

#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/memberships/members/member.h"
#include "services/memberships/meters/meter.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxDisplayName = 191;
constexpr int32_t kMaxPriority = 1000;

void CheckMaxViews(absl::string_view field, const std::optional<int32_t>& max_views, FieldViolations& violations) {
  if (!max_views.has_value() || (*max_views >= 0 && *max_views <= kMaxViews)) return;
  violations.Add(field, absl::StrCat("must be from 0 to ", kMaxViews));
}

void CheckLevels(absl::string_view field, const std::vector<AccessLevel>& levels, FieldViolations& violations) {
  const std::set<AccessLevel> distinct(levels.begin(), levels.end());
  if (levels.empty() || distinct.size() != levels.size() || distinct.contains(AccessLevel::kPublic)) {
    violations.Add(field, "must be one or more of REGISTERED, MEMBERS and PLANS, each once");
  }
}

}  // namespace

std::string MeterPolicyName(absl::string_view id) { return absl::StrCat("meterPolicies/", id); }

const std::optional<int32_t>& MaxViews(const MeterPolicy& policy, ReaderKind kind) {
  return kind == ReaderKind::kAnonymous ? policy.anonymous_max_views : policy.registered_max_views;
}

const MeterPolicy* FindGivingPolicy(const std::vector<MeterPolicy>& in_order, AccessLevel level, ReaderKind kind) {
  const auto decides = [&](const MeterPolicy& policy) {
    return absl::c_linear_search(policy.levels, level) && MaxViews(policy, kind).has_value();
  };
  const auto deciding = absl::c_find_if(in_order, decides);
  return deciding == in_order.end() || *MaxViews(*deciding, kind) == 0 ? nullptr : &*deciding;
}

void CheckMeterPolicy(absl::string_view field, MeterPolicy& policy, FieldViolations& violations) {
  const auto path = [&](absl::string_view name) { return absl::StrCat(field, ".", name); };
  text::CheckLine(path("display_name"), policy.display_name, kMaxDisplayName, /*required=*/true, violations);
  if (policy.priority < 0 || policy.priority > kMaxPriority) {
    violations.Add(path("priority"), absl::StrCat("must be from 0 to ", kMaxPriority));
  }
  CheckLevels(path("levels"), policy.levels, violations);
  if (policy.time_zone.empty()) violations.Add(path("time_zone"), "is required");
  CheckTimeZone(path("time_zone"), policy.time_zone, violations);
  CheckMaxViews(path("anonymous_max_views"), policy.anonymous_max_views, violations);
  CheckMaxViews(path("registered_max_views"), policy.registered_max_views, violations);
}

}  // namespace masthead::memberships
