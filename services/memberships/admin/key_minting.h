// Making an API key: the record that is kept, and the secret that is told once.
#pragma once

#include <string>

#include "services/memberships/admin/api_key.h"

namespace masthead::memberships {

struct MintedKey {
  ApiKey key;
  std::string text;  // `mhk_{id}_{secret}`. Never stored, never logged.
};

// Gives `wanted` an ID and a random secret of 256 bits.
MintedKey MintApiKey(ApiKey wanted);

}  // namespace masthead::memberships
