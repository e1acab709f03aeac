// Places that articles are about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::articles {

// In degrees (WGS 84).
struct Point {
  double latitude = 0;
  double longitude = 0;

  bool operator==(const Point&) const = default;
};

struct Place {
  std::string id;
  int64_t version = 1;
  std::string display_name;
  std::string country_code;  // ISO 3166-1 alpha-2, or empty.
  std::optional<Point> location;
  absl::Time create_time;
  absl::Time update_time;

  bool operator==(const Place&) const = default;
};

// Normalises and checks, as the field `place` of a request.
void CheckPlace(Place& place, FieldViolations& violations);

}  // namespace masthead::articles
