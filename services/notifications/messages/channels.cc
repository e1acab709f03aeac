#include "services/notifications/messages/channels.h"

#include <array>
#include <cstddef>

namespace masthead::notifications {
namespace {

constexpr std::array<absl::string_view, 6> kNames = {"EMAIL", "WEB_PUSH", "MOBILE_PUSH", "SMS", "WEBHOOK", "INBOX"};

}  // namespace

absl::string_view ChannelName(Channels channel) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (channel == 1 << i) return kNames[i];
  }
  return "";
}

Channels ChannelOfName(absl::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<Channels>(1 << i);
  }
  return 0;
}

std::vector<Channels> Each(Channels channels) {
  std::vector<Channels> each;
  for (size_t i = 0; i < kNames.size(); ++i) {
    const auto channel = static_cast<Channels>(1 << i);
    if ((channels & channel) != 0) each.push_back(channel);
  }
  return each;
}

}  // namespace masthead::notifications
