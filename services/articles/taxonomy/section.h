// The parts of the publication: a tree.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::articles {

struct Section {
  std::string id;
  int64_t version = 1;
  std::string parent_id;  // Empty at the top.
  std::string display_name;
  std::string slug;
  std::string path;  // The slugs from the top down, with `/` between; follows from the tree.
  std::string description;
  absl::Time create_time;
  absl::Time update_time;

  bool operator==(const Section&) const = default;
};

// From the top down, so many.
inline constexpr int kMaxSectionDepth = 4;

// The parent of each section, by ID.
using SectionTree = std::map<std::string, std::string>;

// Whether `id`, which need not be in `tree` yet, may hang under `parent_id`. SECTION_TREE.
absl::Status CheckPlaceInTree(const SectionTree& tree, const std::string& id, const std::string& parent_id);

// `id` and every section below it, each after its parent.
std::vector<std::string> Subtree(const SectionTree& tree, const std::string& id);

// Where readers find it.
std::string SectionUrlPath(absl::string_view path);

// Normalises and checks, as the field `section` of a request. An empty slug is made from the display name.
void CheckSection(Section& section, FieldViolations& violations);

}  // namespace masthead::articles
