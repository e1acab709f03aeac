// Who is at an article: a lease, so that nobody's open window holds others up for long. Plain values in, plain values
// out.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::articles {

struct EditLock {
  std::string article_id;
  std::string holder;      // The subject of the holder's credentials: `staffMembers/olena`.
  std::string session_id;  // One of the holder's sessions; two windows of one editor are two.
  absl::Time acquire_time;
  absl::Time expire_time;
};

inline constexpr absl::Duration kDefaultLease = absl::Minutes(5);
inline constexpr absl::Duration kMaxLease = absl::Minutes(30);

// 1 to 100 bytes of printable ASCII.
void CheckSessionId(const std::string& session_id, FieldViolations& violations);

// Whether `holder` may write in `session_id` while `lock` stands, or may take it. LOCKED_BY unless the lock is theirs,
// or has expired.
absl::Status CheckLock(const std::optional<EditLock>& lock, const std::string& holder, const std::string& session_id,
                       absl::Time now);

}  // namespace masthead::articles
