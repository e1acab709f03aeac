// What a message says to its template.
#pragma once

#include <map>
#include <string>

#include "services/notifications/messages/message.h"

namespace masthead::notifications {

// The variant's over the message's over what the message is about.
std::map<std::string, std::string> ValuesOf(const Message& message,
                                            const std::map<std::string, std::string>& of_variant);

}  // namespace masthead::notifications
