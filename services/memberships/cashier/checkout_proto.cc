#include "services/memberships/cashier/checkout_proto.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "common/text/text.h"
#include "services/memberships/books/checkout_details.h"
#include "services/memberships/books/checkout_url.h"
#include "services/memberships/books/invoice.h"
#include "services/memberships/members/member.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxAttribution = 20;
constexpr int64_t kMostAmount = 99'999'999;
constexpr int32_t kMostSeats = 10'000;

Checkout::Kind ParseKind(v1::Checkout::Kind kind, FieldViolations& violations) {
  switch (kind) {
    case v1::Checkout::SUBSCRIPTION:
      return Checkout::Kind::kSubscription;
    case v1::Checkout::GIFT:
      return Checkout::Kind::kGift;
    case v1::Checkout::DONATION:
      return Checkout::Kind::kDonation;
    case v1::Checkout::PAYMENT_METHOD:
      return Checkout::Kind::kPaymentMethod;
    default:
      violations.Add("checkout.kind", "must be SUBSCRIPTION, GIFT, DONATION or PAYMENT_METHOD");
      return Checkout::Kind::kSubscription;
  }
}

v1::Checkout::Kind ToProto(Checkout::Kind kind) {
  switch (kind) {
    case Checkout::Kind::kSubscription:
      return v1::Checkout::SUBSCRIPTION;
    case Checkout::Kind::kGift:
      return v1::Checkout::GIFT;
    case Checkout::Kind::kDonation:
      return v1::Checkout::DONATION;
    case Checkout::Kind::kPaymentMethod:
      return v1::Checkout::PAYMENT_METHOD;
  }
  return v1::Checkout::KIND_UNSPECIFIED;
}

v1::Checkout::State ToProto(Checkout::State state) {
  switch (state) {
    case Checkout::State::kOpen:
      return v1::Checkout::OPEN;
    case Checkout::State::kProcessing:
      return v1::Checkout::PROCESSING;
    case Checkout::State::kCompleted:
      return v1::Checkout::COMPLETED;
    case Checkout::State::kExpired:
      return v1::Checkout::EXPIRED;
  }
  return v1::Checkout::STATE_UNSPECIFIED;
}

std::string ParseGift(const v1::Checkout::Gift& proto, WantedCheckout& wanted, FieldViolations& violations) {
  GiftDetails details = {.receiver_email = "",
                         .receiver_name = proto.receiver_name(),
                         .giver_name = proto.giver_name(),
                         .message = proto.message(),
                         .locale = proto.locale(),
                         .months = proto.months(),
                         .deliver_time = std::nullopt};
  if (!proto.receiver_email().empty()) {
    details.receiver_email = CheckEmail("checkout.gift.receiver_email", proto.receiver_email(), violations).mailbox;
  }
  CheckDisplayName("checkout.gift.receiver_name", details.receiver_name, /*required=*/false, violations);
  CheckDisplayName("checkout.gift.giver_name", details.giver_name, /*required=*/false, violations);
  text::CheckText("checkout.gift.message", details.message, 500, /*required=*/false, violations);
  if (!details.locale.empty()) CheckLocale("checkout.gift.locale", details.locale, violations);
  if (proto.months() != 0 && proto.months() != 1 && proto.months() != 3 && proto.months() != 6 &&
      proto.months() != 12) {
    violations.Add("checkout.gift.months", "must be 1, 3, 6 or 12, or 0 for a price that is paid once");
  }
  if (proto.has_deliver_time()) {
    details.deliver_time = resource::ParseTimestamp("checkout.gift.deliver_time", proto.deliver_time(), violations);
  }
  wanted.months = details.months;
  wanted.deliver_time = details.deliver_time;
  return ToJson(details);
}

std::string ParseDonation(const v1::Checkout::Donation& proto, FieldViolations& violations) {
  DonationDetails details = {.campaign = "", .message = proto.message(), .public_name = proto.public_name()};
  if (!proto.campaign().empty()) {
    details.campaign = IdIn("checkout.donation.campaign", proto.campaign(), "campaigns", violations);
  }
  text::CheckText("checkout.donation.message", details.message, 255, /*required=*/false, violations);
  CheckDisplayName("checkout.donation.public_name", details.public_name, /*required=*/false, violations);
  return ToJson(details);
}

std::string ParseAttribution(const v1::Checkout& proto, FieldViolations& violations) {
  if (proto.attribution_size() > kMaxAttribution) {
    violations.Add("checkout.attribution", "must have at most 20 entries");
    return "{}";
  }
  std::map<std::string, std::string> attribution;
  for (const auto& [given_key, given_value] : proto.attribution()) {
    std::string key = given_key;
    std::string value = given_value;
    text::CheckLine("checkout.attribution", key, 40, /*required=*/true, violations);
    text::CheckLine("checkout.attribution", value, 255, /*required=*/false, violations);
    attribution[key] = value;
  }
  return violations.empty() ? ToJson(attribution) : "{}";
}

void ParseBuyersChoice(const v1::Checkout& proto, Checkout& checkout, FieldViolations& violations) {
  checkout.unit_amount = proto.amount();
  if (proto.amount() < 0 || proto.amount() > kMostAmount) {
    violations.Add("checkout.amount", "must be 0 to 99,999,999");
  }
  checkout.seats = proto.seats();
  if (proto.seats() < 0 || proto.seats() > kMostSeats) violations.Add("checkout.seats", "must be 0 to 10,000");
  checkout.price_id = IdIn("checkout.price", proto.price(), "prices", violations);
  if (!proto.offer().empty()) checkout.offer_id = IdIn("checkout.offer", proto.offer(), "offers", violations);
}

}  // namespace

v1::Checkout ToProto(const Checkout& checkout) {
  v1::Checkout proto;
  proto.set_name(CheckoutName(checkout.member_id, checkout.id));
  proto.set_kind(ToProto(checkout.kind));
  proto.set_state(ToProto(checkout.state));
  if (!checkout.price_id.empty()) proto.set_price(absl::StrCat("prices/", checkout.price_id));
  proto.set_amount(checkout.unit_amount);
  proto.set_seats(checkout.seats);
  if (!checkout.offer_id.empty()) proto.set_offer(absl::StrCat("offers/", checkout.offer_id));
  if (checkout.kind == Checkout::Kind::kGift) {
    const GiftDetails details = GiftDetailsFromJson(checkout.details);
    v1::Checkout::Gift& gift = *proto.mutable_gift();
    gift.set_receiver_email(details.receiver_email);
    gift.set_receiver_name(details.receiver_name);
    gift.set_giver_name(details.giver_name);
    gift.set_message(details.message);
    gift.set_locale(details.locale);
    gift.set_months(details.months);
    if (details.deliver_time) *gift.mutable_deliver_time() = resource::ToTimestamp(*details.deliver_time);
  }
  if (checkout.kind == Checkout::Kind::kDonation) {
    const DonationDetails details = DonationDetailsFromJson(checkout.details);
    v1::Checkout::Donation& donation = *proto.mutable_donation();
    if (!details.campaign.empty()) donation.set_campaign(absl::StrCat("campaigns/", details.campaign));
    donation.set_message(details.message);
    donation.set_public_name(details.public_name);
  }
  for (const auto& [key, value] : AttributionFromJson(checkout.attribution))
    (*proto.mutable_attribution())[key] = value;
  if (!checkout.subscription_id.empty()) {
    proto.set_subscription(absl::StrCat(MemberName(checkout.member_id), "/subscriptions/", checkout.subscription_id));
  }
  proto.set_success_url(checkout.success_url);
  proto.set_cancel_url(checkout.cancel_url);
  *proto.mutable_expire_time() = resource::ToTimestamp(checkout.expire_time);
  proto.mutable_money()->set_currency_code(checkout.money.currency);
  proto.mutable_money()->set_minor_units(checkout.money.amount);
  proto.set_url(checkout.url);
  proto.set_provider(absl::StrCat("paymentProviders/", checkout.provider));
  if (!checkout.invoice_id.empty()) proto.set_invoice(InvoiceName(checkout.member_id, checkout.invoice_id));
  *proto.mutable_create_time() = resource::ToTimestamp(checkout.create_time);
  if (checkout.complete_time) *proto.mutable_complete_time() = resource::ToTimestamp(*checkout.complete_time);
  proto.set_etag(resource::Etag(checkout.revision));
  return proto;
}

WantedCheckout ParseCheckout(const v1::Checkout& proto, const std::string& member_id,
                             const std::vector<std::string>& origins, FieldViolations& violations) {
  WantedCheckout wanted;
  Checkout& checkout = wanted.checkout;
  checkout.member_id = member_id;
  checkout.kind = ParseKind(proto.kind(), violations);
  if (checkout.kind == Checkout::Kind::kPaymentMethod) {
    const ChildId id = ChildIdIn("checkout.subscription", proto.subscription(), "subscriptions", violations);
    if (id.member_id != member_id) violations.Add("checkout.subscription", "must be the member's");
    checkout.subscription_id = id.id;
  } else {
    ParseBuyersChoice(proto, checkout, violations);
  }
  if (checkout.kind == Checkout::Kind::kGift) checkout.details = ParseGift(proto.gift(), wanted, violations);
  if (checkout.kind == Checkout::Kind::kDonation) checkout.details = ParseDonation(proto.donation(), violations);
  checkout.attribution = ParseAttribution(proto, violations);
  checkout.success_url = proto.success_url();
  checkout.cancel_url = proto.cancel_url();
  CheckReturnUrl("checkout.success_url", checkout.success_url, origins, violations);
  CheckReturnUrl("checkout.cancel_url", checkout.cancel_url, origins, violations);
  if (proto.has_expire_time()) {
    wanted.expire_time = resource::ParseTimestamp("checkout.expire_time", proto.expire_time(), violations);
  }
  return wanted;
}

}  // namespace masthead::memberships
