#include "services/memberships/entitlements/access_proto.h"

#include "absl/strings/str_cat.h"
#include "common/resource/timestamp.h"
#include "services/memberships/access_level_proto.h"
#include "services/memberships/meters/meter_proto.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxTiers = 50;

v1::AccessDecision::Reason ToProto(AccessDecision::Reason reason) {
  switch (reason) {
    case AccessDecision::Reason::kOpenToAll:
      return v1::AccessDecision::OPEN_TO_ALL;
    case AccessDecision::Reason::kIsRegistered:
      return v1::AccessDecision::IS_REGISTERED;
    case AccessDecision::Reason::kHasTier:
      return v1::AccessDecision::HAS_TIER;
    case AccessDecision::Reason::kNotRegistered:
      return v1::AccessDecision::NOT_REGISTERED;
    case AccessDecision::Reason::kLacksTier:
      return v1::AccessDecision::LACKS_TIER;
  }
  return v1::AccessDecision::REASON_UNSPECIFIED;
}

}  // namespace

AccessRequirement ParseRequirement(absl::string_view field, const v1::AccessRequirement& proto,
                                   FieldViolations& violations) {
  AccessRequirement requirement = {.level = ParseLevel(absl::StrCat(field, ".level"), proto.level(), violations),
                                   .tier_ids = {}};
  const bool plans = proto.level() == v1::AccessRequirement::PLANS;
  const std::string tiers = absl::StrCat(field, ".tiers");
  if (plans && proto.tiers().empty()) violations.Add(tiers, "must not be empty for PLANS");
  if (!plans && !proto.tiers().empty()) violations.Add(tiers, "must be empty for any level but PLANS");
  if (proto.tiers_size() > kMaxTiers) {
    violations.Add(tiers, absl::StrCat("must have at most ", kMaxTiers, " entries"));
    return requirement;
  }
  for (int i = 0; i < proto.tiers_size(); ++i) {
    requirement.tier_ids.push_back(IdIn(absl::StrCat(tiers, "[", i, "]"), proto.tiers(i), "tiers", violations));
  }
  return requirement;
}

v1::AccessDecision ToProto(const AccessDecision& decision) {
  v1::AccessDecision proto;
  proto.set_granted(decision.granted);
  proto.set_reason(ToProto(decision.reason));
  for (const std::string& tier_id : decision.tier_ids) proto.add_tiers(TierName(tier_id));
  if (decision.end_time) *proto.mutable_end_time() = resource::ToTimestamp(*decision.end_time);
  proto.set_registered(decision.registered);
  for (const std::string& tier_id : decision.held_tier_ids) proto.add_held_tiers(TierName(tier_id));
  return proto;
}

v1::AccessDecision ToProto(const AccessDecision& decision, const MeterAnswer& answer) {
  v1::AccessDecision proto = ToProto(decision);
  proto.set_granted(answer.allowed);
  proto.set_reason(answer.allowed ? v1::AccessDecision::METERED : v1::AccessDecision::DENIED_METER_EXHAUSTED);
  *proto.mutable_meter() = ToProto(answer.meter, answer.policy_id, answer.max_views);
  return proto;
}

}  // namespace masthead::memberships
