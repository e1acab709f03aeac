// What CheckAccess is asked, from the wire.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/memberships/v1/entitlements_service.pb.h"
#include "services/memberships/entitlements/access.h"
#include "services/memberships/meters/meter_keys.h"
#include "services/memberships/meters/metered_reading.h"

namespace masthead::memberships {

struct Question {
  std::string member_id;  // Empty for an anonymous reader.
  std::string address;    // Where it is read from; empty if nobody says.
  AccessRequirement requirement;
  bool asks_meter = false;
  MeteredReading reading;  // If it asks the meter.
};

Question ParseQuestion(const v1::CheckAccessRequest& request, const MeterKeys& keys, FieldViolations& violations);

// The key of the reader's meters; empty, with a violation, if the name was not issued here.
std::string ParseAnonymousReader(absl::string_view anonymous_reader, const MeterKeys& keys,
                                 FieldViolations& violations);

}  // namespace masthead::memberships
