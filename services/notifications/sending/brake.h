// The brake: a message that goes wrong for many is held before it goes wrong for all.
#pragma once

#include <string>

#include "services/notifications/messages/message.h"

namespace masthead::notifications {

// Why the message is to be held, by what has become of its deliveries since it was last let go on, `before`; empty if
// it is not. Of at least 200 outcomes more than 5 % failures and returns, or more than 0.1 % complaints, where mailbox
// providers begin to lose patience.
std::string WhyToHold(const MessageCounts& now, const MessageCounts& before);

}  // namespace masthead::notifications
