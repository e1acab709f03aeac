#include "services/memberships/mail/outgoing_mail.h"

#include "absl/strings/match.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "services/memberships/mail/mail_key.h"
#include "services/memberships/mail/mail_store.h"
#include "services/memberships/mail/sealed_mail.h"

namespace masthead::memberships {
namespace {

void Insert(db::Transaction& tx, const OutgoingMail& mail, absl::Time now, bool queued) {
  const std::string id = ids::NewUuid(now);
  const bool urgent = absl::StartsWith(mail.template_id, "sign-in");
  InsertMail(tx, id, mail, SealMail(*MailKey(), id, mail), urgent, now, queued);
}

}  // namespace

void QueueMail(db::Transaction& tx, const OutgoingMail& mail, absl::Time now) {
  Insert(tx, mail, now, /*queued=*/true);
  failpoint::Hit("memberships.mail.queued");
}

void QueueNoMail(db::Transaction& tx, const OutgoingMail& mail, absl::Time now) {
  Insert(tx, mail, now, /*queued=*/false);
}

}  // namespace masthead::memberships
