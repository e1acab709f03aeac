#include "services/articles/publishing/wall_clock.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"
#include "services/articles/errors.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxZoneBytes = 64;

// Absl takes paths as well, and remembers every name it was asked for.
bool LooksLikeZone(absl::string_view name) {
  if (name.empty() || name.size() > kMaxZoneBytes || !absl::ascii_isalpha(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return absl::ascii_isalnum(c) || c == '/' || c == '_' || c == '-' || c == '+'; });
}

bool HasZoneFile(const std::string& name) {
  const char* folder = std::getenv("TZDIR");
  std::error_code error;
  return std::filesystem::is_regular_file(absl::StrCat(folder != nullptr ? folder : "/usr/share/zoneinfo", "/", name),
                                          error);
}

}  // namespace

absl::StatusOr<absl::TimeZone> FindTimeZone(const std::string& name) {
  absl::TimeZone zone;
  if (!LooksLikeZone(name) || !HasZoneFile(name) || !absl::LoadTimeZone(name, &zone)) return TimeZoneUnknown(name);
  return zone;
}

WallClockTime AtInstant(absl::Time time, const absl::TimeZone& zone) {
  const absl::CivilSecond local = absl::ToCivilSecond(time, zone);
  return {.time = time,
          .local = absl::FormatCivilTime(local),
          .repeats = zone.At(local).kind == absl::TimeZone::TimeInfo::REPEATED};
}

absl::StatusOr<WallClockTime> AtLocalTime(absl::string_view field, absl::string_view local,
                                          const absl::TimeZone& zone) {
  const auto malformed = [&] {
    FieldViolations violations;
    violations.Add(field, "is no time such as 2026-03-29T09:30 or 2026-03-29T09:30:00");
    return violations.ToStatus();
  };
  constexpr size_t kToMinutes = sizeof("YYYY-MM-DDTHH:MM") - 1;
  constexpr size_t kToSeconds = sizeof("YYYY-MM-DDTHH:MM:SS") - 1;
  if (local.size() != kToMinutes && local.size() != kToSeconds) return malformed();
  absl::CivilSecond civil;
  const std::string full = local.size() == kToMinutes ? absl::StrCat(local, ":00") : std::string(local);
  // Civil times roll over: 31 February would be a day of March.
  if (!absl::ParseCivilTime(full, &civil) || absl::FormatCivilTime(civil) != full) return malformed();

  const absl::TimeZone::TimeInfo info = zone.At(civil);
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) {
    return LocalTimeSkipped(absl::FormatTime(absl::RFC3339_sec, info.post, zone),
                            absl::FormatTime(absl::RFC3339_sec, info.pre, zone));
  }
  return WallClockTime{.time = info.pre,
                       .local = absl::FormatCivilTime(absl::ToCivilSecond(info.pre, zone)),
                       .repeats = info.kind == absl::TimeZone::TimeInfo::REPEATED};
}

}  // namespace masthead::articles
