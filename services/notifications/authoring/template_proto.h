// Templates to and from the wire.
#pragma once

#include <set>
#include <string>

#include "common/base/errors.h"
#include "masthead/notifications/v1/template.pb.h"
#include "services/notifications/templates/template_draft.h"

namespace masthead::notifications {

enum class Texts { kWith, kWithout };

v1::Template ToProto(const TemplateDraft& draft, Texts texts = Texts::kWith);
v1::TemplateRevision ToProto(const TemplateRevision& revision, Texts texts = Texts::kWith);

// Takes `fields` of `template` over into `draft`.
void ParseTemplate(const v1::Template& proto, const std::set<std::string>& fields, TemplateDraft& draft,
                   FieldViolations& violations);

}  // namespace masthead::notifications
