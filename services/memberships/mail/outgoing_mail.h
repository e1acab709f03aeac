// Letters that memberships has written, by notifications' transactional lane: sign-in links, gifts, invitations,
// reminders. A letter is queued with what caused it, in one transaction, and is sent once that is committed.
#pragma once

#include <map>
#include <string>

#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

struct OutgoingMail {
  std::string template_id;  // Of notifications: `sign-in`, `gift`, `gift-reminder`, `seat-invitation`, `trial-ending`,
                            // `payment-failed`, `cancellation`, `receipt`, `email-change`.
  std::string member_id;    // Whom it is to; empty if `address` says.
  std::string address;      // Of somebody who is not a member, or not at this address yet.
  std::string locale;       // The member's if empty.
  std::map<std::string, std::string> values;  // For the template. May hold secrets: forgotten once it is sent.
  absl::Time expire_time;                     // Sent before then or not at all.
};

void QueueMail(db::Transaction& tx, const OutgoingMail& mail, absl::Time now);

// Does the work of QueueMail and queues nothing: for answers whose time must not tell whether there was a letter.
void QueueNoMail(db::Transaction& tx, const OutgoingMail& mail, absl::Time now);

}  // namespace masthead::memberships
