// Sets of ways by which recipients are reached; one bit each, as in the database.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::notifications {

using Channels = int16_t;

inline constexpr Channels kEmail = 1;
inline constexpr Channels kWebPush = 2;
inline constexpr Channels kMobilePush = 4;
inline constexpr Channels kSms = 8;
inline constexpr Channels kWebhook = 16;
inline constexpr Channels kInbox = 32;
inline constexpr Channels kAllChannels = 63;

// "EMAIL" for kEmail, as in the API and in the database; empty if `channel` is not one channel.
absl::string_view ChannelName(Channels channel);

// 0 if there is no channel of this name.
Channels ChannelOfName(absl::string_view name);

// The channels of a set, one by one.
std::vector<Channels> Each(Channels channels);

}  // namespace masthead::notifications
