// The domain: a message, and what its counts say.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/messages/channels.h"

namespace masthead::notifications {

// candidates = deliveries + exclusions, whenever a transaction ends (except for a message that failed because they were
// not).
struct MessageCounts {
  int64_t candidates = 0;
  int64_t deliveries = 0;
  int64_t exclusions = 0;
  int64_t sent = 0;
  int64_t failed = 0;
  int64_t expired = 0;
  int64_t cancelled = 0;
  int64_t uncertain = 0;
  int64_t delivered = 0;  // These three were sent first.
  int64_t bounced = 0;
  int64_t complained = 0;

  int64_t pending() const {
    return deliveries - sent - delivered - bounced - complained - failed - expired - cancelled - uncertain;
  }
  bool operator==(const MessageCounts&) const = default;
};

// What the message is about; pinned when the message is made. Of a campaign: its title, what it begins with, where it
// leads to.
struct AlertText {
  std::string article;  // `articles/{article}`
  std::string headline;
  std::string dek;
  std::string byline;
  std::string url;
  std::string contact_address;
  std::string language_code;
};

// The templates of notices, and the value that says what was wrong.
inline constexpr char kCorrectionTemplate[] = "correction";
inline constexpr char kRetractionTemplate[] = "retraction";
inline constexpr char kCorrectionValue[] = "correction";

// The lane of transactional letters, and of nothing else.
inline constexpr char kCriticalLane[] = "CRITICAL";

// States, lanes and policies are spelled as in the API and in the database.
struct Message {
  int64_t number = 0;
  std::string id;
  std::string dedupe_key;
  std::string state = "PREPARING";
  std::string lane = "ALERT";
  std::string duplicate_policy = "AT_MOST_ONCE";
  std::vector<std::string> topics;  // IDs; none of a transactional letter.
  std::string template_id = "alert";
  int template_revision = 1;
  std::string source = "ALERT";
  std::string category = "ALERT";  // As of topics.
  Channels channels = kEmail;
  AlertText alert;
  std::string campaign;                       // The campaign's ID, or empty.
  std::map<std::string, std::string> values;  // Of its template, beyond what the alert says.
  std::string route;                          // The route's ID; empty for the default.
  int rate_per_minute = 0;                    // 0: no limit of its own.
  MessageCounts counts;
  // What of the outcomes there was when it was last let go on; `sent` includes what is delivered or uncertain.
  MessageCounts counts_when_resumed;
  absl::Time digest_time = absl::InfinitePast();  // Of a digest, when it was due.
  absl::Time create_time;
  absl::Time expire_time;
  std::optional<absl::Time> prepare_time;
  std::optional<absl::Time> finish_time;
  std::string failure;
  int64_t revision = 1;
};

std::string MessageName(absl::string_view id);

// Whether it is one letter to one address, because somebody's own act asks for it.
bool IsTransactional(const Message& message);

// Whether the message has an end: FINISHED, CANCELLED or FAILED.
bool HasEnded(const Message& message);

}  // namespace masthead::notifications
