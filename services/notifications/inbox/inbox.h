// The domain: a recipient's inbox as a log of entries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::notifications {

inline constexpr absl::Duration kInboxKept = absl::Hours(24 * 365);

struct InboxItem {
  int64_t seq = 0;
  std::string id;  // Of the message.
  std::string title;
  std::string body;
  std::string link;
  std::string article;  // `articles/{article}`, or empty.
  std::string severity = "NORMAL";
  absl::Time create_time;
  std::optional<absl::Time> seen_time;
  std::optional<absl::Time> read_time;
  std::optional<absl::Time> archive_time;
};

// Kinds are spelled as in the API and in the database.
struct InboxChange {
  int64_t seq = 0;
  std::string kind;
  int64_t up_to_seq = 0;           // 0 if it is about `items`.
  std::vector<std::string> items;  // IDs.
};

struct InboxHead {
  int64_t seq = 0;        // Of the newest entry.
  int64_t first_seq = 1;  // Every entry from here on is kept.
  int64_t unread = 0;     // As of `seq`, as `unseen`.
  int64_t unseen = 0;
};

std::string InboxItemName(absl::string_view recipient_id, absl::string_view item_id);

}  // namespace masthead::notifications
