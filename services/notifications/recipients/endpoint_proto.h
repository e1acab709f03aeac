// Recipients' endpoints on the wire.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/notifications/v1/endpoint.pb.h"
#include "services/notifications/recipients/endpoint.h"

namespace masthead::notifications {

// With hints only of what it leads to. `target` is read for telephones and webhooks.
v1::Endpoint ToProto(const Endpoint& endpoint, const EndpointTarget& target, absl::string_view recipient_id);

// Takes over what it leads to, and its end, checked; sets channel, mailbox and hash.
void ParseEndpoint(const v1::Endpoint& proto, Endpoint& endpoint, EndpointTarget& target, FieldViolations& violations);

// Takes over its end only.
void ParseEndpointEnd(const v1::Endpoint& proto, Endpoint& endpoint, FieldViolations& violations);

}  // namespace masthead::notifications
