#include "services/memberships/members/member_counter.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace masthead::memberships {
namespace {

constexpr int64_t kExactBelow = 100;

std::string WithThousandsSeparators(int64_t number) {
  std::string text = absl::StrCat(number);
  for (int place = static_cast<int>(text.size()) - 3; place > 0; place -= 3) text.insert(place, 1, ',');
  return text;
}

}  // namespace

int64_t BannerCount(int64_t members) {
  if (members < kExactBelow) return std::max<int64_t>(members, 0);
  int64_t unit = 1;
  while (members / unit >= kExactBelow) unit *= 10;
  return members / unit * unit;
}

std::string BannerText(int64_t members) {
  return absl::StrCat(WithThousandsSeparators(BannerCount(members)), members < kExactBelow ? "" : "+");
}

absl::Span<const int64_t> Milestones() {
  static constexpr int64_t kMilestones[] = {100, 1'000, 10'000, 25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000};
  return kMilestones;
}

}  // namespace masthead::memberships
