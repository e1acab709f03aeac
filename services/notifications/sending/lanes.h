// Whose turn it is: lanes overtake one another, and none waits for ever.
#pragma once

#include <cstdint>

namespace masthead::notifications {

// Lanes as in the database, from the most urgent one to the least.
struct LaneRange {
  const char* first = "CRITICAL";
  const char* last = "BULK";

  bool operator==(const LaneRange&) const = default;
};

inline constexpr LaneRange kEveryLane;
inline constexpr LaneRange kCriticalLanes = {"CRITICAL", "CRITICAL"};
inline constexpr LaneRange kNewsLanes = {"CRITICAL", "BREAKING"};

// What a sender of every lane looks for first at its `turn`th lease: the most urgent of all, but one turn in twenty
// each of DIGEST, NEWSLETTER and BULK, however much news there is.
LaneRange LanesOfTurn(uint64_t turn);

}  // namespace masthead::notifications
