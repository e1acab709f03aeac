#include "services/memberships/gifts/gift_proto.h"

#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/members/member.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

v1::Gift::State ToProto(Gift::State state) {
  switch (state) {
    case Gift::State::kPurchased:
      return v1::Gift::PURCHASED;
    case Gift::State::kScheduled:
      return v1::Gift::SCHEDULED;
    case Gift::State::kDelivered:
      return v1::Gift::DELIVERED;
    case Gift::State::kRedeemed:
      return v1::Gift::REDEEMED;
    case Gift::State::kExpired:
      return v1::Gift::EXPIRED;
    case Gift::State::kRefunded:
      return v1::Gift::REFUNDED;
  }
  return v1::Gift::STATE_UNSPECIFIED;
}

v1::GiftDelivery ToProto(const GiftDelivery& delivery, bool sees_address) {
  v1::GiftDelivery proto;
  if (!delivery.receiver_email.empty()) {
    proto.set_receiver_email(sees_address ? delivery.receiver_email : MaskEmail(delivery.receiver_email));
  }
  proto.set_receiver_name(delivery.receiver_name);
  proto.set_giver_name(delivery.giver_name);
  proto.set_message(delivery.message);
  proto.set_locale(delivery.locale);
  proto.set_delivery_date(delivery.date);
  return proto;
}

}  // namespace

v1::Gift ToProto(const Gift& gift, const GiftView& view) {
  v1::Gift proto;
  proto.set_name(GiftName(gift.id));
  if (view.giver) proto.set_giver(MemberName(gift.giver_id));
  if (view.receiver && !gift.receiver_id.empty()) proto.set_receiver(MemberName(gift.receiver_id));
  proto.set_tier(TierName(gift.tier_id));
  proto.set_months(gift.months);
  proto.set_state(ToProto(gift.state));
  *proto.mutable_delivery() = ToProto(gift.delivery, view.address);
  if (gift.deliver_time && gift.state != Gift::State::kScheduled) {
    *proto.mutable_deliver_time() = resource::ToTimestamp(*gift.deliver_time);
  }
  *proto.mutable_claim_end_time() = resource::ToTimestamp(gift.claim_end_time);
  if (gift.redeem_time) *proto.mutable_redeem_time() = resource::ToTimestamp(*gift.redeem_time);
  if (gift.end_time) *proto.mutable_end_time() = resource::ToTimestamp(*gift.end_time);
  *proto.mutable_create_time() = resource::ToTimestamp(gift.create_time);
  proto.set_etag(resource::Etag(gift.revision));
  return proto;
}

v1::GiftPreview ToPreview(const Gift& gift) {
  v1::GiftPreview proto;
  proto.set_tier(TierName(gift.tier_id));
  proto.set_months(gift.months);
  proto.set_giver_name(gift.delivery.giver_name);
  proto.set_message(gift.delivery.message);
  *proto.mutable_claim_end_time() = resource::ToTimestamp(gift.claim_end_time);
  return proto;
}

GiftDelivery ParseDelivery(const v1::GiftDelivery& proto) {
  return {.receiver_email = proto.receiver_email(),
          .receiver_name = proto.receiver_name(),
          .giver_name = proto.giver_name(),
          .message = proto.message(),
          .locale = proto.locale(),
          .date = proto.delivery_date()};
}

}  // namespace masthead::memberships
