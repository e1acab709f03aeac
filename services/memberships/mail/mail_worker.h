// Hands queued letters to notifications, until it has them or they are too old. The rows are the jobs: every replica
// runs this, and any of them may stop at any moment.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/worker/repeating_thread.h"
#include "grpcpp/channel.h"
#include "masthead/notifications/v1/transactional_service.grpc.pb.h"
#include "services/memberships/mail/mail_store.h"

namespace masthead::memberships {

class MailWorker {
 public:
  // `database` outlives this.
  MailWorker(db::Database& database, const std::shared_ptr<grpc::Channel>& notifications);

  void Start() { thread_.Start(); }
  // Waits for the letter in hand.
  void Stop() { thread_.Stop(); }

  // Hands over the most urgent letter; whether there was one.
  absl::StatusOr<bool> Step(const Scope& scope);

 private:
  absl::Duration SendAll(const Scope& scope);
  absl::Status Send(const DueMail& due);
  // What follows from the answer.
  absl::Status Settle(const Scope& scope, const DueMail& due, const absl::Status& sent);

  db::Database& database_;
  const std::unique_ptr<notifications::v1::TransactionalService::Stub> notifications_;
  worker::RepeatingThread thread_;
};

}  // namespace masthead::memberships
