// The gRPC face of edit locks: each RPC one method.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/articles/v1/edit_locks_service.pb.h"

namespace masthead::articles {

class EditLocksService {
 public:
  explicit EditLocksService(db::Database& database);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::EditLock> Get(const Call&, const v1::GetEditLockRequest&);
  absl::StatusOr<v1::EditLock> Acquire(const Call&, const v1::AcquireEditLockRequest&);
  absl::StatusOr<google::protobuf::Empty> Release(const Call&, const v1::ReleaseEditLockRequest&);
  absl::StatusOr<google::protobuf::Empty> ForceRelease(const Call&, const v1::ForceReleaseEditLockRequest&);

  db::Database& database_;
  rpc::Service service_;
};

}  // namespace masthead::articles
