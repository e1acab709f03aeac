// What a meter counts in: half-open stretches of time, cut where a calendar begins anew.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::memberships {

enum class WindowKind { kDay, kWeek, kMonth };

absl::string_view Name(WindowKind kind);
std::optional<WindowKind> ParseWindowKind(absl::string_view name);

// From `start`, included, to `end`, not included.
struct MeterWindow {
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfinitePast();

  bool operator==(const MeterWindow&) const = default;
};

// The window that `time` is in. Windows of one kind and zone tile the time: there is no gap between them, and none
// overlaps another, also where clocks are changed and where a midnight is skipped or comes twice. Weeks begin on
// Monday (ISO 8601).
MeterWindow WindowAt(WindowKind kind, const absl::TimeZone& zone, absl::Time time);

}  // namespace masthead::memberships
