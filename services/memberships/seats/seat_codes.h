// The secrets of invitations: codes, and the keys under which invited addresses are known again without being kept.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/crypto/mac.h"
#include "services/memberships/seats/seat.h"

namespace masthead::memberships {

// Thread-safe.
class SeatCodes {
 public:
  explicit SeatCodes(const crypto::MacKey& mac_key)
      : code_key_(mac_key.Derive("memberships.seats.code")), email_key_(mac_key.Derive("memberships.seats.email")) {}

  // Of the seat's `invitation`th invitation, counted from 1: 43 characters that nobody can guess.
  std::string CodeOf(const Seat& seat, int32_t invitation) const;

  // What the database keeps of it.
  static std::string HashOf(absl::string_view code) { return crypto::Sha256(code); }

  std::string EmailKeyOf(absl::string_view email_normal) const { return email_key_.Sign(email_normal); }

 private:
  const crypto::MacKey code_key_;
  const crypto::MacKey email_key_;
};

}  // namespace masthead::memberships
