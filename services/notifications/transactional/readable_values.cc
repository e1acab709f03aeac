#include "services/notifications/transactional/readable_values.h"

#include <array>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace masthead::notifications {
namespace {

using Months = std::array<const char*, 12>;

constexpr Months kEnglish = {"January", "February", "March",     "April",   "May",      "June",
                             "July",    "August",   "September", "October", "November", "December"};
constexpr Months kUkrainian = {"січня", "лютого", "березня", "квітня", "травня",    "червня",
                               "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"};

}  // namespace

Values Readable(Values values, absl::string_view language) {
  const Months& months = language == "uk" ? kUkrainian : kEnglish;
  for (auto& [name, value] : values) {
    absl::Time time;
    absl::CivilDay day;
    std::string error;
    const bool is_time = absl::EndsWith(name, "_time") && absl::ParseTime(absl::RFC3339_full, value, &time, &error) &&
                         absl::ParseCivilTime(value.substr(0, 10), &day);
    if (is_time) value = absl::StrCat(day.day(), " ", months[day.month() - 1], " ", day.year());
  }
  return values;
}

}  // namespace masthead::notifications
