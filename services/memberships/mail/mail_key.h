// The key that letters are sealed with from when they are queued until they are sent.
//
// One for the process: a letter is queued wherever something happens that is worth one, deep inside transactions that
// know of no keys. Set when the service is put together, before anything is queued.
#pragma once

#include <memory>

#include "common/crypto/mac.h"
#include "common/crypto/seal.h"

namespace masthead::memberships {

void SetMailKey(const crypto::MacKey& mac_key);

// Stops the process if none was set: a letter is never queued unsealed.
std::shared_ptr<const crypto::SealingKey> MailKey();

}  // namespace masthead::memberships
