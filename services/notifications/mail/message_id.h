// The Message-ID of a delivery.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace masthead::notifications::mail {

// "<...@domain>", the same for ever for (message, endpoint), their resource names: a second copy of a letter is then
// recognisable as one, by us and by a reader's mail program. Tells nothing about either to who does not know both.
std::string MessageId(absl::string_view message, absl::string_view endpoint, absl::string_view domain);

}  // namespace masthead::notifications::mail
