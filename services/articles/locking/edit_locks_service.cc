#include "services/articles/locking/edit_locks_service.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_store.h"
#include "services/articles/errors.h"
#include "services/articles/locking/edit_lock.h"
#include "services/articles/locking/edit_lock_store.h"

namespace masthead::articles {
namespace {

constexpr absl::Duration kMinLease = absl::Seconds(10);

// The article's ID.
std::string ParseLockName(const std::string& name, FieldViolations& violations) {
  constexpr char kSuffix[] = "/editLock";
  absl::string_view article = name;
  if (absl::ConsumeSuffix(&article, kSuffix)) {
    if (const auto ids = resource::ParseName(article, "articles/*"); ids.has_value()) return ids->front();
  }
  violations.Add("name", "is no name articles/{article}/editLock");
  return "";
}

absl::Duration ParseLease(const v1::AcquireEditLockRequest& request, FieldViolations& violations) {
  if (!request.has_ttl()) return kDefaultLease;
  const absl::Duration lease = absl::Seconds(request.ttl().seconds()) + absl::Nanoseconds(request.ttl().nanos());
  if (lease < kMinLease || lease > kMaxLease) violations.Add("ttl", "is not 10 seconds to 30 minutes");
  return lease;
}

std::string LockName(const std::string& article_id) { return absl::StrCat(ArticleName(article_id), "/editLock"); }

v1::EditLock ToProto(const EditLock& lock) {
  v1::EditLock proto;
  proto.set_name(LockName(lock.article_id));
  proto.set_holder(lock.holder);
  proto.set_session_id(lock.session_id);
  *proto.mutable_acquire_time() = resource::ToTimestamp(lock.acquire_time);
  *proto.mutable_expire_time() = resource::ToTimestamp(lock.expire_time);
  return proto;
}

// The lock of an article that exists and is now locked by `tx`, if one stands.
absl::StatusOr<std::optional<EditLock>> LockToChange(db::Transaction& tx, const std::string& article_id,
                                                     idempotency::Change& change) {
  if (!LockArticle(tx, article_id).has_value()) return ArticleNotFound(ArticleName(article_id));
  change.resource = LockName(article_id);
  std::optional<EditLock> lock = LoadEditLock(tx, article_id);
  if (lock.has_value() && lock->expire_time <= Now(tx)) lock.reset();
  return lock;
}

}  // namespace

EditLocksService::EditLocksService(db::Database& database)
    : database_(database), service_(*v1::EditLock::descriptor()->file()->FindServiceByName("EditLocksService")) {
  service_.Unary("GetEditLock", this, &EditLocksService::Get);
  service_.Unary("AcquireEditLock", this, &EditLocksService::Acquire);
  service_.Unary("ReleaseEditLock", this, &EditLocksService::Release);
  service_.Unary("ForceReleaseEditLock", this, &EditLocksService::ForceRelease);
}

absl::StatusOr<v1::EditLock> EditLocksService::Get(const Call& call, const v1::GetEditLockRequest& request) {
  FieldViolations violations;
  const std::string id = ParseLockName(request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::EditLock> {
    RETURN_IF_ERROR(FindArticle(tx, id).status());
    const std::optional<EditLock> lock = LoadEditLock(tx, id);
    if (!lock.has_value() || lock->expire_time <= Now(tx)) return NotLocked(ArticleName(id));
    return ToProto(*lock);
  });
}

absl::StatusOr<v1::EditLock> EditLocksService::Acquire(const Call& call, const v1::AcquireEditLockRequest& request) {
  FieldViolations violations;
  const std::string id = ParseLockName(request.name(), violations);
  CheckSessionId(request.session_id(), violations);
  const absl::Duration lease = ParseLease(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const std::string holder = call.caller->principal();
  return idempotency::Mutate<v1::EditLock>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::EditLock> {
        ASSIGN_OR_RETURN(const std::optional<EditLock> standing, LockToChange(tx, id, change));
        const absl::Time now = Now(tx);
        RETURN_IF_ERROR(CheckLock(standing, holder, request.session_id(), now));
        const EditLock lock = {.article_id = id,
                               .holder = holder,
                               .session_id = request.session_id(),
                               .acquire_time = standing.has_value() ? standing->acquire_time : now,
                               .expire_time = now + lease};
        PutEditLock(tx, lock);
        return ToProto(lock);
      });
}

absl::StatusOr<google::protobuf::Empty> EditLocksService::Release(const Call& call,
                                                                  const v1::ReleaseEditLockRequest& request) {
  FieldViolations violations;
  const std::string id = ParseLockName(request.name(), violations);
  CheckSessionId(request.session_id(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<google::protobuf::Empty>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<google::protobuf::Empty> {
        ASSIGN_OR_RETURN(const std::optional<EditLock> standing, LockToChange(tx, id, change));
        const absl::Time now = Now(tx);
        RETURN_IF_ERROR(CheckLock(standing, call.caller->principal(), request.session_id(), now));
        RemoveEditLock(tx, id);
        return google::protobuf::Empty();
      });
}

absl::StatusOr<google::protobuf::Empty> EditLocksService::ForceRelease(const Call& call,
                                                                       const v1::ForceReleaseEditLockRequest& request) {
  FieldViolations violations;
  const std::string id = ParseLockName(request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<google::protobuf::Empty>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<google::protobuf::Empty> {
        RETURN_IF_ERROR(LockToChange(tx, id, change).status());
        RemoveEditLock(tx, id);
        return google::protobuf::Empty();
      });
}

}  // namespace masthead::articles
