// A question to a meter, and its answer.
#pragma once

#include <cstdint>
#include <string>

#include "services/memberships/meters/meter.h"
#include "services/memberships/meters/meter_policy.h"

namespace masthead::memberships {

// Who is about to read what.
struct MeteredReading {
  std::string reader_key;
  ReaderKind kind = ReaderKind::kAnonymous;
  AccessLevel level = AccessLevel::kPlans;
  int64_t article_key = 0;
};

struct MeterAnswer {
  std::string policy_id;
  int32_t max_views = 0;
  bool allowed = false;
  Meter meter;
};

}  // namespace masthead::memberships
