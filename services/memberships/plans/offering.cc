#include "services/memberships/plans/offering.h"

#include <optional>
#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "services/memberships/plans/offer_store.h"
#include "services/memberships/plans/offering_errors.h"
#include "services/memberships/plans/price_store.h"
#include "services/memberships/plans/trial_store.h"

namespace masthead::memberships {

absl::StatusOr<Price> LoadPrice(db::Transaction& tx, absl::string_view price_id) {
  std::optional<Price> price = FindPrice(tx, price_id);
  if (!price) return PriceNotFound(price_id);
  return *std::move(price);
}

absl::StatusOr<Offer> LoadOffer(db::Transaction& tx, absl::string_view offer_id) {
  std::optional<Offer> offer = FindOffer(tx, offer_id);
  if (!offer) return OfferNotFound(offer_id);
  return *std::move(offer);
}

absl::StatusOr<Offer> ReserveOffer(db::Transaction& tx, absl::string_view offer_id, absl::string_view member_id,
                                   const Price& price, Offer::Occasion occasion, absl::Time expire_time,
                                   absl::Time now) {
  std::optional<Offer> offer = LockOffer(tx, offer_id);
  if (!offer) return OfferNotFound(offer_id);
  RETURN_IF_ERROR(CheckRuns(*offer, now));
  RETURN_IF_ERROR(CheckApplies(*offer, price, occasion));
  const OfferUse use = LoadOfferUse(tx, offer_id, member_id, now);
  if (use.redeemed_by_member) return OfferRedeemed(offer_id);
  if (offer->max_redemptions && offer->redemptions + use.held_by_others >= *offer->max_redemptions) {
    return OfferExhausted(offer_id, *offer->max_redemptions);
  }
  HoldOffer(tx, offer_id, member_id, expire_time);
  return *std::move(offer);
}

void RedeemOffer(db::Transaction& tx, absl::string_view offer_id, absl::string_view member_id, absl::Time) {
  LockOffer(tx, offer_id);
  if (MarkRedeemed(tx, offer_id, member_id)) CountRedemption(tx, offer_id);
}

void ReleaseOffer(db::Transaction& tx, absl::string_view offer_id, absl::string_view member_id) {
  RemoveHold(tx, offer_id, member_id);
}

int32_t TrialDays(db::Transaction& tx, absl::string_view member_id, absl::string_view product_group, const Price& price,
                  const Offer* offer) {
  const int32_t days = FreeDaysOf(price, offer);
  if (days == 0 || HadTrial(tx, TrialKeys(tx, member_id), product_group)) return 0;
  return days;
}

void ConsumeTrial(db::Transaction& tx, absl::string_view member_id, absl::string_view product_group, absl::Time now) {
  InsertTrials(tx, TrialKeys(tx, member_id), product_group, now);
}

void CarryTrials(db::Transaction& tx, absl::string_view from_member_id, absl::string_view to_member_id) {
  CopyTrials(tx, TrialKeys(tx, from_member_id), TrialKeys(tx, to_member_id));
}

}  // namespace masthead::memberships
