// Templates in Postgres. Revisions never change.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace masthead::notifications {

struct TemplateText {
  std::string locale;
  std::string subject;
  std::string text;
  std::string html;
};

// The revision's text in `language`; in English if it has none.
std::optional<TemplateText> LoadTemplateText(db::Transaction& tx, absl::string_view template_id, int revision,
                                             absl::string_view language);

}  // namespace masthead::notifications
