#include "services/notifications/sending/lanes.h"

namespace masthead::notifications {
namespace {

constexpr uint64_t kTurns = 20;

}  // namespace

LaneRange LanesOfTurn(uint64_t turn) {
  switch (turn % kTurns) {
    case 5:
      return {"DIGEST", "DIGEST"};
    case 11:
      return {"NEWSLETTER", "NEWSLETTER"};
    case 17:
      return {"BULK", "BULK"};
    default:
      return kEveryLane;
  }
}

}  // namespace masthead::notifications
