#include "services/notifications/sending/brake.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace masthead::notifications {
namespace {

constexpr int64_t kLeastOutcomes = 200;
constexpr int64_t kMostFailedPerMille = 50;
constexpr int64_t kMostComplainedPerMille = 1;

int64_t Failed(const MessageCounts& counts) { return counts.failed + counts.bounced; }

int64_t Outcomes(const MessageCounts& counts) {
  return counts.sent + counts.delivered + counts.uncertain + counts.complained + Failed(counts);
}

}  // namespace

std::string WhyToHold(const MessageCounts& now, const MessageCounts& before) {
  const int64_t outcomes = Outcomes(now) - Outcomes(before);
  const int64_t failed = Failed(now) - Failed(before);
  const int64_t complained = now.complained - before.complained;
  if (outcomes < kLeastOutcomes) return "";
  if (failed * 1000 > outcomes * kMostFailedPerMille) {
    return absl::StrCat("held by the brake: ", failed, " of ", outcomes, " deliveries failed or came back");
  }
  if (complained * 1000 > outcomes * kMostComplainedPerMille) {
    return absl::StrCat("held by the brake: ", complained, " of ", outcomes, " deliveries were called spam");
  }
  return "";
}

}  // namespace masthead::notifications
