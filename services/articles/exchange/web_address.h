// Addresses in HTML: what a link of a page means, and whose player an address is.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace masthead::articles {

// `href` as it was meant on a page at `base_uri`, with what URIs may not hold percent-encoded; nullopt for anything but
// https, http, mailto and tel, and for what is relative where `base_uri` is empty.
std::optional<std::string> ResolveLink(absl::string_view href, absl::string_view base_uri);

// The same, of https and http alone.
std::optional<std::string> ResolveWebUri(absl::string_view href, absl::string_view base_uri);

// The host in lower case, without a port; empty if there is none, or a user before it.
std::string HostOf(absl::string_view uri);

// The path with its leading slash, without query, fragment and a slash at its end; "/" of a site.
std::string PathOf(absl::string_view uri);

// Who plays what is there, if an article may embed it: `youtube`. nullopt for everything else.
std::optional<std::string> EmbedProvider(absl::string_view uri);

}  // namespace masthead::articles
