// What came of messages: the domain.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "services/notifications/messages/message.h"

namespace masthead::notifications {

struct EngagementCounts {
  int64_t opens = 0;
  int64_t machine_opens = 0;
  int64_t clicks = 0;
  int64_t machine_clicks = 0;
  int64_t openers = 0;
  int64_t clickers = 0;
};

struct ReportCounts {
  MessageCounts deliveries;
  int64_t bounced_hard = 0;
  int64_t bounced_soft = 0;
  int64_t bounced_policy = 0;
  int64_t unsubscribed = 0;
  EngagementCounts engagement;
};

struct MessageReport {
  struct Link {
    std::string url;
    int64_t clicks = 0;
    int64_t machine_clicks = 0;
  };

  ReportCounts counts;
  std::vector<std::pair<int, EngagementCounts>> variants;
  std::vector<Link> links;
};

struct TopicReport {
  int64_t message_count = 0;
  ReportCounts counts;
};

}  // namespace masthead::notifications
