#include "services/articles/editing/references.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/articles/taxonomy/taxonomy_store.h"

namespace masthead::articles {
namespace {

template <typename Resource>
std::set<std::string> Ids(const std::vector<Resource>& resources) {
  std::set<std::string> ids;
  for (const Resource& resource : resources) ids.insert(resource.id);
  return ids;
}

}  // namespace

absl::Status CheckReferences(db::Transaction& tx, const Content& content) {
  FieldViolations violations;
  if (!content.section_id.empty() && !LoadTopic(tx, Topic::Kind::kSection, content.section_id).has_value()) {
    violations.Add("article.section", "names no section");
  }
  const std::set<std::string> tags = Ids(LoadTopics(tx, Topic::Kind::kTag, content.tag_ids));
  for (size_t i = 0; i < content.tag_ids.size(); ++i) {
    if (tags.count(content.tag_ids[i]) == 0) violations.Add(absl::StrCat("article.tags[", i, "]"), "names no tag");
  }
  std::vector<std::string> contributor_ids;
  for (const Byline& byline : content.bylines) contributor_ids.push_back(byline.contributor_id);
  const std::set<std::string> contributors = Ids(LoadContributors(tx, contributor_ids));
  for (size_t i = 0; i < contributor_ids.size(); ++i) {
    if (contributors.count(contributor_ids[i]) == 0) {
      violations.Add(absl::StrCat("article.bylines[", i, "].contributor"), "names no contributor");
    }
  }
  return violations.ToStatus();
}

}  // namespace masthead::articles
