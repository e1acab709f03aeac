#include "services/memberships/members/consent.h"

#include "absl/strings/str_cat.h"
#include "common/text/text.h"

namespace masthead::memberships {

std::string ConsentName(const Consent& consent) {
  return absl::StrCat("members/", consent.member_id, "/consents/", consent.topic_id);
}

std::string TopicName(absl::string_view topic_id) { return absl::StrCat("topics/", topic_id); }

void CheckConsent(Consent& consent, FieldViolations& violations) {
  text::CheckLine("source", consent.source, 100, /*required=*/true, violations);
  text::CheckLine("text_version", consent.text_version, 100, /*required=*/false, violations);
}

Consent SpeakAgain(const std::optional<Consent>& latest, Consent said, absl::Time now) {
  said.revision = latest ? latest->revision + 1 : 1;
  said.record_time = now;
  return said;
}

bool ChangesAnything(const std::optional<Consent>& latest, const Consent& said) {
  return !latest || latest->granted != said.granted;
}

}  // namespace masthead::memberships
