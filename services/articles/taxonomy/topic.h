// What sections and tags have in common.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"

namespace masthead::articles {

// An empty `slug` is made from the display name, or where that gives nothing from the ID.
void CheckTopicSlug(absl::string_view field, absl::string_view display_name, absl::string_view id, std::string& slug,
                    FieldViolations& violations);

// What storing a section or a tag came to.
struct TopicWrite {
  bool id_is_taken = false;
  std::optional<std::string> slug_holder_id;  // Another has the slug.
};

}  // namespace masthead::articles
