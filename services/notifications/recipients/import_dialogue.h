// One call of ImportRecipients: a message of rows is one transaction and gets one answer.
#pragma once

#include <optional>

#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "masthead/notifications/v1/recipient_service.pb.h"

namespace masthead::notifications {

class ImportDialogue final : public rpc::Dialogue<v1::ImportRecipientsRequest, v1::ImportRecipientsResponse> {
 public:
  using Next = rpc::Next<v1::ImportRecipientsResponse>;

  // `database` outlives this.
  ImportDialogue(db::Database& database, const rpc::Call& call) : database_(database), call_(call) {}

  absl::Status Take(const Scope& scope, const v1::ImportRecipientsRequest& request) override;
  absl::Status TakeEnd(const Scope& scope) override;
  absl::StatusOr<Next> Ask(const Scope& scope) override;

 private:
  db::Database& database_;
  const rpc::Call call_;
  bool ended_ = false;
  int64_t rows_ = 0;  // Of the messages before.
  v1::ImportRecipientsResponse counts_;
  std::optional<v1::ImportRecipientsResponse> answer_;  // To the last message, until it is asked for.
};

}  // namespace masthead::notifications
