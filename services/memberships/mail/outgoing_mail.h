// Letters that memberships has written, by notifications' transactional lane: sign-in links, gifts, invitations,
// reminders. A letter is queued with what caused it, in one transaction, and is sent once that is committed.
#pragma once

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/mail/letter.h"

namespace masthead::memberships {

void QueueMail(db::Transaction& tx, const OutgoingMail& mail, absl::Time now);

// Does the work of QueueMail and queues nothing: for answers whose time must not tell whether there was a letter.
void QueueNoMail(db::Transaction& tx, const OutgoingMail& mail, absl::Time now);

}  // namespace masthead::memberships
