// What is particular to each kind of the catalogue.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/db/database.h"
#include "masthead/articles/v1/contributor.pb.h"
#include "masthead/articles/v1/place.pb.h"
#include "masthead/articles/v1/section.pb.h"
#include "masthead/articles/v1/tag.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/errors.h"
#include "services/articles/taxonomy/contributor_store.h"
#include "services/articles/taxonomy/place_store.h"
#include "services/articles/taxonomy/section_store.h"
#include "services/articles/taxonomy/tag_store.h"

namespace masthead::articles {

struct ContributorKind {
  using Resource = Contributor;
  using Proto = v1::Contributor;
  static constexpr char kField[] = "contributor";
  static constexpr char kCollection[] = "contributors";
  static constexpr std::array<absl::string_view, 3> kMutableFields = {"display_name", "biography", "contact_email"};

  static absl::Status NotFound(const std::string& name) { return ContributorNotFound(name); }
  static void ParseImmutable(const Proto& proto, Resource& contributor, FieldViolations& violations);
  static void Check(Resource& contributor, FieldViolations& violations) { CheckContributor(contributor, violations); }
  static std::optional<Resource> Load(db::Transaction& tx, const std::string& id) { return LoadContributor(tx, id); }
  static std::vector<Resource> LoadPage(db::Transaction& tx, const std::string& after, int limit) {
    return LoadContributors(tx, after, limit);
  }
  static void BeforeLock(db::Transaction&) {}
  static std::optional<Resource> Lock(db::Transaction& tx, const std::string& id) { return LockContributor(tx, id); }
  static absl::Status Insert(db::Transaction& tx, Resource& contributor);
  static absl::Status Save(db::Transaction& tx, Announcer& announcer, const Resource& before, Resource& contributor);
  static absl::Status CheckUnused(db::Transaction& tx, const std::string& id);
  static void Remove(db::Transaction& tx, const std::string& id) { RemoveContributor(tx, id); }
};

struct SectionKind {
  using Resource = Section;
  using Proto = v1::Section;
  static constexpr char kField[] = "section";
  static constexpr char kCollection[] = "sections";
  static constexpr std::array<absl::string_view, 3> kMutableFields = {"display_name", "slug", "description"};

  static absl::Status NotFound(const std::string& name) { return SectionNotFound(name); }
  static void ParseImmutable(const Proto& proto, Resource& section, FieldViolations& violations);
  static void Check(Resource& section, FieldViolations& violations) { CheckSection(section, violations); }
  static std::optional<Resource> Load(db::Transaction& tx, const std::string& id) { return LoadSection(tx, id); }
  static std::vector<Resource> LoadPage(db::Transaction& tx, const std::string& after, int limit) {
    return LoadSections(tx, after, limit);
  }
  // The tree before a section: that is the order of locks.
  static void BeforeLock(db::Transaction& tx) { LockTree(tx); }
  static std::optional<Resource> Lock(db::Transaction& tx, const std::string& id) { return LockSection(tx, id); }
  static absl::Status Insert(db::Transaction& tx, Resource& section);
  // Another slug or parent gives another path to all sections below, too: they are saved and announced with it, and the
  // former paths redirect.
  static absl::Status Save(db::Transaction& tx, Announcer& announcer, const Resource& before, Resource& section);
  static absl::Status CheckUnused(db::Transaction& tx, const std::string& id);
  static void Remove(db::Transaction& tx, const std::string& id) { RemoveSection(tx, id); }
};

struct TagKind {
  using Resource = Tag;
  using Proto = v1::Tag;
  static constexpr char kField[] = "tag";
  static constexpr char kCollection[] = "tags";
  static constexpr std::array<absl::string_view, 3> kMutableFields = {"display_name", "slug", "description"};

  static absl::Status NotFound(const std::string& name) { return TagNotFound(name); }
  static void ParseImmutable(const Proto&, Resource&, FieldViolations&) {}
  static void Check(Resource& tag, FieldViolations& violations) { CheckTag(tag, violations); }
  static std::optional<Resource> Load(db::Transaction& tx, const std::string& id) { return LoadTag(tx, id); }
  static std::vector<Resource> LoadPage(db::Transaction& tx, const std::string& after, int limit) {
    return LoadTags(tx, after, limit);
  }
  static void BeforeLock(db::Transaction&) {}
  static std::optional<Resource> Lock(db::Transaction& tx, const std::string& id) { return LockTag(tx, id); }
  static absl::Status Insert(db::Transaction& tx, Resource& tag);
  static absl::Status Save(db::Transaction& tx, Announcer& announcer, const Resource& before, Resource& tag);
  static absl::Status CheckUnused(db::Transaction& tx, const std::string& id);
  static void Remove(db::Transaction& tx, const std::string& id) { RemoveTag(tx, id); }
};

struct PlaceKind {
  using Resource = Place;
  using Proto = v1::Place;
  static constexpr char kField[] = "place";
  static constexpr char kCollection[] = "places";
  static constexpr std::array<absl::string_view, 3> kMutableFields = {"display_name", "country_code", "location"};

  static absl::Status NotFound(const std::string& name) { return PlaceNotFound(name); }
  static void ParseImmutable(const Proto&, Resource&, FieldViolations&) {}
  static void Check(Resource& place, FieldViolations& violations) { CheckPlace(place, violations); }
  static std::optional<Resource> Load(db::Transaction& tx, const std::string& id) { return LoadPlace(tx, id); }
  static std::vector<Resource> LoadPage(db::Transaction& tx, const std::string& after, int limit) {
    return LoadPlaces(tx, after, limit);
  }
  static void BeforeLock(db::Transaction&) {}
  static std::optional<Resource> Lock(db::Transaction& tx, const std::string& id) { return LockPlace(tx, id); }
  static absl::Status Insert(db::Transaction& tx, Resource& place);
  static absl::Status Save(db::Transaction& tx, Announcer& announcer, const Resource& before, Resource& place);
  static absl::Status CheckUnused(db::Transaction& tx, const std::string& id);
  static void Remove(db::Transaction& tx, const std::string& id) { RemovePlace(tx, id); }
};

}  // namespace masthead::articles
