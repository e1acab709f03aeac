// Transactional letters in Postgres: what one says is there until its message has ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace masthead::notifications {

struct StoredLetter {
  bool to_address = false;  // That is sealed with it; else it goes to the recipient's endpoint.
  std::string locale;       // The recipient's if empty.
  std::string sealed;       // See sealed_letter.h.
};

// Where a member is reached.
struct MemberEndpoint {
  int64_t recipient_number = 0;
  int64_t endpoint_number = 0;
};

void InsertLetter(db::Transaction& tx, int64_t message_number, const StoredLetter& letter);
std::optional<StoredLetter> LoadLetter(db::Transaction& tx, int64_t message_number);

// Of a member who is active and has an address.
std::optional<MemberEndpoint> LoadMemberEndpoint(db::Transaction& tx, absl::string_view member_id);

// The newest revision; none if there is no such template for transactional letters.
std::optional<int> LoadNewestRevision(db::Transaction& tx, absl::string_view template_id);

}  // namespace masthead::notifications
