#include "services/memberships/support/donations.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "masthead/memberships/v1/events.pb.h"
#include "services/memberships/billing/currency.h"
#include "services/memberships/mail/outgoing_mail.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/member.h"
#include "services/memberships/support/campaign.h"
#include "services/memberships/support/campaign_store.h"
#include "services/memberships/support/donation_store.h"
#include "services/memberships/support/touch.h"

namespace masthead::memberships {
namespace {

// After a week, thanks come too late to be more than a riddle.
constexpr absl::Duration kThanksWait = absl::Hours(7 * 24);

// `500.00` of 50000 hryvnia kopecks, `980` of 980 yen.
std::string Decimal(const Money& money) {
  const int exponent = CurrencyExponent(money.currency);
  std::string digits = absl::StrCat(money.amount);
  if (exponent == 0) return digits;
  while (static_cast<int>(digits.size()) <= exponent) digits.insert(0, "0");
  digits.insert(digits.size() - exponent, ".");
  return digits;
}

void Announce(db::Transaction& tx, events::Feed& feed, const Donation& donation) {
  v1::Event event;
  v1::DonationReceived& received = *event.mutable_donation_received();
  received.set_payment(absl::StrCat(MemberName(donation.member_id), "/payments/", donation.payment_id));
  received.set_member(MemberName(donation.member_id));
  received.set_amount(donation.money.amount);
  received.set_currency_code(donation.money.currency);
  if (!donation.campaign_id.empty()) received.set_campaign(CampaignName(donation.campaign_id));
  AnnounceAboutMember(tx, feed, donation.member_id, "donation.received", std::move(event));
}

void Thank(db::Transaction& tx, const Donation& donation, absl::Time now) {
  OutgoingMail mail = {
      .template_id = "receipt",
      .member_id = donation.member_id,
      .address = "",
      .locale = "",
      .values = {{"kind", "DONATION"}, {"amount", Decimal(donation.money)}, {"currency_code", donation.money.currency}},
      .expire_time = now + kThanksWait};
  if (!donation.campaign_id.empty()) {
    const std::optional<Campaign> campaign = LoadCampaign(tx, donation.campaign_id);
    if (campaign) mail.values["campaign"] = campaign->display_name;
  }
  QueueMail(tx, mail, now);
}

}  // namespace

void ReceiveDonation(db::Transaction& tx, events::Feed& feed, const Checkout& checkout, absl::string_view payment_id,
                     absl::Time now) {
  DonationWords words = ParseDonationWords(checkout.details);
  if (words.campaign_id.empty()) words.campaign_id = ParseTouch(checkout.attribution).campaign;
  const std::optional<Donation> donation = InsertDonation(tx, {.member_id = checkout.member_id,
                                                               .payment_id = std::string(payment_id),
                                                               .campaign_id = words.campaign_id,
                                                               .message = words.message,
                                                               .public_name = words.public_name,
                                                               .anonymous = words.anonymous,
                                                               .receive_time = now});
  if (!donation) return;
  Announce(tx, feed, *donation);
  Thank(tx, *donation, now);
}

void TakeBackDonation(db::Transaction& tx, events::Feed&, absl::string_view payment_id, absl::Time now) {
  MarkTakenBack(tx, payment_id, now);
}

}  // namespace masthead::memberships
