// What of a queued letter nobody may read in the database: to whom it goes, and what it says.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/crypto/seal.h"
#include "services/memberships/mail/letter.h"

namespace masthead::memberships {

std::string SealMail(const crypto::SealingKey& key, absl::string_view id, const OutgoingMail& mail);

// Fills in address and values. DATA_LOSS if it was sealed with another key, or under another ID.
absl::Status OpenMail(const crypto::SealingKey& key, absl::string_view id, absl::string_view sealed,
                      OutgoingMail& mail);

}  // namespace masthead::memberships
