// A letter's HTML with links and a pixel that count. Pure; every other byte stays as it is.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "services/notifications/engagement/engagement_token.h"

namespace masthead::notifications {

inline constexpr char kClickPath[] = "/l/";
inline constexpr char kOpenPath[] = "/o/";

// `html` with each link to http or https led through `public_base_url`, and a pixel at its end. Links to our own pages,
// to unsubscribe for example, stay, and so do those that are long or hold anything but printable ASCII.
std::string TrackHtml(absl::string_view html, absl::string_view public_base_url, const EngagementTokens& tokens,
                      const EngagementRef& what);

}  // namespace masthead::notifications
