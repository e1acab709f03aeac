// The face of the transactional lane: one letter, because somebody's own act asks for it.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/notifications/v1/transactional_service.pb.h"

namespace masthead::notifications {

class TransactionalService {
 public:
  // All outlive this; `asked` is rung when a letter is due.
  TransactionalService(db::Database& database, const crypto::SealingKey& letters_key, rpc::Bell& asked);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Message> Send(const Call&, const v1::SendTransactionalRequest&);

  db::Database& database_;
  const crypto::SealingKey& letters_key_;
  rpc::Bell& asked_;
  rpc::Service service_;
};

}  // namespace masthead::notifications
