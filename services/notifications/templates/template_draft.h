// The domain: what editors write, and what messages are made with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/templates/template_text.h"

namespace masthead::notifications {

// What editors write: a draft with what is known of it.
struct TemplateDraft {
  std::string id;
  std::string display_name;
  TemplateBody body;
  int newest_revision = 0;  // 0: nothing was committed yet.
  bool built_in = false;
  bool transactional = false;
  int64_t revision = 1;  // Of the draft, for its etag.
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> delete_time;
};

struct TemplateRevision {
  std::string template_id;
  int number = 0;
  TemplateBody body;
  absl::Time create_time;
};

// `templates/{template}` and `templates/{template}@{revision}`.
std::string TemplateName(absl::string_view id);
std::string TemplateRevisionName(absl::string_view id, int revision);

}  // namespace masthead::notifications
