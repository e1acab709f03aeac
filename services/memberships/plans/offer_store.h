// Offers in Postgres, and who has them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/plans/offer.h"

namespace masthead::memberships {

// False if the ID is taken.
bool InsertOffer(db::Transaction& tx, const Offer& offer);

std::optional<Offer> FindOffer(db::Transaction& tx, absl::string_view id);

// As FindOffer, and nobody else can write the offer, hold or redeem it until `tx` ends.
std::optional<Offer> LockOffer(db::Transaction& tx, absl::string_view id);

// Stores what may change of `offer`, which `tx` has locked, and raises its revision.
void SaveOffer(db::Transaction& tx, Offer& offer);

// By ID, after `after`.
std::vector<Offer> LoadOffers(db::Transaction& tx, absl::string_view after, bool archived_too, int limit);

// How an offer, which `tx` has locked, is taken up at `now`.
struct OfferUse {
  bool redeemed_by_member = false;
  int64_t held_by_others = 0;
};
OfferUse LoadOfferUse(db::Transaction& tx, absl::string_view id, absl::string_view member_id, absl::Time now);

// Of an offer that `tx` has locked. A hold of the member's is moved.
void HoldOffer(db::Transaction& tx, absl::string_view id, absl::string_view member_id, absl::Time expire_time);

// False if the member had it before.
bool MarkRedeemed(db::Transaction& tx, absl::string_view id, absl::string_view member_id);
void CountRedemption(db::Transaction& tx, absl::string_view id);

void RemoveHold(db::Transaction& tx, absl::string_view id, absl::string_view member_id);

}  // namespace masthead::memberships
