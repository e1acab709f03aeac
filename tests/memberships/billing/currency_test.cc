#include "services/memberships/billing/currency.h"

#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

TEST(Currency, HasTheDecimalsOfIso4217) {
  for (const char* code : {"JPY", "KRW", "ISK", "UGX", "VND", "CLP", "XOF"}) EXPECT_EQ(CurrencyExponent(code), 0);
  for (const char* code : {"KWD", "BHD", "TND", "IQD"}) EXPECT_EQ(CurrencyExponent(code), 3);
  for (const char* code : {"CLF", "UYW"}) EXPECT_EQ(CurrencyExponent(code), 4);
  for (const char* code : {"UAH", "EUR", "USD", "MGA"}) EXPECT_EQ(CurrencyExponent(code), 2);
}

TEST(Currency, IsNamedByThreeCapitals) {
  EXPECT_TRUE(IsCurrencyCode("UAH"));
  for (const char* code : {"", "uah", "UA", "UAHH", "U1H", "U H"}) EXPECT_FALSE(IsCurrencyCode(code)) << code;
}

}  // namespace
}  // namespace masthead::memberships
