// A template's text with its slots filled: what a letter says, before it is addressed.
#pragma once

#include "absl/status/statusor.h"
#include "services/notifications/mail/letter.h"
#include "services/notifications/templates/template.h"
#include "services/notifications/templates/template_store.h"

namespace masthead::notifications {

// Subject, text, HTML and language; nothing else is set. FAILED_PRECONDITION (TEMPLATE_VARIABLE_MISSING) if a slot has
// no value.
absl::StatusOr<mail::LetterContent> FillTemplate(const TemplateText& text, const Values& values);

}  // namespace masthead::notifications
