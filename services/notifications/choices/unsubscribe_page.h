// The unsubscribe link as mail programs and browsers see it (RFC 8058), for the public HTTP listener.
//
// The page is the preference page too: a form for all that the recipient chose about, and for what is muted, that works
// without a script.
//
// POST with List-Unsubscribe=One-Click leaves, and answers 200 as often as it is repeated. GET, and POST without that
// or the page's own form, show a page and change nothing: programs fetch every link of a message. A token that Masthead
// did not make is 404.
#pragma once

#include "common/http/listener.h"
#include "services/notifications/choices/unsubscribing.h"

namespace masthead::notifications {

inline constexpr char kUnsubscribePath[] = "/u/";

// `unsubscribing` outlives the handler.
http::Handler UnsubscribePageHandler(Unsubscribing& unsubscribing);

// Whether the body says List-Unsubscribe=One-Click, form-urlencoded or as multipart/form-data.
bool SaysOneClick(const http::Request& request);

}  // namespace masthead::notifications
