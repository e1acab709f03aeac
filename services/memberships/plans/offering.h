// What something costs, under which offer: read when a checkout is opened and when a change is priced. The rules are in
// price.h and offer.h.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/plans/offer.h"
#include "services/memberships/plans/price.h"

namespace masthead::memberships {

// Any price, archived ones too. PRICE_NOT_FOUND.
absl::StatusOr<Price> LoadPrice(db::Transaction& tx, absl::string_view price_id);

// Any offer. OFFER_NOT_FOUND.
absl::StatusOr<Offer> LoadOffer(db::Transaction& tx, absl::string_view offer_id);

// Checks that the offer applies, locks it and holds one of its redemptions for the member until `expire_time`. A hold
// of the same member is taken over. OFFER_NOT_FOUND, OFFER_ENDED, OFFER_EXHAUSTED, OFFER_NOT_APPLICABLE,
// OFFER_REDEEMED.
absl::StatusOr<Offer> ReserveOffer(db::Transaction& tx, absl::string_view offer_id, absl::string_view member_id,
                                   const Price& price, Offer::Occasion occasion, absl::Time expire_time,
                                   absl::Time now);

// What was held is used, for good; also if the hold ran out while money was on its way, even if somebody else has had
// the last one since. Doing it again changes nothing.
void RedeemOffer(db::Transaction& tx, absl::string_view offer_id, absl::string_view member_id, absl::Time now);

// Gives up what was held, if it was.
void ReleaseOffer(db::Transaction& tx, absl::string_view offer_id, absl::string_view member_id);

// How many days this member's first period is free: FreeDaysOf; 0 if this member ever had a trial of the group, under
// whatever name.
int32_t TrialDays(db::Transaction& tx, absl::string_view member_id, absl::string_view product_group, const Price& price,
                  const Offer* offer);

// The member's trial of the group begins at `now`: there is no other.
void ConsumeTrial(db::Transaction& tx, absl::string_view member_id, absl::string_view product_group, absl::Time now);

// Two entries of one person become one: what `from` had in trials `to` has had as well.
void CarryTrials(db::Transaction& tx, absl::string_view from_member_id, absl::string_view to_member_id);

}  // namespace masthead::memberships
