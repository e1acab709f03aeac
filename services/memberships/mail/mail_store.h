// The queue of letters, in Postgres.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/mail/letter.h"

namespace masthead::memberships {

// Address and values of `mail` are in `sealed` only. Nothing is kept unless `queued`: the same work all the same.
void InsertMail(db::Transaction& tx, const std::string& id, const OutgoingMail& mail, const std::string& sealed,
                bool urgent, absl::Time now, bool queued);

// A letter whose turn has come, as it lies in the queue.
struct DueMail {
  std::string id;  // A UUID; that of the request to notifications.
  std::string sealed;
  OutgoingMail mail;  // Without address and values, which are sealed.
  int attempts = 0;   // This one included.
  absl::Time now;     // Of the database.
};

// The most urgent letter that is due, for whoever calls: nobody else gets it for the time of `lease`.
std::optional<DueMail> TakeDueMail(db::Transaction& tx, absl::Duration lease);

// To be tried again after `wait`.
void PostponeMail(db::Transaction& tx, const std::string& id, absl::Duration wait);

// It is sent, or given up: nothing of it stays.
void RemoveMail(db::Transaction& tx, const std::string& id);

}  // namespace masthead::memberships
