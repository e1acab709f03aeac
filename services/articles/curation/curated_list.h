// Lists that editors curate: what they are, and what may be put into them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::articles {

struct Slot {
  std::string article_id;
  int32_t position = 0;  // From 1; 0: wherever there is room, in the order of the slots.

  bool operator==(const Slot&) const = default;
};

struct CuratedList {
  enum class Kind { kManual, kAutomatic };

  std::string id;
  int64_t version = 1;  // Counts writes, and schedules that took effect.
  Kind kind = Kind::kManual;
  std::string display_name;
  std::string description;
  std::string filter;  // Of kAutomatic.
  int32_t max_items = 0;
  int64_t last_revision = 0;  // That was written, for whatever time.
  int64_t revision = 0;       // That holds; 0 for none.
  std::vector<Slot> slots;    // Its slots.
  std::string slots_editor;
  absl::Time slots_time;
  std::optional<absl::Time> next_effective_time;  // Of slots that are scheduled.
  absl::Time create_time;
  absl::Time update_time;

  bool operator==(const CuratedList&) const = default;
};

// Slots that hold from a time on, until others do.
struct ListRevision {
  std::string list_id;
  int64_t number = 0;
  bool scheduled = false;
  absl::Time effective_time;
  std::vector<Slot> slots;
  std::string editor;
  absl::Time create_time;
};

inline constexpr int kMaxListItems = 100;
inline constexpr int kMaxSlots = 200;

// The one spelling of a kind: in the API and in the database.
absl::string_view Name(CuratedList::Kind kind);
std::optional<CuratedList::Kind> ParseListKind(absl::string_view name);

std::string CuratedListName(absl::string_view id);
std::string ListRevisionName(absl::string_view list_id, int64_t number);

// Normalises and checks, as the field `curated_list` of a request. What a filter says is not checked here.
void CheckCuratedList(CuratedList& list, FieldViolations& violations);

// The field `slots` of a request, for that list.
void CheckSlots(const CuratedList& list, const std::vector<Slot>& slots, FieldViolations& violations);

}  // namespace masthead::articles
