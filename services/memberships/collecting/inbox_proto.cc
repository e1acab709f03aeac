#include "services/memberships/collecting/inbox_proto.h"

#include "common/resource/timestamp.h"

namespace masthead::memberships {
namespace {

using State = InboxEvent::State;

v1::ProviderEvent::State ToProto(State state) {
  switch (state) {
    case State::kApplied:
      return v1::ProviderEvent::APPLIED;
    case State::kDuplicate:
      return v1::ProviderEvent::DUPLICATE;
    case State::kParked:
      return v1::ProviderEvent::PARKED;
    case State::kIgnored:
      return v1::ProviderEvent::IGNORED;
    case State::kRejected:
      return v1::ProviderEvent::REJECTED;
  }
  return v1::ProviderEvent::STATE_UNSPECIFIED;
}

}  // namespace

v1::ProviderEvent ToProto(const InboxEvent& event) {
  v1::ProviderEvent proto;
  proto.set_name(InboxEventName(event.provider, event.id));
  proto.set_event_id(event.event_id);
  proto.set_type(event.type);
  proto.set_state(ToProto(event.state));
  proto.set_detail(event.detail);
  proto.set_attempts(event.attempts);
  *proto.mutable_receive_time() = resource::ToTimestamp(event.receive_time);
  if (event.apply_time) *proto.mutable_apply_time() = resource::ToTimestamp(*event.apply_time);
  if (event.next_action_time) *proto.mutable_next_attempt_time() = resource::ToTimestamp(*event.next_action_time);
  return proto;
}

std::optional<State> ParseState(absl::string_view field, v1::ProviderEvent::State state, FieldViolations& violations) {
  switch (state) {
    case v1::ProviderEvent::STATE_UNSPECIFIED:
      return std::nullopt;
    case v1::ProviderEvent::APPLIED:
      return State::kApplied;
    case v1::ProviderEvent::DUPLICATE:
      return State::kDuplicate;
    case v1::ProviderEvent::PARKED:
      return State::kParked;
    case v1::ProviderEvent::IGNORED:
      return State::kIgnored;
    case v1::ProviderEvent::REJECTED:
      return State::kRejected;
    default:
      violations.Add(field, "is no state of a provider event");
      return std::nullopt;
  }
}

}  // namespace masthead::memberships
