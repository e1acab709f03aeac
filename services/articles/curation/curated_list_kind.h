// What is particular to curated lists among the kinds of the catalogue.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/db/database.h"
#include "masthead/articles/v1/curated_list.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/curation/curated_list.h"
#include "services/articles/curation/curated_list_store.h"
#include "services/articles/errors.h"

namespace masthead::articles {

struct CuratedListKind {
  using Resource = CuratedList;
  using Proto = v1::CuratedList;
  static constexpr char kField[] = "curated_list";
  static constexpr char kCollection[] = "curatedLists";
  static constexpr std::array<absl::string_view, 4> kMutableFields = {"display_name", "description", "filter",
                                                                      "max_items"};

  static absl::Status NotFound(const std::string& name) { return CuratedListNotFound(name); }
  static void ParseImmutable(const Proto& proto, Resource& list, FieldViolations& violations);
  static void Check(Resource& list, FieldViolations& violations) { CheckCuratedList(list, violations); }
  static std::optional<Resource> Load(db::Transaction& tx, const std::string& id) { return LoadCuratedList(tx, id); }
  static std::vector<Resource> LoadPage(db::Transaction& tx, const std::string& after, int limit) {
    return LoadCuratedLists(tx, after, limit);
  }
  static void BeforeLock(db::Transaction&) {}
  static std::optional<Resource> Lock(db::Transaction& tx, const std::string& id) { return LockCuratedList(tx, id); }
  static absl::Status Insert(db::Transaction& tx, Resource& list);
  static absl::Status Save(db::Transaction& tx, Announcer& announcer, const Resource& before, Resource& list);
  // Nothing in this service names a list.
  static absl::Status CheckUnused(db::Transaction&, const std::string&) { return absl::OkStatus(); }
  static void Remove(db::Transaction& tx, const std::string& id) { RemoveCuratedList(tx, id); }
};

}  // namespace masthead::articles
