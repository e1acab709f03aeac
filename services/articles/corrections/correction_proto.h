// Corrections to and from the wire.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/base/errors.h"
#include "masthead/articles/v1/correction.pb.h"
#include "services/articles/corrections/correction.h"

namespace masthead::articles {

// Of a withdrawn one everything but its text.
v1::Correction ToProto(const Correction& correction);
v1::Correction ToProto(const Correction& correction, const std::vector<CorrectionVersion>& history);

// The fields that UpdateCorrection writes.
absl::Span<const absl::string_view> CorrectionFields();

// Writes those of `fields` from `proto` into `said`; what cannot be understood adds violations.
void ParseCorrectionText(const v1::Correction& proto, const std::set<std::string>& fields, CorrectionText& said,
                         FieldViolations& violations);

}  // namespace masthead::articles
