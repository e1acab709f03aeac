// Caps: how often a recipient wants to be told at most.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::notifications {

// At most `limit` messages within `window`, which goes with the time; of one category of topics, or of all if it is
// empty.
struct Cap {
  std::string category;
  int limit = 0;
  absl::Duration window;

  bool operator==(const Cap&) const = default;
};

// A message that was handed over, whatever was planned.
struct Told {
  absl::Time time;
  std::string category;
};

// Whether a message of `category` would be one too many `now`. What is as old as the window counts no more.
// Transactional letters are neither capped nor counted: leave them out.
bool CapReached(absl::Time now, absl::string_view category, const std::vector<Cap>& caps,
                const std::vector<Told>& told);

// How long what a recipient was told must be remembered: the longest window of `caps`.
absl::Duration LongestWindow(const std::vector<Cap>& caps);

}  // namespace masthead::notifications
