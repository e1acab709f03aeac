#include "services/notifications/recipients/confirmation_letters.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/db/now.h"
#include "services/notifications/errors.h"
#include "services/notifications/transactional/letter_queue.h"

namespace masthead::notifications {

absl::Status ConfirmationLetters::Ask(db::Transaction& tx, const Recipient& recipient, const Endpoint& mailbox,
                                      const Topic* topic) const {
  const absl::Time now = db::Now(tx);
  const std::string template_id = topic == nullptr ? "confirm-address" : "confirm-subscription";
  const std::optional<int> revision = LoadNewestRevision(tx, template_id);
  if (!revision) return TemplateNotFound(absl::StrCat("templates/", template_id));
  const Confirmation what = {.recipient = recipient.number,
                             .topic = topic == nullptr ? 0 : topic->number,
                             .endpoint = mailbox.number,
                             .expire_time = now + kConfirmationPatience};
  QueuedLetter letter = {
      .template_id = template_id,
      .template_revision = *revision,
      // By the address and not by its endpoint: that can be removed and made again.
      .dedupe_key = absl::StrCat("confirmation/", absl::BytesToHexString(mailbox.address_hash), "/", what.topic, "/",
                                 recipient.number, "/", absl::ToUnixSeconds(now) / 3600),
      .locale = recipient.locale,
      .expire_time = now + kConfirmationPatience,
      .to = {},
      .secrets = {.mailbox = mailbox.mailbox, .values = {}}};
  letter.secrets.values["link"] = absl::StrCat(public_base_url_, kConfirmPath, tokens_.Issue(what));
  if (topic != nullptr) letter.secrets.values["topic"] = DisplayName(*topic, recipient.locale);
  QueueLetter(tx, letters_key_, letter);
  tx.AfterCommit([this] { asked_.Ring(); });
  return absl::OkStatus();
}

}  // namespace masthead::notifications
