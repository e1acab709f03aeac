// What a member said about being told of a topic.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::memberships {

struct Consent {
  std::string member_id;
  std::string topic_id;
  bool granted = false;
  std::string source;
  std::string text_version;
  int64_t revision = 0;  // How often the member has spoken about the topic.
  absl::Time record_time;
};

// Topics a member may have spoken about; a bound for the audience entry.
inline constexpr int kMaxConsents = 200;

std::string ConsentName(const Consent& consent);
std::string TopicName(absl::string_view topic_id);

// Normalises and checks what the caller said.
void CheckConsent(Consent& consent, FieldViolations& violations);

// The member speaks again: `latest` is what was said before, if anything.
Consent SpeakAgain(const std::optional<Consent>& latest, Consent said, absl::Time now);

// Whether those who tell the member news must hear of it.
bool ChangesAnything(const std::optional<Consent>& latest, const Consent& said);

}  // namespace masthead::memberships
