// Whether somebody followed a link or looked at a letter, or a program did: mailbox providers fetch pictures for all
// their readers at once, scanners follow every link. A guess from what the visitor says of itself; no count of opens is
// the truth.
#pragma once

#include "absl/strings/string_view.h"

namespace masthead::notifications {

struct Visit {
  absl::string_view method;
  absl::string_view user_agent;
  absl::string_view purpose;  // Of the headers Sec-Purpose, Purpose and X-Moz, whichever there is.
};

bool IsByMachine(const Visit& visit);

}  // namespace masthead::notifications
