// Gifts in Postgres. Who gives, who gets it and what is said is sealed there, and nowhere else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/gifts/gift.h"

namespace masthead::memberships {

// Where a page of gifts starts: after this one.
struct GiftCursor {
  absl::Time create_time;
  std::string id;
};

// False if the checkout has brought about a gift before.
bool InsertGift(db::Transaction& tx, const Gift& gift);

std::optional<Gift> LoadGift(db::Transaction& tx, absl::string_view id);
std::optional<Gift> LoadGiftByCode(db::Transaction& tx, absl::string_view code_hash);
std::optional<Gift> LoadGiftOfCheckout(db::Transaction& tx, absl::string_view checkout_id);

// As LoadGift and LoadGiftByCode, and nobody else can write the gift until `tx` ends.
std::optional<Gift> LockGift(db::Transaction& tx, absl::string_view id);
std::optional<Gift> LockGiftByCode(db::Transaction& tx, absl::string_view code_hash);

// Stores all of `gift`, which `tx` has locked, with what is due next, and raises its revision.
void SaveGift(db::Transaction& tx, Gift& gift);

// Seals what is personal in gifts that an older version stored.
void SealReadableGifts(db::Transaction& tx);

// Takes out what the member is called, has written, and is written to at, in gifts that the member gave or redeemed.
// `tx` has locked the member.
void ForgetInGifts(db::Transaction& tx, absl::string_view member_id);

// Until when a gift of this tier runs that the member redeemed, if one does at `now`.
std::optional<absl::Time> RunningGiftEnd(db::Transaction& tx, absl::string_view member_id, absl::string_view tier_id,
                                         absl::Time now);

// The newest first; those that a member gave or redeemed if `member_id` is not empty.
std::vector<Gift> LoadGifts(db::Transaction& tx, absl::string_view member_id, const std::optional<GiftCursor>& before,
                            int limit);

// Some for which something is due, the earliest first. Locked until `tx` ends; those that another replica works on are
// passed over.
std::vector<Gift> LockDueGifts(db::Transaction& tx, int limit);

}  // namespace masthead::memberships
