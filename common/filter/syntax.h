// The grammar of AIP-160, and nothing about what the fields mean.
//
//   state = "PUBLISHED" AND (urgency <= 3 OR NOT access.level = PUBLIC) AND tags:"tags/energy" AND labels.desk = night
//
// As AIP-160 has it, OR binds more closely than AND, and two restrictions side by side are joined by AND. Words alone,
// functions and wildcards are not taken.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::filter {

inline constexpr size_t kMaxBytes = 2048;
inline constexpr int kMaxRestrictions = 20;
inline constexpr int kMaxDepth = 5;  // Of parentheses.

// One comparison: `labels.desk = "night"`. Columns count characters from 1.
struct Restriction {
  std::vector<std::string> path;  // `labels`, `desk`
  size_t column = 1;
  std::string comparator;  // One of = != < <= > >= :
  std::string value;       // Without its quotes; in NFC.
  bool quoted = false;
  size_t value_column = 1;
};

// The path as it is written.
std::string FieldName(const Restriction& restriction);

struct Node {
  enum class Kind { kAll, kAny, kNot, kRestriction };

  Kind kind = Kind::kRestriction;
  Restriction restriction;
  std::vector<Node> children;
};

// INVALID_ARGUMENT, BAD_FILTER. `field` may be empty.
absl::Status BadFilter(absl::string_view what, size_t column, absl::string_view field = "");

// An empty or blank text is `kAll` of nothing. `text` is valid UTF-8.
absl::StatusOr<Node> ParseSyntax(absl::string_view text);

}  // namespace masthead::filter
