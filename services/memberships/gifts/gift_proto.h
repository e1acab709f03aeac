// Gifts, to and from the wire.
#pragma once

#include "masthead/memberships/v1/gifts_service.pb.h"
#include "services/memberships/gifts/gift.h"

namespace masthead::memberships {

// What somebody may see of a gift.
struct GiftView {
  bool giver = false;
  bool receiver = false;
  bool address = false;  // In full; masked if not.
};

v1::Gift ToProto(const Gift& gift, const GiftView& view);
v1::GiftPreview ToPreview(const Gift& gift);

// As it came.
GiftDelivery ParseDelivery(const v1::GiftDelivery& proto);

}  // namespace masthead::memberships
