#include "services/articles/exchange/imported_topics.h"

#include <optional>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/ids/uuid.h"
#include "services/articles/article/slug.h"
#include "services/articles/taxonomy/announcements.h"
#include "services/articles/taxonomy/contributor_store.h"
#include "services/articles/taxonomy/kinds.h"
#include "services/articles/taxonomy/section_store.h"
#include "services/articles/taxonomy/tag_store.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxIdBytes = 63;
constexpr size_t kMaxBylines = 20;
constexpr size_t kMaxTags = 50;
constexpr int64_t kMaxNameCodePoints = 200;
constexpr int64_t kMaxDescriptionCodePoints = 1000;
constexpr int64_t kMaxBiographyCodePoints = 2000;

std::string SlugOf(const std::string& slug, const std::string& display_name) {
  return IsSlug(slug) ? slug : MakeSlug(slug.empty() ? display_name : slug, "");
}

// A resource ID that reads like `slug`: it begins with a letter and is no longer than IDs are.
std::string IdOf(const std::string& slug, absl::string_view collection) {
  std::string id = !slug.empty() && absl::ascii_isdigit(static_cast<unsigned char>(slug.front()))
                       ? absl::StrCat(collection, "-", slug)
                       : slug;
  if (id.size() > kMaxIdBytes) id.resize(kMaxIdBytes);
  while (absl::EndsWith(id, "-")) id.pop_back();
  return id;
}

template <typename Resource>
void Announced(db::Transaction& tx, Announcer& announcer, const Resource& resource) {
  Announce(tx, announcer, resource, Happening::kCreated);
}

// The contributor's ID; empty if none can be made of that.
std::string FindOrMakeContributor(db::Transaction& tx, Announcer& announcer, const ImportedAuthor& author,
                                  Losses& losses) {
  Contributor contributor;
  contributor.display_name = CutLine(author.display_name, kMaxNameCodePoints, "byline", losses);
  contributor.id = IdOf(SlugOf(author.slug, contributor.display_name), "contributor");
  if (contributor.id.empty()) {
    losses.Add("byline", author.display_name);
    return "";
  }
  if (LoadContributor(tx, contributor.id).has_value()) return contributor.id;
  contributor.biography = CutLine(author.biography, kMaxBiographyCodePoints, "biography", losses);
  contributor.kind = author.is_organization ? Contributor::Kind::kOrganization : Contributor::Kind::kPerson;
  FieldViolations violations;
  CheckContributor(contributor, violations);
  if (!violations.empty()) {
    losses.Add("byline", author.display_name);
    return "";
  }
  if (InsertContributor(tx, contributor)) Announced(tx, announcer, contributor);
  return contributor.id;
}

std::string FindOrMakeTag(db::Transaction& tx, Announcer& announcer, const ImportedTopic& topic, Losses& losses) {
  Tag tag;
  tag.display_name = CutLine(topic.display_name, kMaxNameCodePoints, "tag", losses);
  tag.slug = SlugOf(topic.slug, tag.display_name);
  tag.id = IdOf(tag.slug, "tag");
  const std::optional<Tag> known = tag.id.empty() ? std::nullopt : LoadTag(tx, tag.id);
  if (known.has_value()) return known->id;
  tag.description = CutLine(topic.description, kMaxDescriptionCodePoints, "description of a tag", losses);
  FieldViolations violations;
  if (!tag.id.empty()) CheckTag(tag, violations);
  if (tag.id.empty() || !violations.empty()) {
    losses.Add("tag", topic.display_name);
    return "";
  }
  const TopicWrite write = InsertTag(tx, tag);
  if (write.slug_holder_id.has_value()) return *write.slug_holder_id;
  if (!write.id_is_taken) Announced(tx, announcer, tag);
  return tag.id;
}

absl::StatusOr<std::string> FindOrMakeSection(db::Transaction& tx, Announcer& announcer,
                                              const std::vector<ImportedTopic>& path, Losses& losses) {
  std::string parent_id;
  std::string place;
  for (const ImportedTopic& topic : path) {
    Section section;
    section.parent_id = parent_id;
    section.display_name = CutLine(topic.display_name, kMaxNameCodePoints, "section", losses);
    section.slug = SlugOf(topic.slug, section.display_name);
    if (section.slug.empty()) {
      losses.Add("section", topic.display_name);
      return parent_id;
    }
    absl::StrAppend(&place, place.empty() ? "" : "/", section.slug);
    const std::optional<Section> known = LoadSectionAt(tx, place);
    if (known.has_value()) {
      parent_id = known->id;
      continue;
    }
    section.id = IdOf(section.slug, "section");
    if (LoadSection(tx, section.id).has_value()) section.id = ids::NewUuid();
    section.description = CutLine(topic.description, kMaxDescriptionCodePoints, "description of a section", losses);
    RETURN_IF_ERROR(SectionKind::Insert(tx, section));
    Announced(tx, announcer, section);
    parent_id = section.id;
  }
  return parent_id;
}

}  // namespace

absl::Status ResolveTopics(db::Transaction& tx, Announcer& announcer, const Item& item, const DefaultTopics& defaults,
                           Content& content, Losses& losses) {
  ASSIGN_OR_RETURN(content.section_id, FindOrMakeSection(tx, announcer, item.section, losses));
  if (content.section_id.empty()) content.section_id = defaults.section_id;
  for (const ImportedAuthor& author : item.authors) {
    const std::string id = FindOrMakeContributor(tx, announcer, author, losses);
    const bool is_there =
        absl::c_any_of(content.bylines, [&](const Byline& byline) { return byline.contributor_id == id; });
    if (id.empty() || is_there) continue;
    if (content.bylines.size() == kMaxBylines) {
      losses.Add("byline", author.display_name);
    } else {
      content.bylines.push_back({.contributor_id = id});
    }
  }
  if (content.bylines.empty() && !defaults.contributor_id.empty()) {
    content.bylines.push_back({.contributor_id = defaults.contributor_id});
  }
  for (const ImportedTopic& topic : item.tags) {
    const std::string id = FindOrMakeTag(tx, announcer, topic, losses);
    if (id.empty() || absl::c_linear_search(content.tag_ids, id)) continue;
    if (content.tag_ids.size() == kMaxTags) {
      losses.Add("tag", topic.display_name);
    } else {
      content.tag_ids.push_back(id);
    }
  }
  return absl::OkStatus();
}

}  // namespace masthead::articles
