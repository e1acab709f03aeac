// A token bucket in whole numbers: a rate of 1019 a minute yields 1019 in a minute, not 60 times 16.
#pragma once

#include <cstdint>

#include "absl/time/time.h"

namespace masthead::notifications {

struct TokenBucket {
  // In units of which a token is 60,000,000: a microsecond earns as many as the rate a minute. Below zero after what
  // could not wait.
  int64_t credit = 0;
  absl::Time time = absl::UnixEpoch();  // Up to when it was earned.
};

inline constexpr int64_t kCreditOfToken = 60'000'000;

// What is earned while nobody takes is kept for so long only.
inline constexpr absl::Duration kBucketDepth = absl::Seconds(5);

// Takes up to `wanted` tokens; returns how many there were. The clock may go backwards: nothing is earned then.
int64_t TakeTokens(TokenBucket& bucket, int64_t rate_per_minute, absl::Time now, int64_t wanted);

// Takes `count` tokens, whether they are there or not: whoever comes after waits the longer.
void ForceTokens(TokenBucket& bucket, int64_t rate_per_minute, absl::Time now, int64_t count);

// How long until the `n`th token from now (the first is 1) will be there, if nobody else takes any.
absl::Duration UntilToken(const TokenBucket& bucket, int64_t rate_per_minute, int64_t n);

}  // namespace masthead::notifications
