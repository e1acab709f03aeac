// Issues in Postgres: pinned when their message is made, so that an article's later edit changes no letter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/notifications/issues/issue.h"

namespace masthead::notifications {

// Of a message that InsertMessage has just made, in the same transaction.
void InsertIssue(db::Transaction& tx, int64_t message_number,
                 const std::vector<articles::v1::NewsletterContent>& articles);

// What is known of a recipient who reads letters.
struct KnownReader {
  std::string locale;
  Standing standing;
};

// Of a recipient that was not deleted.
std::optional<KnownReader> LoadReader(db::Transaction& tx, absl::string_view recipient_id);

// The articles as of ToBytes. None if the message is no newsletter issue.
std::vector<std::string> LoadIssue(db::Transaction& tx, int64_t message_number);

}  // namespace masthead::notifications
