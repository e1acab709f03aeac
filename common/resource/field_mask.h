// update_mask (AIP-134, AIP-161).
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/errors.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace masthead::resource {

inline constexpr int kMaxMaskPaths = 100;

// The top-level fields that an Update shall write: those of `mask`; all populated mutable ones if it is empty; all
// mutable ones for `*`. A path that is unknown or nested deeper than `mutable_fields` adds a violation, as do more than
// kMaxMaskPaths; output-only and immutable fields are ignored (AIP-203).
std::set<std::string> FieldsToUpdate(const google::protobuf::FieldMask& mask, const google::protobuf::Message& resource,
                                     absl::Span<const absl::string_view> mutable_fields, FieldViolations& violations);

}  // namespace masthead::resource
