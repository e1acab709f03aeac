#include "services/notifications/routes/token_bucket.h"

#include <algorithm>

namespace masthead::notifications {
namespace {

// At least one token: the slowest rate is a rate.
int64_t MaxCredit(int64_t rate_per_minute) {
  return std::max(kCreditOfToken, rate_per_minute * absl::ToInt64Microseconds(kBucketDepth));
}

void Earn(TokenBucket& bucket, int64_t rate_per_minute, absl::Time now) {
  if (now <= bucket.time) return;
  // Nobody's credit is so deep that an hour would not fill it.
  const int64_t elapsed = absl::ToInt64Microseconds(std::min(now - bucket.time, absl::Hours(1)));
  bucket.credit = std::min(MaxCredit(rate_per_minute), bucket.credit + elapsed * rate_per_minute);
  bucket.time = now;
}

}  // namespace

int64_t TakeTokens(TokenBucket& bucket, int64_t rate_per_minute, absl::Time now, int64_t wanted) {
  Earn(bucket, rate_per_minute, now);
  const int64_t taken = std::clamp<int64_t>(bucket.credit / kCreditOfToken, 0, wanted);
  bucket.credit -= taken * kCreditOfToken;
  return taken;
}

void ForceTokens(TokenBucket& bucket, int64_t rate_per_minute, absl::Time now, int64_t count) {
  Earn(bucket, rate_per_minute, now);
  bucket.credit -= count * kCreditOfToken;
}

absl::Duration UntilToken(const TokenBucket& bucket, int64_t rate_per_minute, int64_t n) {
  const int64_t missing = n * kCreditOfToken - bucket.credit;
  if (missing <= 0) return absl::ZeroDuration();
  return absl::Microseconds((missing + rate_per_minute - 1) / rate_per_minute);
}

}  // namespace masthead::notifications
