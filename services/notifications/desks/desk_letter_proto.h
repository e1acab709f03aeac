// Letters to desks on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/errors.h"
#include "masthead/notifications/v1/desk_letter_service.pb.h"
#include "services/notifications/desks/desk_letter.h"

namespace masthead::notifications {

v1::DeskLetter ToProto(const DeskLetter& letter, const DeskLetterWords& words);

struct ParsedDeskLetter {
  DeskLetter letter;
  DeskLetterWords words;
};

// INVALID_ARGUMENT (INVALID_FIELD, HEADER_INJECTION).
absl::StatusOr<ParsedDeskLetter> ParseDeskLetter(const v1::DeskLetter& proto);

}  // namespace masthead::notifications
