#include "services/memberships/payments/stripe/stripe_money.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/memberships/billing/currency.h"

namespace masthead::memberships::stripe {
namespace {

constexpr absl::string_view kWithoutDecimals[] = {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA",
                                                  "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"};
// ISK and UGX, without decimals in the world, are sent with two that are 0.
constexpr absl::string_view kWithThree[] = {"BHD", "JOD", "KWD", "OMR", "TND"};
constexpr absl::string_view kNotTaken[] = {"CLF", "UYW", "UYI", "IQD", "LYD"};
constexpr int64_t kMostAmount = 99999999;

struct Minimum {
  absl::string_view currency;
  int64_t amount;  // As Stripe counts.
};
constexpr Minimum kMinimums[] = {{"USD", 50},   {"AED", 200}, {"AUD", 50},   {"BRL", 50},  {"CAD", 50},  {"CHF", 50},
                                 {"CZK", 1500}, {"DKK", 250}, {"EUR", 50},   {"GBP", 30},  {"HKD", 400}, {"HUF", 17500},
                                 {"INR", 50},   {"JPY", 50},  {"MXN", 1000}, {"MYR", 200}, {"NOK", 300}, {"NZD", 50},
                                 {"PLN", 200},  {"RON", 200}, {"SEK", 300},  {"SGD", 50},  {"THB", 1000}};

absl::Status Refusal(absl::string_view field, absl::string_view why) {
  FieldViolations violations;
  violations.Add(field, why);
  return violations.ToStatus();
}

// How many decimals Stripe's amounts have.
int Exponent(absl::string_view currency) {
  if (absl::c_linear_search(kWithoutDecimals, currency)) return 0;
  if (absl::c_linear_search(kWithThree, currency)) return 3;
  return 2;
}

absl::Status CheckCurrency(absl::string_view currency) {
  if (!IsCurrencyCode(currency) || absl::c_linear_search(kNotTaken, currency)) {
    return Refusal("money.currency_code", "Stripe does not take this currency");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int64_t> ToAmount(const Money& money) {
  RETURN_IF_ERROR(CheckCurrency(money.currency));
  if (money.amount < 0 || money.amount > kMostAmount) {
    return Refusal("money.minor_units", absl::StrCat("must be 0 to ", kMostAmount));
  }
  int64_t amount = money.amount;
  for (int more = CurrencyExponent(money.currency); more > Exponent(money.currency); --more) {
    if (amount % 10 != 0) return Refusal("money.minor_units", "Stripe takes whole units of this currency only");
    amount /= 10;
  }
  for (int fewer = CurrencyExponent(money.currency); fewer < Exponent(money.currency); ++fewer) amount *= 10;
  if (absl::c_linear_search(kWithThree, money.currency) && amount % 10 != 0) {
    return Refusal("money.minor_units", "Stripe takes amounts of this currency that end in 0 only");
  }
  return amount;
}

absl::StatusOr<Money> ToMoney(absl::string_view currency, int64_t amount) {
  Money money = {.currency = absl::AsciiStrToUpper(currency), .amount = amount};
  RETURN_IF_ERROR(CheckCurrency(money.currency));
  for (int fewer = Exponent(money.currency); fewer < CurrencyExponent(money.currency); ++fewer) money.amount *= 10;
  for (int more = Exponent(money.currency); more > CurrencyExponent(money.currency); --more) {
    if (money.amount % 10 != 0) return Refusal("money.minor_units", "is no whole number of minor units");
    money.amount /= 10;
  }
  return money;
}

absl::Status CheckChargeable(const Money& money) {
  ASSIGN_OR_RETURN(const int64_t amount, ToAmount(money));
  if (amount > kMostAmount) return Refusal("money.minor_units", "is more than Stripe takes");
  for (const Minimum& minimum : kMinimums) {
    if (minimum.currency == money.currency && amount < minimum.amount) {
      return Refusal("money.minor_units", absl::StrCat("is less than Stripe takes: ", minimum.amount));
    }
  }
  if (amount < 1) return Refusal("money.minor_units", "must be 1 at least");
  return absl::OkStatus();
}

}  // namespace masthead::memberships::stripe
