#include "services/memberships/subscriptions/offerings.h"

namespace masthead::memberships {

const Price& Offerings::PriceOf(const std::string& price_id) {
  auto found = prices_.find(price_id);
  if (found == prices_.end()) found = prices_.emplace(price_id, LoadPrice(tx_, price_id).value()).first;
  return found->second;
}

const Offer& Offerings::OfferOf(const std::string& offer_id) {
  auto found = offers_.find(offer_id);
  if (found == offers_.end()) found = offers_.emplace(offer_id, LoadOffer(tx_, offer_id).value()).first;
  return found->second;
}

std::optional<SubscriptionTerms> Offerings::NextTerms(const Subscription& subscription) {
  if (!subscription.pending || !subscription.pending->invoice_id.empty()) return std::nullopt;
  return TermsOf(PriceOf(subscription.pending->price_id), subscription.pending->amount, subscription.pending->seats);
}

int64_t Offerings::NextDiscount(const Subscription& subscription, int64_t amount) {
  if (subscription.offer_id.empty() || subscription.offer_invoices_left == 0) return 0;
  return DiscountOf(OfferOf(subscription.offer_id), amount);
}

void Offerings::SetLastingDiscount(Subscription& subscription) {
  const bool lasts = !subscription.offer_id.empty() && !subscription.offer_invoices_left;
  subscription.lasting_discount = lasts ? NextDiscount(subscription, PeriodPrice(subscription.terms)) : 0;
}

SubscriptionTerms TermsOf(const Price& price, int64_t amount, int32_t seats) {
  return {.price_id = price.id,
          .tier_id = price.tier_id,
          .money = {price.money.currency, amount},
          .seats = seats,
          .interval = price.interval,
          .tax_basis_points = price.tax_basis_points,
          .grace_days = price.grace_days};
}

}  // namespace masthead::memberships
