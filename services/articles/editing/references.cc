#include "services/articles/editing/references.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/articles/article/block_rules.h"
#include "services/articles/publishing/dead_end_store.h"
#include "services/articles/taxonomy/contributor_store.h"
#include "services/articles/taxonomy/place_store.h"
#include "services/articles/taxonomy/section_store.h"
#include "services/articles/taxonomy/tag_store.h"

namespace masthead::articles {
namespace {

template <typename Resource>
std::map<std::string, Resource> ById(std::vector<Resource> resources) {
  std::map<std::string, Resource> by_id;
  for (Resource& resource : resources) by_id.emplace(resource.id, std::move(resource));
  return by_id;
}

// Every one of `ids` must be in `known`.
template <typename Resource>
void CheckEach(const std::vector<std::string>& ids, const std::map<std::string, Resource>& known,
               absl::string_view field, absl::string_view rest, absl::string_view complaint,
               FieldViolations& violations) {
  for (size_t i = 0; i < ids.size(); ++i) {
    if (known.count(ids[i]) == 0) violations.Add(absl::StrCat(field, "[", i, "]", rest), complaint);
  }
}

void CheckSections(db::Transaction& tx, const Content& content, FieldViolations& violations) {
  std::vector<std::string> ids = content.additional_section_ids;
  if (!content.section_id.empty()) ids.push_back(content.section_id);
  if (ids.empty()) return;
  const auto sections = ById(HoldSections(tx, ids));
  if (!content.section_id.empty() && sections.count(content.section_id) == 0) {
    violations.Add("article.section", "names no section");
  }
  CheckEach(content.additional_section_ids, sections, "article.additional_sections", "", "names no section",
            violations);
}

void CheckPlaces(db::Transaction& tx, const Content& content, FieldViolations& violations) {
  if (content.place_ids.empty()) return;
  CheckEach(content.place_ids, ById(HoldPlaces(tx, content.place_ids)), "article.places", "", "names no place",
            violations);
}

void CheckBylines(db::Transaction& tx, const Content& content, FieldViolations& violations) {
  if (content.bylines.empty()) return;
  std::vector<std::string> ids;
  for (const Byline& byline : content.bylines) ids.push_back(byline.contributor_id);
  CheckEach(ids, ById(HoldContributors(tx, ids)), "article.bylines", ".contributor", "names no contributor",
            violations);
}

void ResolveTags(db::Transaction& tx, Content& content, FieldViolations& violations) {
  if (content.tag_ids.empty()) return;
  const auto tags = ById(HoldTags(tx, content.tag_ids));
  std::vector<std::string> resolved;
  std::set<std::string> seen;
  for (size_t i = 0; i < content.tag_ids.size(); ++i) {
    const auto tag = tags.find(content.tag_ids[i]);
    if (tag == tags.end()) {
      violations.Add(absl::StrCat("article.tags[", i, "]"), "names no tag");
      continue;
    }
    const std::string& merged_into = tag->second.merged_into_id;
    const std::string& id = merged_into.empty() ? tag->first : merged_into;
    if (seen.insert(id).second) resolved.push_back(id);
  }
  content.tag_ids = std::move(resolved);
}

bool Names(const std::vector<BlockReference>& references, const std::string& id) {
  return absl::c_any_of(references, [&](const BlockReference& reference) { return reference.id == id; });
}

void CheckBlocks(db::Transaction& tx, const Content& before, const Content& content, FieldViolations& violations) {
  const DeadEnds dead = FindDeadEnds(tx, content.body);
  if (dead.articles.empty() && dead.live_coverages.empty()) return;
  const BlockReferences former = ReferencesOf("", before.body);
  for (const BlockReference& reference : dead.articles) {
    if (!Names(former.articles, reference.id)) violations.Add(reference.field, "names no article");
  }
  for (const BlockReference& reference : dead.live_coverages) {
    if (!Names(former.live_coverages, reference.id)) violations.Add(reference.field, "names no live coverage");
  }
}

}  // namespace

absl::Status ResolveReferences(db::Transaction& tx, const Content& before, Content& content, bool refers_ahead) {
  FieldViolations violations;
  CheckSections(tx, content, violations);
  ResolveTags(tx, content, violations);
  CheckPlaces(tx, content, violations);
  CheckBylines(tx, content, violations);
  if (!refers_ahead) CheckBlocks(tx, before, content, violations);
  return violations.ToStatus();
}

}  // namespace masthead::articles
