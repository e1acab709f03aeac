// google.protobuf.Timestamp, to and from absl::Time.
#pragma once

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "google/protobuf/timestamp.pb.h"

namespace masthead::resource {

google::protobuf::Timestamp ToTimestamp(absl::Time time);

// Truncated to the microsecond, as it will be stored. Adds a violation if `timestamp` is outside the years 1 to 9999.
absl::Time ParseTimestamp(absl::string_view field, const google::protobuf::Timestamp& timestamp,
                          FieldViolations& violations);

}  // namespace masthead::resource
