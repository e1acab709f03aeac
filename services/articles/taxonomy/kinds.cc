#include "services/articles/taxonomy/kinds.h"

#include <map>

#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/articles/article/article.h"
#include "services/articles/taxonomy/announcements.h"
#include "services/articles/taxonomy/taxonomy_proto.h"
#include "services/articles/taxonomy/usage_store.h"

namespace masthead::articles {
namespace {

constexpr char kArticles[] = "articles";

// Sections whose path hangs on `before`'s, as they are before the change; `before` first.
std::vector<Section> WithAllBelow(db::Transaction& tx, const SectionTree& tree, const Section& before) {
  std::vector<std::string> below = Subtree(tree, before.id);
  below.erase(below.begin());
  std::vector<Section> affected = LoadSections(tx, below);
  affected.insert(affected.begin(), before);
  return affected;
}

}  // namespace

void ContributorKind::ParseImmutable(const Proto& proto, Resource& contributor, FieldViolations& violations) {
  contributor.kind = ParseKind(proto.kind(), violations);
}

absl::Status ContributorKind::Insert(db::Transaction& tx, Resource& contributor) {
  return InsertContributor(tx, contributor) ? absl::OkStatus() : ContributorIdTaken(ContributorName(contributor.id));
}

absl::Status ContributorKind::Save(db::Transaction& tx, Announcer&, const Resource&, Resource& contributor) {
  SaveContributor(tx, contributor);
  return absl::OkStatus();
}

absl::Status ContributorKind::CheckUnused(db::Transaction& tx, const std::string& id) {
  return IsContributorUsed(tx, id) ? InUse(ContributorName(id), kArticles) : absl::OkStatus();
}

void SectionKind::ParseImmutable(const Proto& proto, Resource& section, FieldViolations& violations) {
  if (proto.parent().empty()) return;
  absl::string_view id = proto.parent();
  if (!absl::ConsumePrefix(&id, "sections/") || id.empty()) {
    violations.Add("section.parent", "is no name sections/{section}");
    return;
  }
  section.parent_id = std::string(id);
}

absl::Status SectionKind::Insert(db::Transaction& tx, Resource& section) {
  const SectionTree tree = LockTree(tx);
  if (!section.parent_id.empty() && tree.count(section.parent_id) == 0) {
    return SectionNotFound(SectionName(section.parent_id));
  }
  if (tree.count(section.id) > 0) return SectionIdTaken(SectionName(section.id));
  RETURN_IF_ERROR(CheckPlaceInTree(tree, section.id, section.parent_id));
  const TopicWrite write = InsertSection(tx, section);
  if (write.slug_holder_id.has_value()) return SlugTaken(section.slug, SectionName(*write.slug_holder_id));
  return absl::OkStatus();
}

absl::Status SectionKind::Save(db::Transaction& tx, Announcer& announcer, const Resource& before, Resource& section) {
  const bool moves = section.slug != before.slug || section.parent_id != before.parent_id;
  std::vector<Section> affected;
  if (moves) affected = WithAllBelow(tx, LockTree(tx), before);
  const TopicWrite write = SaveSection(tx, section);
  if (write.slug_holder_id.has_value()) return SlugTaken(section.slug, SectionName(*write.slug_holder_id));
  if (!moves) return absl::OkStatus();
  RedirectFormerPaths(tx, affected);
  std::vector<std::string> below;
  for (size_t i = 1; i < affected.size(); ++i) below.push_back(affected[i].id);
  for (const Section& moved : TouchSections(tx, below)) Announce(tx, announcer, moved, Happening::kUpdated);
  return absl::OkStatus();
}

absl::Status SectionKind::CheckUnused(db::Transaction& tx, const std::string& id) {
  for (const auto& [child, parent] : LockTree(tx)) {
    if (parent == id) return InUse(SectionName(id), "sections");
  }
  return IsSectionUsed(tx, id) ? InUse(SectionName(id), kArticles) : absl::OkStatus();
}

absl::Status TagKind::Insert(db::Transaction& tx, Resource& tag) {
  const TopicWrite write = InsertTag(tx, tag);
  if (write.id_is_taken) return TagIdTaken(TagName(tag.id));
  if (write.slug_holder_id.has_value()) return SlugTaken(tag.slug, TagName(*write.slug_holder_id));
  return absl::OkStatus();
}

absl::Status TagKind::Save(db::Transaction& tx, Announcer&, const Resource&, Resource& tag) {
  const TopicWrite write = SaveTag(tx, tag);
  if (write.slug_holder_id.has_value()) return SlugTaken(tag.slug, TagName(*write.slug_holder_id));
  return absl::OkStatus();
}

absl::Status TagKind::CheckUnused(db::Transaction& tx, const std::string& id) {
  if (IsMergeTarget(tx, id)) return InUse(TagName(id), "tags");
  return IsTagUsed(tx, id) ? InUse(TagName(id), kArticles) : absl::OkStatus();
}

absl::Status PlaceKind::Insert(db::Transaction& tx, Resource& place) {
  return InsertPlace(tx, place) ? absl::OkStatus() : PlaceIdTaken(PlaceName(place.id));
}

absl::Status PlaceKind::Save(db::Transaction& tx, Announcer&, const Resource&, Resource& place) {
  SavePlace(tx, place);
  return absl::OkStatus();
}

absl::Status PlaceKind::CheckUnused(db::Transaction& tx, const std::string& id) {
  return IsPlaceUsed(tx, id) ? InUse(PlaceName(id), kArticles) : absl::OkStatus();
}

}  // namespace masthead::articles
