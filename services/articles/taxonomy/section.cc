#include "services/articles/taxonomy/section.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/articles/article/article.h"
#include "services/articles/errors.h"
#include "services/articles/taxonomy/topic.h"

namespace masthead::articles {
namespace {

// From the top down to `id`; 0 for the empty ID.
int Depth(const SectionTree& tree, std::string id) {
  int depth = 0;
  for (; !id.empty(); id = tree.at(id)) ++depth;
  return depth;
}

}  // namespace

absl::Status CheckPlaceInTree(const SectionTree& tree, const std::string& id, const std::string& parent_id) {
  const std::vector<std::string> moved = Subtree(tree, id);
  if (std::find(moved.begin(), moved.end(), parent_id) != moved.end()) {
    return SectionTreeInvalid(SectionName(id), "cycle");
  }
  int height = 1;
  if (tree.count(id) > 0) {
    for (const std::string& below : moved) height = std::max(height, Depth(tree, below) - Depth(tree, id) + 1);
  }
  if (Depth(tree, parent_id) + height <= kMaxSectionDepth) return absl::OkStatus();
  return SectionTreeInvalid(SectionName(id), "depth");
}

std::vector<std::string> Subtree(const SectionTree& tree, const std::string& id) {
  std::vector<std::string> found = {id};
  for (size_t i = 0; i < found.size(); ++i) {
    for (const auto& [child, parent] : tree) {
      if (parent == found[i]) found.push_back(child);
    }
  }
  return found;
}

std::string SectionUrlPath(absl::string_view path) { return absl::StrCat("/section/", path); }

void CheckSection(Section& section, FieldViolations& violations) {
  text::CheckLine("section.display_name", section.display_name, 200, /*required=*/true, violations);
  text::CheckText("section.description", section.description, 1000, /*required=*/false, violations);
  CheckTopicSlug("section.slug", section.display_name, section.id, section.slug, violations);
}

}  // namespace masthead::articles
