// Letters through the smarthost.
#pragma once

#include <vector>

#include "services/notifications/mail/smtp_route.h"
#include "services/notifications/sending/channel.h"
#include "services/notifications/sending/letters.h"

namespace masthead::notifications {

class EmailChannel final : public Channel {
 public:
  // `database` outlives this.
  EmailChannel(db::Database& database, mail::SmtpRouteOptions route, Letters letters)
      : database_(database), route_(std::move(route)), letters_(std::move(letters)) {}

  HandedOver Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                  absl::Time deadline) override;
  void CloseIdle(absl::Duration idle) override { route_.CloseIdle(idle); }

 private:
  db::Database& database_;
  mail::SmtpRoute route_;
  Letters letters_;
};

}  // namespace masthead::notifications
