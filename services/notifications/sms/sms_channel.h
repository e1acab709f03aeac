// Messages to telephones.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "services/notifications/sending/channel.h"
#include "services/notifications/sending/short_texts.h"
#include "services/notifications/sms/sms_gateway.h"

namespace masthead::notifications::sms {

class SmsChannel final : public Channel {
 public:
  // `database` and `targets_key`, which opens endpoints' targets, outlive this. `max_segments` is what a text may take.
  SmsChannel(db::Database& database, const crypto::SealingKey& targets_key, std::unique_ptr<SmsGateway> gateway,
             int max_segments)
      : targets_key_(targets_key), max_segments_(max_segments), gateway_(std::move(gateway)), texts_(database) {}

  HandedOver Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                  absl::Time deadline) override;

 private:
  absl::StatusOr<ShortMessage> Write(const Message& message, const Due& due, absl::Time now);
  // The template's text as it is; without one, headline and link, as much of them as fits.
  absl::StatusOr<std::string> TextFor(const Message& message, const Due& due);

  const crypto::SealingKey& targets_key_;
  const int max_segments_;
  const std::unique_ptr<SmsGateway> gateway_;
  ShortTexts texts_;
};

}  // namespace masthead::notifications::sms
