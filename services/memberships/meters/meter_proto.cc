#include "services/memberships/meters/meter_proto.h"

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/access_level_proto.h"

namespace masthead::memberships {
namespace {

// More than there are levels, so that what is wrong with the list is told in one word.
constexpr int kMaxLevels = 10;

v1::MeterPolicy::Window ToProto(WindowKind kind) {
  switch (kind) {
    case WindowKind::kDay:
      return v1::MeterPolicy::DAY;
    case WindowKind::kWeek:
      return v1::MeterPolicy::WEEK;
    case WindowKind::kMonth:
      return v1::MeterPolicy::MONTH;
  }
  return v1::MeterPolicy::WINDOW_UNSPECIFIED;
}

WindowKind ParseWindow(absl::string_view field, v1::MeterPolicy::Window window, FieldViolations& violations) {
  switch (window) {
    case v1::MeterPolicy::DAY:
      return WindowKind::kDay;
    case v1::MeterPolicy::WEEK:
      return WindowKind::kWeek;
    case v1::MeterPolicy::MONTH:
      return WindowKind::kMonth;
    default:
      violations.Add(field, "must be DAY, WEEK or MONTH");
      return WindowKind::kMonth;
  }
}

std::vector<AccessLevel> ParseLevels(absl::string_view field, const v1::MeterPolicy& proto,
                                     FieldViolations& violations) {
  if (proto.levels_size() > kMaxLevels) violations.Add(field, "must have at most 3 entries");
  std::vector<AccessLevel> levels;
  for (int i = 0; i < std::min(proto.levels_size(), kMaxLevels); ++i) {
    levels.push_back(ParseLevel(absl::StrCat(field, "[", i, "]"), proto.levels(i), violations));
  }
  return levels;
}

}  // namespace

v1::MeterPolicy ToProto(const MeterPolicy& policy) {
  v1::MeterPolicy proto;
  proto.set_name(MeterPolicyName(policy.id));
  proto.set_display_name(policy.display_name);
  proto.set_priority(policy.priority);
  for (AccessLevel level : policy.levels) proto.add_levels(ToProto(level));
  proto.set_window(ToProto(policy.window));
  proto.set_time_zone(policy.time_zone);
  if (policy.anonymous_max_views) proto.mutable_anonymous_max_views()->set_value(*policy.anonymous_max_views);
  if (policy.registered_max_views) proto.mutable_registered_max_views()->set_value(*policy.registered_max_views);
  *proto.mutable_create_time() = resource::ToTimestamp(policy.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(policy.update_time);
  proto.set_etag(resource::Etag(policy.revision));
  return proto;
}

void ParseFields(absl::string_view field, const v1::MeterPolicy& proto, const std::set<std::string>& fields,
                 MeterPolicy& policy, FieldViolations& violations) {
  const auto path = [&](absl::string_view name) { return absl::StrCat(field, ".", name); };
  if (fields.contains("display_name")) policy.display_name = proto.display_name();
  if (fields.contains("priority")) policy.priority = proto.priority();
  if (fields.contains("levels")) policy.levels = ParseLevels(path("levels"), proto, violations);
  if (fields.contains("window")) policy.window = ParseWindow(path("window"), proto.window(), violations);
  if (fields.contains("time_zone")) policy.time_zone = proto.time_zone();
  if (fields.contains("anonymous_max_views")) {
    policy.anonymous_max_views.reset();
    if (proto.has_anonymous_max_views()) policy.anonymous_max_views = proto.anonymous_max_views().value();
  }
  if (fields.contains("registered_max_views")) {
    policy.registered_max_views.reset();
    if (proto.has_registered_max_views()) policy.registered_max_views = proto.registered_max_views().value();
  }
}

v1::Meter ToProto(const Meter& meter, absl::string_view policy_id, int32_t max_views) {
  v1::Meter proto;
  proto.set_meter_policy(MeterPolicyName(policy_id));
  proto.set_views(static_cast<int32_t>(meter.articles.size()));
  proto.set_views_left(ViewsLeft(meter, max_views));
  proto.set_max_views(max_views);
  proto.set_state(proto.views_left() > 0 ? v1::Meter::ACTIVE : v1::Meter::EXHAUSTED);
  *proto.mutable_reset_time() = resource::ToTimestamp(meter.window.end);
  return proto;
}

}  // namespace masthead::memberships
