#include "services/articles/curation/curated_list.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/text/text.h"

namespace masthead::articles {
namespace {

constexpr int64_t kMaxDisplayName = 120;
constexpr int64_t kMaxDescription = 1000;

}  // namespace

absl::string_view Name(CuratedList::Kind kind) {
  switch (kind) {
    case CuratedList::Kind::kManual:
      return "MANUAL";
    case CuratedList::Kind::kAutomatic:
      return "AUTOMATIC";
  }
  return "";
}

std::optional<CuratedList::Kind> ParseListKind(absl::string_view name) {
  for (const CuratedList::Kind kind : {CuratedList::Kind::kManual, CuratedList::Kind::kAutomatic}) {
    if (name == Name(kind)) return kind;
  }
  return std::nullopt;
}

std::string CuratedListName(absl::string_view id) { return absl::StrCat("curatedLists/", id); }

std::string ListRevisionName(absl::string_view list_id, int64_t number) {
  return absl::StrCat(CuratedListName(list_id), "/revisions/", number);
}

void CheckCuratedList(CuratedList& list, FieldViolations& violations) {
  text::CheckLine("curated_list.display_name", list.display_name, kMaxDisplayName, /*required=*/true, violations);
  text::CheckText("curated_list.description", list.description, kMaxDescription, /*required=*/false, violations);
  if (list.kind == CuratedList::Kind::kManual && !list.filter.empty()) {
    violations.Add("curated_list.filter", "is only for the kind AUTOMATIC");
  }
  if (list.max_items < 1 || list.max_items > kMaxListItems) {
    violations.Add("curated_list.max_items", absl::StrCat("is not between 1 and ", kMaxListItems));
  }
}

void CheckSlots(const CuratedList& list, const std::vector<Slot>& slots, FieldViolations& violations) {
  std::set<std::string> articles;
  std::set<int32_t> positions;
  for (size_t i = 0; i < slots.size(); ++i) {
    const std::string field = absl::StrCat("slots[", i, "]");
    const int32_t position = slots[i].position;
    if (!articles.insert(slots[i].article_id).second) violations.Add(field + ".article", "is there twice");
    if (position < 0 || position > list.max_items) {
      violations.Add(field + ".position", absl::StrCat("is not between 0 and the list's max_items, ", list.max_items));
    } else if (position > 0 && !positions.insert(position).second) {
      violations.Add(field + ".position", "is another slot's too");
    } else if (position == 0 && list.kind == CuratedList::Kind::kAutomatic) {
      violations.Add(field + ".position", "is required in an AUTOMATIC list");
    }
  }
}

}  // namespace masthead::articles
