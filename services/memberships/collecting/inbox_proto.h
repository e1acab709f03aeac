// Providers' events, to the wire.
#pragma once

#include <optional>

#include "common/base/errors.h"
#include "masthead/memberships/v1/provider_event.pb.h"
#include "services/memberships/collecting/inbox_event.h"

namespace masthead::memberships {

v1::ProviderEvent ToProto(const InboxEvent& event);

// Nothing for STATE_UNSPECIFIED; a violation of `field` for a number that is no state.
std::optional<InboxEvent::State> ParseState(absl::string_view field, v1::ProviderEvent::State state,
                                            FieldViolations& violations);

}  // namespace masthead::memberships
