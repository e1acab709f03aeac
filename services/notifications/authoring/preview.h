// What a reader would get, shown to editors.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/notifications/templates/filled_letter.h"

namespace masthead::notifications {

struct Preview {
  mail::LetterContent letter;
  ShortText short_text;
  std::string headers;     // Of the letter, without those of the reader.
  int64_t size_bytes = 0;  // Of the letter.
  std::vector<std::string> warnings;
};

// Examples of variables stand where `values` has none. `content` has the newsroom's parts, such as From. The errors of
// FillTemplate and of mail::Compose.
absl::StatusOr<Preview> MakePreview(const TemplateText& text, Values values, const Lists& lists,
                                    const mail::LetterContent& content);

}  // namespace masthead::notifications
