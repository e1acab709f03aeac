// A gift: a tier for some months that one member paid for and another redeems.
//
// Its state decides what it is worth, never a date alone: a gift whose money was given back is worth nothing on any
// day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::memberships {

// To whom and when.
struct GiftDelivery {
  std::string receiver_email;  // Empty: the giver gets the code, to hand it over.
  std::string receiver_name;
  std::string giver_name;
  std::string message;
  std::string locale;  // BCP 47; the giver's if empty.
  std::string date;    // ISO 8601, at 09:00 in the newsroom's zone; empty: at once.
};

struct Gift {
  // kPurchased: about to be delivered, or to be scheduled.
  enum class State { kPurchased, kScheduled, kDelivered, kRedeemed, kExpired, kRefunded };

  std::string id;
  std::string giver_id;
  std::string receiver_id;  // Who redeemed it; empty until then.
  std::string checkout_id;
  std::string invoice_id;
  std::string tier_id;
  int32_t months = 1;  // 0: for good.
  State state = State::kPurchased;
  GiftDelivery delivery;
  int32_t deliveries = 0;
  std::string code_hash;                   // Of the last delivery; empty while there is none that counts.
  bool reminded = false;                   // In this state.
  std::optional<absl::Time> deliver_time;  // When it is due, then when it was done.
  absl::Time claim_end_time;
  std::optional<absl::Time> redeem_time;
  std::string time_zone;
  std::optional<absl::Time> start_time;
  std::optional<absl::Time> end_time;
  int64_t revision = 1;  // Of its events too.
  absl::Time create_time;
};

// What time alone does to a gift.
enum class GiftStep { kNone, kDispatch, kDeliver, kRemindToClaim, kExpire, kRemindOfEnd };

// How long somebody may wait to redeem it.
inline constexpr absl::Duration kClaimWindow = absl::Hours(365 * 24);

std::string GiftName(absl::string_view id);

absl::string_view Name(Gift::State state);
std::optional<Gift::State> ParseGiftState(absl::string_view name);

// Whether a gift can be bought for so long.
bool IsGiftLength(int32_t months);

// Normalises and checks a delivery that was chosen at `now` of a gift that was bought at `purchase_time`; `field` is
// its path in the request.
void CheckGiftDelivery(absl::string_view field, GiftDelivery& delivery, absl::Time purchase_time, absl::Time now,
                       const absl::TimeZone& newsroom_zone, FieldViolations& violations);

// Only the last delivery's code counts, and only before it is too late: GIFT_OVER.
absl::Status CheckRedeemable(const Gift& gift, absl::Time now);

// Whether the delivery can be changed: GIFT_OVER once it is redeemed, refunded or too late.
absl::Status CheckDeliverable(const Gift& gift, absl::Time now);

// What comes next, and when; infinitely late for kNone.
struct NextGiftStep {
  GiftStep step = GiftStep::kNone;
  absl::Time time = absl::InfiniteFuture();
};
NextGiftStep NextStep(const Gift& gift);

// Makes a bought gift SCHEDULED for its date, or for the time that is set; nothing if that has come, or is none.
void Schedule(Gift& gift, absl::Time now, const absl::TimeZone& newsroom_zone);

// It is delivered, with a new code.
void Deliver(Gift& gift, absl::string_view code_hash, absl::Time now);

// The delivery is another: the code that is out is worth nothing.
void ChangeDelivery(Gift& gift, const GiftDelivery& delivery);

// The member has it from `now`, or from the end of the gift of the same tier that runs until `running_until`. What is
// known of the receiver but the member is forgotten.
void Redeem(Gift& gift, absl::string_view member_id, absl::string_view time_zone, const absl::TimeZone& zone,
            std::optional<absl::Time> running_until, absl::Time now);

void Expire(Gift& gift);

// False if it was refunded before.
bool MarkRefunded(Gift& gift);

}  // namespace masthead::memberships
