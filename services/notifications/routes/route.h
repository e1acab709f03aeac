// The domain: by which smarthost letters leave, whose signature they bear, how fast they may go.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
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
  int warm_up_day = 0;            // Today's, when it was loaded.
  absl::Time warm_up_start = {};  // The first day's beginning, in UTC.
  std::string sealed_password;    // Of smtp.user; see route_password.h.
  int64_t revision = 0;
  absl::Time create_time = {};
  absl::Time update_time = {};

  bool has_rates() const { return rate_per_minute > 0 || domain_rate_per_minute > 0 || warm_up.days > 0; }
};

std::string RouteName(absl::string_view id);

}  // namespace masthead::notifications
