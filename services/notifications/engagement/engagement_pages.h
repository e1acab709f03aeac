// Links and pixels that count, as browsers and mail programs see them, for the public HTTP listener. A link leads on
// even while the database is down, and nowhere but where its letter said. What is not ours is 404.
#pragma once

#include "common/http/listener.h"
#include "services/notifications/engagement/engagement_log.h"
#include "services/notifications/engagement/engagement_token.h"

namespace masthead::notifications {

// Both outlive the handlers. For kClickPath and kOpenPath.
http::Handler ClickHandler(const EngagementTokens& tokens, EngagementLog& log);
http::Handler PixelHandler(const EngagementTokens& tokens, EngagementLog& log);

}  // namespace masthead::notifications
