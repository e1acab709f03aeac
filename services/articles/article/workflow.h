// What is said about an article beside its content on its way to readers, and back: plans, reviews, retractions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace masthead::articles {

// A plan to publish, and perhaps to withdraw; stays with the article after it was carried out.
struct Schedule {
  absl::Time publish_time;
  std::optional<absl::Time> unpublish_time;  // Later than publish_time.
  std::string time_zone;                     // IANA
  std::string local_publish_time;
  bool local_time_repeats = false;
  std::string local_unpublish_time;  // Empty without unpublish_time.
  bool local_unpublish_time_repeats = false;
  int64_t revision = 0;     // 0: the latest at that time.
  bool substantive = true;  // Of a change to what readers have: whether its substance changes.
  // When readers get it: the later of publish_time and the revision's embargo. Unset once that has happened.
  std::optional<absl::Time> due_time;

  bool follow_latest() const { return revision == 0; }
};

// A second pair of eyes.
struct Review {
  enum class Decision { kNone, kApproved, kChangesRequested };

  std::string requested_by;
  std::string assignee;  // `staffMembers/{staff_member}`; empty if anybody may decide.
  int64_t revision = 0;
  Decision decision = Decision::kNone;
  std::string decided_by;
  std::string comment;
  absl::Time update_time;
};

// Why readers find a notice instead of the article.
struct Retraction {
  std::string notice;
  absl::Time retract_time;
  std::string retracted_by;
};

}  // namespace masthead::articles
