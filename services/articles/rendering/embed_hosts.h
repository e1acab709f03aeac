// Whose embeds are shown outside the newsroom's own pages.
#pragma once

#include "absl/strings/string_view.h"

namespace masthead::articles {

// Whether `uri` leads to a host that is known to show what it is asked for: video, sound, posts, charts. The port does
// not matter; an address with a user in it leads to none.
bool IsKnownEmbedHost(absl::string_view uri);

}  // namespace masthead::articles
