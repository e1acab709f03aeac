// Templates: text with slots, small enough to be read at a glance.
//
//   {{headline}}                      the value; a missing one is an error, an empty one is empty
//   {{#dek}}<p>{{dek}}</p>{{/dek}}    left out where the value is missing or empty; does not nest
//
// Values never become markup: in HTML they are escaped, in one line their line breaks become spaces.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

using Values = std::map<std::string, std::string>;

class Template {
 public:
  enum class Kind { kLine, kText, kHtml };

  // INVALID_ARGUMENT if a slot or a part is not closed.
  static absl::StatusOr<Template> Compile(absl::string_view source, Kind kind);

  // FAILED_PRECONDITION, TEMPLATE_VARIABLE_MISSING, if a slot has no value.
  absl::StatusOr<std::string> Render(const Values& values) const;

 private:
  struct Segment {
    std::string literal;
    std::string slot;       // After the literal; empty for none.
    std::string condition;  // The part it stands in; empty for none.
  };

  explicit Template(Kind kind) : kind_(kind) {}

  Kind kind_;
  std::vector<Segment> segments_;
};

}  // namespace masthead::notifications
