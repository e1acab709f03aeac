#include "services/memberships/gifts/gift.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/status_macros.h"
#include "common/text/text.h"
#include "services/memberships/billing/period.h"
#include "services/memberships/gifts/gift_errors.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxName = 191;
constexpr int kMaxMessage = 500;
constexpr int kMaxDaysAhead = 365;
constexpr int kHourOfDelivery = 9;
constexpr absl::Duration kReminderLead = absl::Hours(7 * 24);

std::optional<absl::CivilDay> ParseDate(absl::string_view date) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(date, &day) || absl::FormatCivilTime(day) != date) return std::nullopt;
  return day;
}

void CheckDate(absl::string_view field, const std::string& date, absl::CivilDay first, absl::CivilDay last,
               FieldViolations& violations) {
  const std::optional<absl::CivilDay> day = ParseDate(date);
  if (!day) return violations.Add(field, "must be a day, such as `2026-12-24`");
  if (*day < first || *day > last) {
    violations.Add(field,
                   absl::StrCat("must be from ", absl::FormatCivilTime(first), " to ", absl::FormatCivilTime(last)));
  }
}

}  // namespace

std::string GiftName(absl::string_view id) { return absl::StrCat("gifts/", id); }

absl::string_view Name(Gift::State state) {
  switch (state) {
    case Gift::State::kPurchased:
      return "PURCHASED";
    case Gift::State::kScheduled:
      return "SCHEDULED";
    case Gift::State::kDelivered:
      return "DELIVERED";
    case Gift::State::kRedeemed:
      return "REDEEMED";
    case Gift::State::kExpired:
      return "EXPIRED";
    case Gift::State::kRefunded:
      return "REFUNDED";
  }
  return "";
}

std::optional<Gift::State> ParseGiftState(absl::string_view name) {
  for (Gift::State state : {Gift::State::kPurchased, Gift::State::kScheduled, Gift::State::kDelivered,
                            Gift::State::kRedeemed, Gift::State::kExpired, Gift::State::kRefunded}) {
    if (name == Name(state)) return state;
  }
  return std::nullopt;
}

bool IsGiftLength(int32_t months) { return months == 1 || months == 3 || months == 6 || months == 12; }

void CheckGiftDelivery(absl::string_view field, GiftDelivery& delivery, absl::Time purchase_time, absl::Time now,
                       const absl::TimeZone& newsroom_zone, FieldViolations& violations) {
  const auto path = [&](absl::string_view name) { return absl::StrCat(field, ".", name); };
  if (!delivery.receiver_email.empty()) {
    delivery.receiver_email = CheckEmail(path("receiver_email"), delivery.receiver_email, violations).mailbox;
  }
  text::CheckLine(path("receiver_name"), delivery.receiver_name, kMaxName, /*required=*/false, violations);
  text::CheckLine(path("giver_name"), delivery.giver_name, kMaxName, /*required=*/false, violations);
  CheckLocale(path("locale"), delivery.locale, violations);
  text::CheckText(path("message"), delivery.message, kMaxMessage, /*required=*/false, violations);
  if (!delivery.date.empty()) {
    CheckDate(path("delivery_date"), delivery.date, absl::ToCivilDay(now, newsroom_zone),
              absl::ToCivilDay(purchase_time, newsroom_zone) + kMaxDaysAhead, violations);
  }
}

absl::Status CheckRedeemable(const Gift& gift, absl::Time now) {
  if (gift.state != Gift::State::kDelivered) return GiftOver(gift.id, Name(gift.state));
  return CheckDeliverable(gift, now);
}

absl::Status CheckDeliverable(const Gift& gift, absl::Time now) {
  const bool is_over = gift.state == Gift::State::kRedeemed || gift.state == Gift::State::kExpired ||
                       gift.state == Gift::State::kRefunded;
  if (is_over) return GiftOver(gift.id, Name(gift.state));
  return now < gift.claim_end_time ? absl::OkStatus() : GiftOver(gift.id, Name(Gift::State::kExpired));
}

NextGiftStep NextStep(const Gift& gift) {
  switch (gift.state) {
    case Gift::State::kPurchased:
      return {GiftStep::kDispatch, gift.create_time};
    case Gift::State::kScheduled:
      return {GiftStep::kDeliver, gift.deliver_time.value_or(gift.create_time)};
    case Gift::State::kDelivered:
      if (!gift.reminded) return {GiftStep::kRemindToClaim, gift.claim_end_time - kReminderLead};
      return {GiftStep::kExpire, gift.claim_end_time};
    case Gift::State::kRedeemed:
      if (!gift.reminded && gift.end_time) return {GiftStep::kRemindOfEnd, *gift.end_time - kReminderLead};
      return {};
    case Gift::State::kExpired:
    case Gift::State::kRefunded:
      return {};
  }
  return {};
}

void Schedule(Gift& gift, absl::Time now, const absl::TimeZone& newsroom_zone) {
  const std::optional<absl::CivilDay> day = ParseDate(gift.delivery.date);
  if (day) gift.deliver_time = absl::FromCivil(absl::CivilHour(*day) + kHourOfDelivery, newsroom_zone);
  if (!gift.deliver_time || *gift.deliver_time <= now) return;
  gift.state = Gift::State::kScheduled;
  gift.claim_end_time = *gift.deliver_time + kClaimWindow;
}

void Deliver(Gift& gift, absl::string_view code_hash, absl::Time now) {
  gift.state = Gift::State::kDelivered;
  gift.reminded = false;
  ++gift.deliveries;
  gift.code_hash = std::string(code_hash);
  gift.deliver_time = now;
}

void ChangeDelivery(Gift& gift, const GiftDelivery& delivery) {
  gift.state = Gift::State::kPurchased;
  gift.delivery = delivery;
  gift.code_hash.clear();
  gift.deliver_time.reset();
}

void Redeem(Gift& gift, absl::string_view member_id, absl::string_view time_zone, const absl::TimeZone& zone,
            std::optional<absl::Time> running_until, absl::Time now) {
  gift.state = Gift::State::kRedeemed;
  gift.reminded = false;
  gift.receiver_id = std::string(member_id);
  gift.redeem_time = now;
  gift.time_zone = std::string(time_zone);
  gift.start_time = std::max(now, running_until.value_or(now));
  if (gift.months > 0) {
    gift.end_time =
        PeriodBoundary(*gift.start_time, zone, {.unit = BillingInterval::Unit::kMonth, .count = gift.months}, 1);
  }
  gift.delivery.receiver_email.clear();
}

void Expire(Gift& gift) {
  gift.state = Gift::State::kExpired;
  gift.delivery.receiver_email.clear();
}

bool MarkRefunded(Gift& gift) {
  if (gift.state == Gift::State::kRefunded) return false;
  gift.state = Gift::State::kRefunded;
  gift.delivery.receiver_email.clear();
  return true;
}

}  // namespace masthead::memberships
