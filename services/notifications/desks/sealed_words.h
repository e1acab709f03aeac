// What a letter to a desk says, as it is stored: a tip may cost somebody their job, or more.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/seal.h"
#include "services/notifications/desks/desk_letter.h"

namespace masthead::notifications {

// The purpose of the service's key for these: `crypto::SealingKey(key, kDeskLetters)`.
inline constexpr char kDeskLetters[] = "masthead desk letters";

std::string SealWords(const crypto::SealingKey& key, absl::string_view letter_id, const DeskLetterWords& words);

// DATA_LOSS if they were not sealed with this key for this letter.
absl::StatusOr<DeskLetterWords> OpenWords(const crypto::SealingKey& key, absl::string_view letter_id,
                                          absl::string_view sealed);

}  // namespace masthead::notifications
