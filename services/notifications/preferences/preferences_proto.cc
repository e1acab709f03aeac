#include "services/notifications/preferences/preferences_proto.h"

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/following/topic_proto.h"

namespace masthead::notifications {
namespace {

constexpr int kMaxMuted = 4;
constexpr int kMaxQuietHours = 21;
constexpr int kMaxCaps = 10;
constexpr int kMaxCapLimit = 1000;
constexpr int kDays = 7;

v1::Topic::Category CategoryOf(const std::string& name) {
  v1::Topic::Category category = v1::Topic::CATEGORY_UNSPECIFIED;
  v1::Topic::Category_Parse(name, &category);
  return category;
}

void ParseMuted(const v1::Preferences& proto, Preferences& preferences, FieldViolations& violations) {
  preferences.muted_categories.clear();
  if (proto.muted_categories_size() > kMaxMuted) {
    return violations.Add("preferences.muted_categories", "must not have more than 4 entries");
  }
  for (const int category : proto.muted_categories()) {
    preferences.muted_categories.insert(ParseMutedCategory("preferences.muted_categories", category, violations));
  }
}

void ParseQuietHours(const v1::Preferences& proto, Preferences& preferences, FieldViolations& violations) {
  preferences.quiet_hours.clear();
  if (proto.quiet_hours_size() > kMaxQuietHours) {
    return violations.Add("preferences.quiet_hours", "must not have more than 21 entries");
  }
  for (int i = 0; i < proto.quiet_hours_size(); ++i) {
    const v1::Preferences::QuietHours& hours = proto.quiet_hours(i);
    const std::string field = absl::StrCat("preferences.quiet_hours[", i, "]");
    QuietWindow window = {.days = hours.days().empty() ? kEveryDay : Weekdays{0},
                          .start_minute = ParseWallTime(absl::StrCat(field, ".start"), hours.start(), violations),
                          .end_minute = ParseWallTime(absl::StrCat(field, ".end"), hours.end(), violations)};
    if (hours.days_size() > kDays) violations.Add(absl::StrCat(field, ".days"), "must not have more than 7 entries");
    for (const int day : hours.days()) {
      if (day < 1 || day > kDays) {
        violations.Add(absl::StrCat(field, ".days"), "must be 1 to 7");
        break;
      }
      window.days = static_cast<Weekdays>(window.days | 1 << (day - 1));
    }
    preferences.quiet_hours.push_back(window);
  }
}

void ParseCaps(const v1::Preferences& proto, Preferences& preferences, FieldViolations& violations) {
  preferences.caps.clear();
  if (proto.caps_size() > kMaxCaps) return violations.Add("preferences.caps", "must not have more than 10 entries");
  for (int i = 0; i < proto.caps_size(); ++i) {
    const v1::Preferences::Cap& cap = proto.caps(i);
    const std::string field = absl::StrCat("preferences.caps[", i, "]");
    Cap parsed = {.category = "", .limit = cap.limit(), .window = absl::Seconds(cap.window().seconds())};
    if (cap.category() != v1::Topic::CATEGORY_UNSPECIFIED) {
      parsed.category = ParseMutedCategory(absl::StrCat(field, ".category"), cap.category(), violations);
    }
    if (cap.limit() < 1 || cap.limit() > kMaxCapLimit)
      violations.Add(absl::StrCat(field, ".limit"), "must be 1 to 1000");
    if (parsed.window < absl::Minutes(1) || parsed.window > kMaxCapWindow || cap.window().nanos() != 0) {
      violations.Add(absl::StrCat(field, ".window"), "must be 1 minute to 31 days, in whole seconds");
    }
    preferences.caps.push_back(std::move(parsed));
  }
}

}  // namespace

std::string ParseMutedCategory(absl::string_view field, int category, FieldViolations& violations) {
  const bool known = v1::Topic::Category_IsValid(category) && category != v1::Topic::CATEGORY_UNSPECIFIED;
  if (known && category != v1::Topic::TRANSACTIONAL) {
    return v1::Topic::Category_Name(static_cast<v1::Topic::Category>(category));
  }
  violations.Add(field, "must be a known category other than TRANSACTIONAL");
  return "";
}

v1::Preferences ToProto(const Preferences& preferences, absl::string_view recipient_id) {
  v1::Preferences proto;
  proto.set_name(absl::StrCat(RecipientName(recipient_id), "/preferences"));
  for (const std::string& category : preferences.muted_categories) proto.add_muted_categories(CategoryOf(category));
  for (const QuietWindow& window : preferences.quiet_hours) {
    v1::Preferences::QuietHours& hours = *proto.add_quiet_hours();
    for (int day = 1; day <= kDays; ++day) {
      if ((window.days & 1 << (day - 1)) != 0) hours.add_days(day);
    }
    hours.set_start(WallTime(window.start_minute));
    hours.set_end(WallTime(window.end_minute));
  }
  proto.set_quiet_breaking(preferences.quiet_breaking);
  for (const Cap& cap : preferences.caps) {
    v1::Preferences::Cap& shown = *proto.add_caps();
    shown.set_category(CategoryOf(cap.category));
    shown.set_limit(cap.limit);
    shown.mutable_window()->set_seconds(absl::ToInt64Seconds(cap.window));
  }
  v1::Preferences::Tracking tracking = v1::Preferences::AGGREGATE;
  v1::Preferences::Tracking_Parse(preferences.tracking, &tracking);
  proto.set_tracking(tracking);
  if (preferences.revision > 0) *proto.mutable_update_time() = resource::ToTimestamp(preferences.update_time);
  proto.set_etag(resource::Etag(preferences.revision));
  return proto;
}

void ParsePreferences(const v1::Preferences& proto, const std::set<std::string>& fields, Preferences& preferences,
                      FieldViolations& violations) {
  if (fields.contains("muted_categories")) ParseMuted(proto, preferences, violations);
  if (fields.contains("quiet_hours")) ParseQuietHours(proto, preferences, violations);
  if (fields.contains("quiet_breaking")) preferences.quiet_breaking = proto.quiet_breaking();
  if (fields.contains("caps")) ParseCaps(proto, preferences, violations);
  if (fields.contains("tracking")) {
    if (!v1::Preferences::Tracking_IsValid(proto.tracking())) {
      violations.Add("preferences.tracking", "must be NONE, AGGREGATE or INDIVIDUAL");
    }
    preferences.tracking = proto.tracking() == v1::Preferences::TRACKING_UNSPECIFIED
                               ? "AGGREGATE"
                               : v1::Preferences::Tracking_Name(proto.tracking());
  }
}

}  // namespace masthead::notifications
