#include "services/memberships/seats/seat_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {
namespace {

absl::Status NotFound(absl::string_view type, absl::string_view name, const char* reason) {
  return WithResource(MakeError(absl::StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, reason, {{"name", std::string(name)}}}),
                      absl::StrCat("memberships.masthead.dev/", type), name);
}

}  // namespace

absl::Status NoSeats(int64_t limit) {
  return MakeError(absl::StatusCode::kResourceExhausted, absl::StrCat("each of the ", limit, " seats is taken or held"),
                   {kErrorDomain, "NO_SEATS", {{"limit", absl::StrCat(limit)}}});
}

absl::Status SeatNotFound(absl::string_view name) { return NotFound("Seat", name, "SEAT_NOT_FOUND"); }

absl::Status InvitationOver() {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "the invitation is not good, or not any more: ask for another", {kErrorDomain, "INVITATION_OVER"});
}

}  // namespace masthead::memberships
