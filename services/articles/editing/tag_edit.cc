#include "services/articles/editing/tag_edit.h"

#include "absl/algorithm/container.h"

namespace masthead::articles {

std::vector<std::string> Apply(const TagEdit& edit, const std::vector<std::string>& tag_ids) {
  std::vector<std::string> edited;
  for (const std::string& id : tag_ids) {
    if (!absl::c_linear_search(edit.remove, id)) edited.push_back(id);
  }
  for (const std::string& id : edit.add) {
    if (!absl::c_linear_search(edited, id)) edited.push_back(id);
  }
  return edited;
}

}  // namespace masthead::articles
