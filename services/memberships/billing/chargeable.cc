#include "services/memberships/billing/chargeable.h"

#include <algorithm>
#include <utility>

#include "services/memberships/billing/currency.h"

namespace masthead::memberships {
namespace {

// The least charges that Stripe documents, in minor units of ISO 4217.
constexpr std::pair<absl::string_view, int64_t> kLeastCharges[] = {
    {"AED", 200}, {"AUD", 50}, {"BGN", 100}, {"BRL", 50},    {"CAD", 50},  {"CHF", 50}, {"CZK", 1500}, {"DKK", 250},
    {"EUR", 50},  {"GBP", 30}, {"HKD", 400}, {"HUF", 17500}, {"INR", 50},  {"JPY", 50}, {"MXN", 1000}, {"MYR", 200},
    {"NOK", 300}, {"NZD", 50}, {"PLN", 200}, {"RON", 200},   {"SEK", 300}, {"SGD", 50}, {"THB", 1000}, {"USD", 50}};

int64_t LeastCharge(absl::string_view currency) {
  const auto found = std::find_if(std::begin(kLeastCharges), std::end(kLeastCharges),
                                  [&](const auto& least) { return least.first == currency; });
  return found == std::end(kLeastCharges) ? 1 : found->second;
}

}  // namespace

int64_t Chargeable(const Money& money) {
  const int64_t step = CurrencyExponent(money.currency) == 3 ? 10 : 1;
  const int64_t amount = money.amount - money.amount % step;
  return amount < LeastCharge(money.currency) ? 0 : amount;
}

}  // namespace masthead::memberships
