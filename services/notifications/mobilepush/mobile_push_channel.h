// Messages to the newspaper's application on telephones and tablets.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "services/notifications/mobilepush/push_gateway.h"
#include "services/notifications/sending/channel.h"
#include "services/notifications/sending/short_texts.h"

namespace masthead::notifications::mobilepush {

class MobilePushChannel final : public Channel {
 public:
  // `database` and `targets_key`, which opens endpoints' targets, outlive this.
  MobilePushChannel(db::Database& database, const crypto::SealingKey& targets_key, std::unique_ptr<PushGateway> gateway)
      : targets_key_(targets_key), gateway_(std::move(gateway)), texts_(database) {}

  HandedOver Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                  absl::Time deadline) override;

 private:
  absl::StatusOr<PushNote> Write(const Message& message, const Due& due);

  const crypto::SealingKey& targets_key_;
  const std::unique_ptr<PushGateway> gateway_;
  ShortTexts texts_;
};

}  // namespace masthead::notifications::mobilepush
