// The codes that gifts are redeemed with. They are computed from the gift when they have to be delivered, and kept
// nowhere: the database knows their hashes.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/crypto/mac.h"
#include "services/memberships/gifts/gift.h"

namespace masthead::memberships {

// Thread-safe.
class GiftCodes {
 public:
  explicit GiftCodes(const crypto::MacKey& mac_key) : key_(mac_key.Derive("memberships.gifts.code")) {}

  // Of the gift's `delivery`th delivery, counted from 1: 43 characters that nobody can guess.
  std::string CodeOf(const Gift& gift, int32_t delivery) const;

  // What the database keeps of it.
  static std::string HashOf(absl::string_view code) { return crypto::Sha256(code); }

 private:
  const crypto::MacKey key_;
};

}  // namespace masthead::memberships
