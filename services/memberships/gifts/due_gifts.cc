#include "services/memberships/gifts/due_gifts.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/now.h"
#include "services/memberships/gifts/gift.h"
#include "services/memberships/gifts/gift_announcements.h"
#include "services/memberships/gifts/gift_store.h"
#include "services/memberships/mail/outgoing_mail.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/plans/tier_store.h"

namespace masthead::memberships {
namespace {

constexpr int kGiftsAtATime = 50;

std::string Rfc3339(absl::Time time) { return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()); }

std::map<std::string, std::string> ValuesOf(db::Transaction& tx, const Gift& gift) {
  const std::optional<Tier> tier = LoadTier(tx, gift.tier_id);
  return {{"tier", tier ? tier->display_name : ""},
          {"months", absl::StrCat(gift.months)},
          {"giver_name", gift.delivery.giver_name},
          {"receiver_name", gift.delivery.receiver_name},
          {"message", gift.delivery.message}};
}

// To the receiver; to the giver, who hands it over, if no address was given.
void MailCode(db::Transaction& tx, const GiftCodes& codes, const Gift& gift, const char* template_id, absl::Time now) {
  OutgoingMail mail = {.template_id = template_id,
                       .address = gift.delivery.receiver_email,
                       .locale = gift.delivery.locale,
                       .values = ValuesOf(tx, gift),
                       .expire_time = gift.claim_end_time};
  if (mail.address.empty()) {
    mail.member_id = gift.giver_id;
  } else if (mail.locale.empty()) {
    const std::optional<Member> giver = LoadMember(tx, gift.giver_id);
    if (giver) mail.locale = giver->locale;
  }
  mail.values["code"] = codes.CodeOf(gift, gift.deliveries);
  mail.values["claim_end_time"] = Rfc3339(gift.claim_end_time);
  QueueMail(tx, mail, now);
}

void MailEnd(db::Transaction& tx, const Gift& gift, absl::Time now) {
  OutgoingMail mail = {.template_id = "gift-reminder",
                       .member_id = gift.receiver_id,
                       .values = ValuesOf(tx, gift),
                       .expire_time = *gift.end_time};
  mail.values["end_time"] = Rfc3339(*gift.end_time);
  QueueMail(tx, mail, now);
}

void Hand(db::Transaction& tx, events::Feed& feed, const GiftCodes& codes, Gift& gift, absl::Time now) {
  const std::string code = codes.CodeOf(gift, gift.deliveries + 1);
  Deliver(gift, GiftCodes::HashOf(code), now);
  SaveGift(tx, gift);
  MailCode(tx, codes, gift, "gift", now);
  AnnounceGift(tx, feed, "gift.delivered", gift, now);
}

void TakeStep(db::Transaction& tx, events::Feed& feed, const GiftCodes& codes, const absl::TimeZone& newsroom_zone,
              Gift& gift, absl::Time now) {
  switch (NextStep(gift).step) {
    case GiftStep::kNone:
      return;
    case GiftStep::kDispatch:
      Schedule(gift, now, newsroom_zone);
      return gift.state == Gift::State::kScheduled ? SaveGift(tx, gift) : Hand(tx, feed, codes, gift, now);
    case GiftStep::kDeliver:
      return Hand(tx, feed, codes, gift, now);
    case GiftStep::kRemindToClaim:
      MailCode(tx, codes, gift, "gift-reminder", now);
      gift.reminded = true;
      return SaveGift(tx, gift);
    case GiftStep::kExpire:
      Expire(gift);
      SaveGift(tx, gift);
      return AnnounceGift(tx, feed, "gift.expired", gift, now);
    case GiftStep::kRemindOfEnd:
      MailEnd(tx, gift, now);
      gift.reminded = true;
      return SaveGift(tx, gift);
  }
}

}  // namespace

absl::StatusOr<int> RunDueGifts(db::Database& database, events::Feed& feed, const GiftCodes& codes,
                                const absl::TimeZone& newsroom_zone, const Scope& scope) {
  return database.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<int> {
    const absl::Time now = db::Now(tx);
    std::vector<Gift> due = LockDueGifts(tx, kGiftsAtATime);
    for (Gift& gift : due) TakeStep(tx, feed, codes, newsroom_zone, gift, now);
    return static_cast<int>(due.size());
  });
}

}  // namespace masthead::memberships
