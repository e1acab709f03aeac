// The domain: by which smarthost letters leave, whose signature they bear, how fast they may go.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/notifications/mail/smtp_route_options.h"
#include "services/notifications/routes/warm_up.h"

namespace masthead::notifications {

// Its name in messages is empty; the service's flags make it.
inline constexpr char kDefaultRoute[] = "default";

struct Route {
  std::string id = kDefaultRoute;
  mail::SmtpRouteOptions smtp;
  std::string dkim_domain;
  std::vector<std::string> dkim_selectors;  // A signature each; none: the smarthost signs.
  int64_t rate_per_minute = 0;              // 0: no limit.
  int64_t domain_rate_per_minute = 0;       // To each recipient domain; 0: no limit.
  WarmUp warm_up;
  int warm_up_day = 0;  // Today's, when it was loaded.
  int64_t revision = 0;

  bool has_rates() const { return rate_per_minute > 0 || domain_rate_per_minute > 0 || warm_up.days > 0; }
};

}  // namespace masthead::notifications
