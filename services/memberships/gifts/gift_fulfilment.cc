#include "services/memberships/gifts/gift_fulfilment.h"

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "services/memberships/entitlements/sourced_grants.h"
#include "services/memberships/gifts/gift.h"
#include "services/memberships/gifts/gift_announcements.h"
#include "services/memberships/gifts/gift_store.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/plans/offering.h"

namespace masthead::memberships {
namespace {

// What a checkout keeps of a gift. The address is not looked at twice: the checkout was refused if it is none.
void ReadDetails(const std::string& details, Gift& gift) {
  const nlohmann::json json = nlohmann::json::parse(details);
  gift.months = json.value("months", 1);
  gift.delivery = {.receiver_email = json.value("receiver_email", ""),
                   .receiver_name = json.value("receiver_name", ""),
                   .giver_name = json.value("giver_name", ""),
                   .message = json.value("message", ""),
                   .locale = json.value("locale", ""),
                   .date = json.value("delivery_date", "")};
  absl::Time deliver_time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, json.value("deliver_time", ""), &deliver_time, &error)) {
    gift.deliver_time = deliver_time;
  }
}

}  // namespace

void FulfilGift(db::Transaction& tx, events::Feed& feed, const Checkout& checkout, absl::string_view invoice_id,
                absl::Time now) {
  // The checkout refers to the price: it is there.
  const Price price = *LoadPrice(tx, checkout.price_id);
  Gift gift;
  gift.id = checkout.id;  // So that whoever has the checkout finds the gift.
  gift.giver_id = checkout.member_id;
  gift.checkout_id = checkout.id;
  gift.invoice_id = std::string(invoice_id);
  gift.tier_id = price.tier_id;
  ReadDetails(checkout.details, gift);
  gift.create_time = now;
  gift.claim_end_time = now + kClaimWindow;
  if (InsertGift(tx, gift)) AnnounceGift(tx, feed, "gift.purchased", gift, now);
}

void WithdrawGift(db::Transaction& tx, events::Feed& feed, absl::string_view checkout_id, absl::Time now) {
  const std::optional<Gift> found = LoadGiftOfCheckout(tx, checkout_id);
  if (!found) return;
  // Members are locked before gifts.
  if (!found->receiver_id.empty()) LockMember(tx, found->receiver_id);
  Gift gift = *LockGift(tx, found->id);
  if (!MarkRefunded(gift)) return;
  SaveGift(tx, gift);
  AnnounceGift(tx, feed, "gift.refunded", gift, now);
  // Somebody may have redeemed it just before it was locked.
  if (gift.receiver_id.empty()) return;
  if (found->receiver_id.empty()) LockMember(tx, gift.receiver_id);
  EndSourcedGrant(tx, feed, gift.receiver_id, {GrantSource::Kind::kGift, gift.id}, now);
}

}  // namespace masthead::memberships
