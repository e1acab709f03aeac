// Importing anonymous recipients: what a row says, and how many of them become recipients at once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {

struct ImportRow {
  std::string mailbox;
  std::string address_hash;
  std::string locale;
  std::string time_zone;
  std::vector<std::string> topic_ids;
  Consent consent;
  bool has_consent = false;
  std::string refusal;  // Why it is not imported; empty if it is.
};

struct ImportCounts {
  int64_t created = 0;
  int64_t known = 0;
};

// Imports those of `rows` that are not refused, and refuses those about members, erased addresses and unknown topics.
// Adds recipients, addresses and subscriptions that are missing, and changes none that is there: importing again
// changes nothing. One import at a time.
ImportCounts ImportRows(db::Transaction& tx, std::vector<ImportRow>& rows);

}  // namespace masthead::notifications
