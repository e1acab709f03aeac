// The domain: what readers did with letters, as far as they let us know.
#pragma once

#include <cstdint>
#include <string>

#include "services/notifications/engagement/engagement_token.h"

namespace masthead::notifications {

struct Engagement {
  EngagementRef of;
  std::string url;  // That was followed; empty: the letter was looked at.
  bool by_machine = false;
};

}  // namespace masthead::notifications
