// Several curated lists as readers have them at one moment: who stands where, and what is shown of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/articles/curation/curated_list.h"
#include "services/articles/curation/resolution.h"
#include "services/articles/reading/gate.h"

namespace masthead::articles {

// A slot that is not shown, and why.
struct SkippedSlot {
  enum class Reason { kNotPublic, kInEarlierList, kBeyondEnd };

  Slot slot;
  Reason reason = Reason::kNotPublic;
};

struct ListOnPage {
  CuratedList list;  // With the slots that hold at that time.
  std::vector<PlacedArticle> placed;
  std::vector<SkippedSlot> skipped;
};

struct FrontPage {
  absl::Time time;
  std::vector<ListOnPage> lists;
  std::map<std::string, GatedArticle> articles;  // By ID; as anybody may have them.
  // Until something on it may change by time alone; nullopt if nothing is planned.
  std::optional<absl::Duration> lasts;
};

}  // namespace masthead::articles
