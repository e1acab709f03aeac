// Messages on the wire.
#pragma once

#include <string>

#include "masthead/notifications/v1/message.pb.h"
#include "services/notifications/messages/message.h"

namespace masthead::notifications {

v1::Message ToProto(const Message& message);
v1::Message::Counts ToProto(const MessageCounts& counts);

v1::Channel ChannelToProto(Channels channel);  // Of one channel.

v1::Message::State MessageStateToProto(const std::string& state);

}  // namespace masthead::notifications
