#include "services/articles/sharing/sharing_proto.h"

#include "common/resource/timestamp.h"

namespace masthead::articles {
namespace {

v1::LinkState ToProto(LinkState state) {
  switch (state) {
    case LinkState::kActive:
      return v1::LINK_STATE_ACTIVE;
    case LinkState::kExpired:
      return v1::LINK_STATE_EXPIRED;
    case LinkState::kRevoked:
      return v1::LINK_STATE_REVOKED;
    case LinkState::kUsedUp:
      return v1::LINK_STATE_USED_UP;
  }
  return v1::LINK_STATE_UNSPECIFIED;
}

// What both kinds have but for the name of who made it.
template <typename Proto>
void AddCommon(const Link& link, Proto& proto) {
  *proto.mutable_create_time() = resource::ToTimestamp(link.create_time);
  *proto.mutable_expire_time() = resource::ToTimestamp(link.expire_time);
  if (link.revoke_time.has_value()) *proto.mutable_revoke_time() = resource::ToTimestamp(*link.revoke_time);
}

}  // namespace

v1::PreviewLink ToProto(const PreviewLink& link, absl::Time now) {
  v1::PreviewLink proto;
  proto.set_name(PreviewLinkName(link));
  proto.set_revision(link.revision);
  proto.set_creator(link.creator);
  proto.set_state(ToProto(StateAt(link, now)));
  AddCommon(link, proto);
  return proto;
}

v1::GiftLink ToProto(const GiftLink& link, absl::Time now) {
  v1::GiftLink proto;
  proto.set_name(GiftLinkName(link));
  proto.set_max_redemptions(link.max_redemptions);
  proto.set_redemption_count(link.redemption_count);
  proto.set_giver(link.creator);
  proto.set_state(ToProto(StateAt(link, now)));
  AddCommon(link, proto);
  return proto;
}

}  // namespace masthead::articles
