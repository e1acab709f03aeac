// The link in a letter that asks whether something is really wanted, for the public HTTP listener: GET shows a page
// with a button, and changes nothing, because programs fetch every link of a message; POST confirms. A token that
// Masthead did not make, or one that is too old, is 404.
#pragma once

#include "common/http/listener.h"
#include "services/notifications/choices/confirming.h"

namespace masthead::notifications {

// For kConfirmPath. `confirming` outlives the handler.
http::Handler ConfirmPageHandler(Confirming& confirming);

}  // namespace masthead::notifications
