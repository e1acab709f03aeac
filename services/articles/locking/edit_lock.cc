#include "services/articles/locking/edit_lock.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "services/articles/article/article.h"
#include "services/articles/errors.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxSessionBytes = 100;

}  // namespace

void CheckSessionId(const std::string& session_id, FieldViolations& violations) {
  const bool valid = !session_id.empty() && session_id.size() <= kMaxSessionBytes &&
                     absl::c_all_of(session_id, [](char c) { return absl::ascii_isprint(c); });
  if (!valid) violations.Add("session_id", "is not 1 to 100 bytes of printable ASCII");
}

absl::Status CheckLock(const std::optional<EditLock>& lock, const std::string& holder, const std::string& session_id,
                       absl::Time now) {
  if (!lock.has_value() || lock->expire_time <= now) return absl::OkStatus();
  if (lock->holder == holder && lock->session_id == session_id) return absl::OkStatus();
  return LockedBy(ArticleName(lock->article_id), lock->holder, lock->expire_time);
}

}  // namespace masthead::articles
