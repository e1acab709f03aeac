#include "services/articles/taxonomy/taxonomy.h"

#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/articles/article/slug.h"

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

void CheckTopic(absl::string_view field, Topic& topic, FieldViolations& violations) {
  text::CheckLine(absl::StrCat(field, ".display_name"), topic.display_name, 200, /*required=*/true, violations);
  text::CheckText(absl::StrCat(field, ".description"), topic.description, 1000, /*required=*/false, violations);
  if (topic.slug.empty()) {
    topic.slug = MakeSlug(topic.display_name, topic.id);
  } else if (!IsSlug(topic.slug)) {
    violations.Add(absl::StrCat(field, ".slug"),
                   absl::StrCat("is not [a-z0-9]+(-[a-z0-9]+)* of at most ", kMaxSlugBytes, " bytes"));
  }
}

}  // namespace masthead::articles
