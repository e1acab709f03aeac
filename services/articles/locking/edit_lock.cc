#include "services/articles/locking/edit_lock.h"

#include "services/articles/article/article.h"
#include "services/articles/errors.h"

namespace masthead::articles {

absl::Status CheckLock(const std::optional<EditLock>& lock, const std::string& holder, const std::string& session_id,
                       absl::Time now) {
  if (!lock.has_value() || lock->expire_time <= now) return absl::OkStatus();
  if (lock->holder == holder && lock->session_id == session_id) return absl::OkStatus();
  return LockedBy(ArticleName(lock->article_id), lock->holder, lock->expire_time);
}

}  // namespace masthead::articles
