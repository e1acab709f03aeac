#include "common/resource/timestamp.h"

namespace masthead::resource {
namespace {

constexpr int64_t kYear1 = -62135596800;      // 0001-01-01T00:00:00Z
constexpr int64_t kYear10000 = 253402300800;  // 10000-01-01T00:00:00Z
constexpr int32_t kNanosPerSecond = 1'000'000'000;

}  // namespace

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>((time - absl::FromUnixSeconds(seconds)) / absl::Nanoseconds(1)));
  return timestamp;
}

absl::Time ParseTimestamp(absl::string_view field, const google::protobuf::Timestamp& timestamp,
                          FieldViolations& violations) {
  const bool valid = timestamp.seconds() >= kYear1 && timestamp.seconds() < kYear10000 && timestamp.nanos() >= 0 &&
                     timestamp.nanos() < kNanosPerSecond;
  if (!valid) {
    violations.Add(field, "must be a time in the years 1 to 9999");
    return absl::UnixEpoch();
  }
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Microseconds(timestamp.nanos() / 1000);
}

}  // namespace masthead::resource
