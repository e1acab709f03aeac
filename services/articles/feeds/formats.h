// The formats of a feed. Each writer has a file of its own; none decides what is told.
#pragma once

#include <string>

#include "services/articles/feeds/feed.h"

namespace masthead::articles {

// RSS 2.0 with content:encoded, Dublin Core and Media RSS. The GUID is the article's uid, and no permalink.
std::string WriteRss(const Feed& feed);

// Atom 1.0 (RFC 4287).
std::string WriteAtom(const Feed& feed);

// JSON Feed 1.1.
std::string WriteJsonFeed(const Feed& feed);

// A list of news items in ninjs 3.1 (IPTC).
std::string WriteNinjs(const Feed& feed);

}  // namespace masthead::articles
