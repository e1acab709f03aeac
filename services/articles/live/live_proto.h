// Live coverage to and from the wire.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/articles/v1/live_coverage.pb.h"
#include "services/articles/live/live_coverage.h"

namespace masthead::articles {

v1::LiveCoverage ToProto(const LiveCoverage& coverage);
v1::LiveUpdate ToProto(const LiveUpdate& update);

absl::StatusOr<std::string> ParseLiveCoverageId(absl::string_view field, const std::string& name);

struct LiveUpdateKey {
  std::string coverage_id;
  std::string id;
};
absl::StatusOr<LiveUpdateKey> ParseLiveUpdateKey(absl::string_view field, const std::string& name);

// Write those of `fields` from the wire; what cannot be understood adds violations.
void ParseFields(const v1::LiveCoverage& proto, const std::set<std::string>& fields, LiveCoverage& coverage);
void ParseFields(const v1::LiveUpdate& proto, const std::set<std::string>& fields, LiveUpdate& update,
                 FieldViolations& violations);

}  // namespace masthead::articles
