#include "services/articles/taxonomy/place.h"

#include "absl/strings/ascii.h"
#include "common/text/text.h"

namespace masthead::articles {
namespace {

constexpr double kMaxLatitude = 90;
constexpr double kMaxLongitude = 180;

// False for what is no number, too.
bool IsWithin(double value, double limit) { return value >= -limit && value <= limit; }

bool IsCountryCode(const std::string& code) {
  return code.size() == 2 && absl::ascii_isupper(code[0]) && absl::ascii_isupper(code[1]);
}

}  // namespace

void CheckPlace(Place& place, FieldViolations& violations) {
  text::CheckLine("place.display_name", place.display_name, 200, /*required=*/true, violations);
  if (!place.country_code.empty() && !IsCountryCode(place.country_code)) {
    violations.Add("place.country_code", "is no country code of two capital letters (ISO 3166-1)");
  }
  if (!place.location.has_value()) return;
  if (!IsWithin(place.location->latitude, kMaxLatitude)) violations.Add("place.location.latitude", "is not -90 to 90");
  if (!IsWithin(place.location->longitude, kMaxLongitude)) {
    violations.Add("place.location.longitude", "is not -180 to 180");
  }
}

}  // namespace masthead::articles
