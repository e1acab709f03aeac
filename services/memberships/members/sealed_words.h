// The keys that words about persons are sealed with where rows keep them: whom a gift is for, what a donor says.
//
// One for the process: such rows are written and read deep inside transactions that know of no keys. Set when the
// service is put together, before anything is written.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "services/memberships/members/address_keys.h"

namespace masthead::memberships {

void SetWordsKeys(const AddressKeys& keys);

// Seals `words` for the row of `resource`: `gifts/{gift}`. Stops the process if no keys were set: nothing personal is
// ever stored as it is.
std::string SealWords(absl::string_view words, absl::string_view resource);

// Empty if none of the keys opens it, which the log says: whoever lost a key has lost the words, and nothing else.
std::string OpenWords(absl::string_view sealed, absl::string_view resource);

}  // namespace masthead::memberships
