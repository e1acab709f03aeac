// The rules of notices: what follows from a correction or a retraction of an article that readers were told of.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/notifications/messages/audience.h"
#include "services/notifications/messages/message.h"

namespace masthead::notifications {

// What happened to an article.
struct Change {
  enum class Kind { kCorrection, kRetraction };

  Kind kind = Kind::kCorrection;
  std::string article;  // `articles/{article}`
  std::string key;      // One notice of each: the correction's name, or the retraction's own.
  std::string text;     // What was wrong; empty for a retraction.
  absl::Time time;
};

// The notice to those whom `told` told of it, which are not empty; the story is named as `story` says it. It goes to
// each by the ways that told it, whatever was chosen since; links in its letters leave the topics of `told`. Without
// ID.
Message MakeNotice(const Change& change, absl::Span<const Message> told, const AlertText& story);

// Exactly those who were told.
Audience AudienceOfNotice(const Change& change);

}  // namespace masthead::notifications
