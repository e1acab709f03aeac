// What telephones and applications are told of messages: the pinned template's short text in the recipient's language,
// filled once for all who get the same.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "services/notifications/messages/message.h"
#include "services/notifications/sending/chunk_store.h"
#include "services/notifications/templates/filled_letter.h"

namespace masthead::notifications {

// Used by one thread at a time.
class ShortTexts {
 public:
  // `database` outlives this.
  explicit ShortTexts(db::Database& database) : database_(database) {}

  // Where the template has no text for a push, that of what the message is about; `sms` may be empty. INVALID_ARGUMENT
  // or FAILED_PRECONDITION if there can be none; the same for everybody who would get it.
  absl::StatusOr<ShortText> TextFor(const Message& message, const Due& due);

 private:
  using Key = std::tuple<int64_t, int, std::string>;  // Message, variant, locale.

  absl::StatusOr<ShortText> Fill(const Message& message, const Due& due);

  db::Database& database_;
  std::map<Key, absl::StatusOr<ShortText>> filled_;
};

}  // namespace masthead::notifications
