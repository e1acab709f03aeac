// Subjects that articles have in common.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::articles {

struct Tag {
  std::string id;
  int64_t version = 1;
  std::string display_name;
  std::string slug;
  std::string description;
  std::string merged_into_id;  // The tag that took its place, itself never merged; empty if none did.
  absl::Time create_time;
  absl::Time update_time;

  bool operator==(const Tag&) const = default;
};

// Normalises and checks, as the field `tag` of a request. An empty slug is made from the display name.
void CheckTag(Tag& tag, FieldViolations& violations);

}  // namespace masthead::articles
