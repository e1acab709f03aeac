// A template's text with its slots filled: what a message says, before it is addressed.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/notifications/mail/letter.h"
#include "services/notifications/templates/template.h"
#include "services/notifications/templates/template_text.h"

namespace masthead::notifications {

// Subject, text, HTML and language; nothing else is set. FAILED_PRECONDITION (TEMPLATE_VARIABLE_MISSING) if a slot has
// no value and its variable is required.
absl::StatusOr<mail::LetterContent> FillTemplate(const TemplateText& text, const Values& values,
                                                 const Lists& lists = {});

// What other channels say.
struct ShortText {
  std::string push_title;  // The subject, if the template has no other.
  std::string push_body;
  std::string push_url;
  std::string sms;
};

// The same errors.
absl::StatusOr<ShortText> FillShortText(const TemplateText& text, const Values& values, const Lists& lists = {});

}  // namespace masthead::notifications
