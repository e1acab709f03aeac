// From a message to its deliveries: slice by slice, set-based, accounted for.
//
// Each slice is one transaction and one statement: the recipients after the watermark become deliveries or exclusions,
// and the watermark moves. A crash on either side of the commit changes nothing twice. The first slice is small, so
// that breaking news is on its way at once.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"

namespace masthead::notifications {

struct FanOutOptions {
  int first_slice = 5000;  // Recipients of one topic.
  int slice = 50000;
  int chunk = 512;  // Deliveries that one sender leases at a time.
  // Where recipients live who did not say where, for messages at a local time.
  absl::TimeZone newsroom_zone = absl::UTCTimeZone();
};

// What one slice did.
struct Slice {
  int64_t message_number = 0;
  int64_t candidates = 0;
  bool last = false;  // The audience is at its end.
  std::string
      ended_message;  // The ID, if there was nothing to send, or the accounts did not add up (FAILED); else empty.
};

// Takes the fan-out that is first in line and that nobody works on, and does its next slice; none if there is none.
std::optional<Slice> FanOutSlice(db::Transaction& tx, const FanOutOptions& options);

}  // namespace masthead::notifications
