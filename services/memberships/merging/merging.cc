#include "services/memberships/merging/merging.h"

#include <algorithm>

namespace masthead::memberships {

std::map<std::string, std::string> Union(std::map<std::string, std::string> kept,
                                         const std::map<std::string, std::string>& merged, size_t limit) {
  for (const auto& [key, value] : merged) {
    if (kept.size() >= limit) break;
    kept.emplace(key, value);
  }
  return kept;
}

void TakeFrom(const Member& merged, Member& kept) {
  kept.labels = Union(std::move(kept.labels), merged.labels, kMaxMemberLabels);
  kept.custom_fields = Union(std::move(kept.custom_fields), merged.custom_fields, kMaxCustomFields);
  if (kept.note.empty()) kept.note = merged.note;
  if (kept.display_name.empty()) kept.display_name = merged.display_name;
  if (kept.locale.empty()) kept.locale = merged.locale;
  if (kept.time_zone.empty()) kept.time_zone = merged.time_zone;
}

std::vector<Consent> LaterWords(const std::vector<Consent>& kept, const std::vector<Consent>& merged) {
  std::vector<Consent> later;
  for (const Consent& said : merged) {
    const auto other = std::find_if(kept.begin(), kept.end(),
                                    [&](const Consent& consent) { return consent.topic_id == said.topic_id; });
    const bool wins = other == kept.end() || said.record_time > other->record_time ||
                      (said.record_time == other->record_time && other->granted && !said.granted);
    if (wins) later.push_back(said);
  }
  return later;
}

}  // namespace masthead::memberships
