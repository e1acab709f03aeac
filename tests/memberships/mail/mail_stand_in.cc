// In place of the letters that memberships has sent, for tests that are not about them.
#include "services/memberships/mail/outgoing_mail.h"

namespace masthead::memberships {

void QueueMail(db::Transaction&, const OutgoingMail&, absl::Time) {}

}  // namespace masthead::memberships
