// The names and IDs that requests carry. Each reader adds a violation for `field` and gives empty IDs if the text is
// none.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "google/protobuf/field_mask.pb.h"

namespace masthead::memberships {

// The ID in `members/{member}`, `tiers/{tier}`, ...: `collection` is the part before the ID.
std::string IdIn(absl::string_view field, absl::string_view name, absl::string_view collection,
                 FieldViolations& violations);

// Of a member's child: `members/{member}/{collection}/{id}`.
struct ChildId {
  std::string member_id;
  std::string id;
};
ChildId ChildIdIn(absl::string_view field, absl::string_view name, absl::string_view collection,
                  FieldViolations& violations);

// The ID that the caller chose for a new resource, or a new one.
std::string ChosenOrNewId(absl::string_view field, const std::string& chosen, FieldViolations& violations);

// Bounds what a mask may cost.
void CheckMask(const google::protobuf::FieldMask& mask, FieldViolations& violations);

}  // namespace masthead::memberships
