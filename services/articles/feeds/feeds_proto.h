// Rendered documents on the wire.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "masthead/articles/v1/feeds_service.pb.h"

namespace masthead::articles {

struct Rendered {
  std::string content_type;
  std::string text;
  std::optional<absl::Time> last_modified;
  std::vector<std::string> surrogate_keys;
  absl::Duration max_age;
};

// Without the text if the caller keeps it already.
v1::RenderedDocument ToProto(Rendered rendered, const std::string& if_none_match);

}  // namespace masthead::articles
