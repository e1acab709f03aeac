// Templates: text with slots, small enough to be read at a glance.
//
//   {{headline}}                      the value; a missing one is an error, an empty one is empty
//   {{#dek}}<p>{{dek}}</p>{{/dek}}    left out where the value is missing or empty; does not nest
//   {{#each articles}}...{{/each}}    once for each item of a list, whose values hide those outside; does not nest, but
//                                     may hold parts that are left out
//
// Values never become markup: in HTML they are escaped, but for the trusted; in one line their line breaks become
// spaces.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

using Values = std::map<std::string, std::string>;
using Lists = std::map<std::string, std::vector<Values>>;  // What `each` repeats for.

class Template {
 public:
  enum class Kind { kLine, kText, kHtml };

  // Values of `trusted` names stand in HTML as they are. INVALID_ARGUMENT if a slot or a part is not closed.
  static absl::StatusOr<Template> Compile(absl::string_view source, Kind kind,
                                          const std::set<std::string>& trusted = {});

  // A list that is missing is empty. FAILED_PRECONDITION, TEMPLATE_VARIABLE_MISSING, if a slot has no value.
  absl::StatusOr<std::string> Render(const Values& values, const Lists& lists = {}) const;

  // What the source names: values outside of repetitions, lists, and values within repetitions.
  const std::set<std::string>& names() const { return names_; }
  const std::set<std::string>& list_names() const { return list_names_; }
  const std::set<std::string>& item_names() const { return item_names_; }

 private:
  struct Segment {
    std::string literal;
    std::string slot;       // After the literal; empty for none.
    std::string condition;  // The part it stands in; empty for none.
    bool trusted = false;
    std::string list = {};             // What to repeat after the literal; empty for none.
    std::vector<Segment> repeat = {};  // That, for each item.
  };

  explicit Template(Kind kind) : kind_(kind) {}

  // Takes segments off `source`: all of it, or within a repetition up to its end.
  absl::Status Parse(absl::string_view& source, const std::set<std::string>& trusted, bool in_repetition,
                     std::vector<Segment>& segments);
  absl::Status RenderTo(std::string& out, const std::vector<Segment>& segments, const Values& values,
                        const Lists& lists, const Values* item) const;

  Kind kind_;
  std::vector<Segment> segments_;
  std::set<std::string> names_;
  std::set<std::string> list_names_;
  std::set<std::string> item_names_;
};

}  // namespace masthead::notifications
