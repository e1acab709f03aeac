// How much a new sending address may send a day, until mailbox providers know it.
#pragma once

#include <cstdint>

namespace masthead::notifications {

struct WarmUp {
  int64_t start = 0;  // Messages on the first day.
  int64_t end = 0;    // On the last.
  int days = 0;       // 0: none.
};

// Messages on `day`, which counts from 0: from `start` to `end` by the same factor each day, rounded. After the last
// day there is no limit: -1.
int64_t WarmUpLimit(const WarmUp& warm_up, int day);

}  // namespace masthead::notifications
