#include "services/memberships/seats/seat_codes.h"

#include "absl/strings/str_cat.h"

namespace masthead::memberships {

std::string SeatCodes::CodeOf(const Seat& seat, int32_t invitation) const {
  return crypto::Base64Url(code_key_.Sign(absl::StrCat(seat.subscription_id, "/", seat.id, "/", invitation)));
}

}  // namespace masthead::memberships
