#include "services/articles/taxonomy/contributor.h"

#include <utility>

#include "absl/status/statusor.h"
#include "common/text/text.h"

namespace masthead::articles {

absl::string_view Name(Contributor::Kind kind) {
  switch (kind) {
    case Contributor::Kind::kPerson:
      return "PERSON";
    case Contributor::Kind::kDesk:
      return "DESK";
    case Contributor::Kind::kOrganization:
      return "ORGANIZATION";
  }
  return "";
}

void CheckContributor(Contributor& contributor, FieldViolations& violations) {
  text::CheckLine("contributor.display_name", contributor.display_name, 200, /*required=*/true, violations);
  text::CheckText("contributor.biography", contributor.biography, 2000, /*required=*/false, violations);
  if (contributor.contact_email.empty()) return;
  absl::StatusOr<std::string> mailbox = text::MailboxAddress(contributor.contact_email);
  if (mailbox.ok()) {
    contributor.contact_email = *std::move(mailbox);
  } else {
    violations.Add("contributor.contact_email", "is no e-mail address");
  }
}

}  // namespace masthead::articles
