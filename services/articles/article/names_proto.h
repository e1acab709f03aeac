// Resource names in requests to IDs.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace masthead::articles {

// The ID in a name like `sections/*`; a violation, and empty, for anything else.
std::string ParseId(absl::string_view field, const std::string& name, absl::string_view pattern,
                    FieldViolations& violations);

using RepeatedNames = google::protobuf::RepeatedPtrField<std::string>;

// As ParseId, of each of `names`.
std::vector<std::string> ParseIds(absl::string_view field, const RepeatedNames& names, absl::string_view pattern,
                                  FieldViolations& violations);

// For names of other services' resources, which stay names: `names`, each of which must fit `pattern`.
std::vector<std::string> ParseNames(absl::string_view field, const RepeatedNames& names, absl::string_view pattern,
                                    FieldViolations& violations);

}  // namespace masthead::articles
