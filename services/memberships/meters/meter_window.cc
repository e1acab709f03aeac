#include "services/memberships/meters/meter_window.h"

#include "absl/time/civil_time.h"

namespace masthead::memberships {

absl::string_view Name(WindowKind kind) {
  switch (kind) {
    case WindowKind::kDay:
      return "DAY";
    case WindowKind::kWeek:
      return "WEEK";
    case WindowKind::kMonth:
      return "MONTH";
  }
  return "WINDOW_UNSPECIFIED";
}

std::optional<WindowKind> ParseWindowKind(absl::string_view name) {
  for (WindowKind kind : {WindowKind::kDay, WindowKind::kWeek, WindowKind::kMonth}) {
    if (Name(kind) == name) return kind;
  }
  return std::nullopt;
}

MeterWindow WindowAt(WindowKind kind, const absl::TimeZone& zone, absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, zone);
  absl::CivilDay first = day;
  absl::CivilDay next = day + 1;
  if (kind == WindowKind::kWeek) {
    first = absl::PrevWeekday(day + 1, absl::Weekday::monday);
    next = first + 7;
  } else if (kind == WindowKind::kMonth) {
    const absl::CivilMonth month(day);
    first = absl::CivilDay(month);
    next = absl::CivilDay(month + 1);
  }
  // Of a midnight that comes twice FromCivil gives the earlier; for one that is skipped, when it was skipped.
  return {absl::FromCivil(first, zone), absl::FromCivil(next, zone)};
}

}  // namespace masthead::memberships
