// Inboxes on the wire.
#pragma once

#include "absl/strings/string_view.h"
#include "masthead/notifications/v1/inbox_service.pb.h"
#include "services/notifications/inbox/inbox.h"

namespace masthead::notifications {

v1::InboxItem ToProto(absl::string_view recipient_id, const InboxItem& item);
v1::StreamInboxResponse::StateChange ToProto(absl::string_view recipient_id, const InboxChange& change);
v1::InboxCounts ToProto(const InboxHead& head);

}  // namespace masthead::notifications
