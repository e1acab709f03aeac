// What subscriptions were bought at, read once for each price and offer of a transaction that moves many of them.
#pragma once

#include <map>
#include <string>

#include "common/db/database.h"
#include "services/memberships/plans/offering.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

class Offerings {
 public:
  explicit Offerings(db::Transaction& tx) : tx_(tx) {}

  // `price_id` and `offer_id` are of a subscription, so they are there.
  const Price& PriceOf(const std::string& price_id);
  const Offer& OfferOf(const std::string& offer_id);

  // What is pending for the next period, if anything is.
  std::optional<SubscriptionTerms> NextTerms(const Subscription& subscription);

  // What the subscription's offer takes off `amount` of a period, if it still has an invoice to count for; free days
  // are no discount.
  int64_t NextDiscount(const Subscription& subscription, int64_t amount);

  // Sets what the offer takes off for ever under the terms that the subscription has now.
  void SetLastingDiscount(Subscription& subscription);

 private:
  db::Transaction& tx_;
  std::map<std::string, Price> prices_;
  std::map<std::string, Offer> offers_;
};

SubscriptionTerms TermsOf(const Price& price, int64_t amount, int32_t seats);

}  // namespace masthead::memberships
