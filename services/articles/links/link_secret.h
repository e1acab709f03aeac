// The secret of a link: 256 random bits, told once. What is kept is a digest; a fast one will do, for nobody guesses
// 256 bits.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace masthead::articles {

struct LinkSecret {
  std::string token;   // What the holder shows. Never stored, never logged.
  std::string digest;  // 32 bytes.
};

LinkSecret NewLinkSecret();

// The digest to look for. For what is no token it is one that no link has.
std::string DigestOf(absl::string_view token);

}  // namespace masthead::articles
