#include "services/memberships/payments/stripe/stripe_money.h"

#include <string>

#include "absl/strings/ascii.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships::stripe {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

struct Case {
  const char* currency;
  int64_t ours;
  int64_t stripes;
};

TEST(StripeMoney, CountsAsStripeDoes) {
  const Case cases[] = {{"USD", 500, 500},   {"EUR", 1, 1},   {"JPY", 980, 980},   {"KRW", 5000, 5000},
                        {"VND", 1, 1},       {"MGA", 500, 5}, {"ISK", 300, 30000}, {"UGX", 7, 700},
                        {"KWD", 5120, 5120}, {"TND", 10, 10}, {"BHD", 0, 0}};
  for (const Case& one : cases) {
    EXPECT_THAT(ToAmount({one.currency, one.ours}), IsOkAndHolds(one.stripes)) << one.currency;
    EXPECT_THAT(ToMoney(absl::AsciiStrToLower(one.currency), one.stripes), IsOkAndHolds(Money{one.currency, one.ours}));
  }
}

TEST(StripeMoney, RefusesWhatStripeCannotExpressAndNeverRounds) {
  EXPECT_THAT(ToAmount({"KWD", 5124}), StatusIs(kRefused));  // 5.124 dinars.
  EXPECT_THAT(ToAmount({"MGA", 550}), StatusIs(kRefused));   // 5.50 ariary.
  EXPECT_THAT(ToMoney("isk", 30050), StatusIs(kRefused));
  EXPECT_THAT(ToAmount({"CLF", 10000}), StatusIs(kRefused));
  EXPECT_THAT(ToAmount({"usd", 500}), StatusIs(kRefused));
  EXPECT_THAT(ToAmount({"USD", -1}), StatusIs(kRefused));
}

TEST(StripeMoney, ComesBackAsItWent) {
  for (const char* currency : {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
                               "VUV", "XAF", "XOF", "XPF", "MGA", "BHD", "JOD", "KWD", "OMR", "TND", "USD", "UAH"}) {
    for (const int64_t amount : {0, 100, 12300, 9999900}) {
      const absl::StatusOr<int64_t> sent = ToAmount({currency, amount});
      ASSERT_THAT(sent, IsOk()) << currency;
      EXPECT_THAT(ToMoney(absl::AsciiStrToLower(currency), *sent), IsOkAndHolds(Money{currency, amount}));
    }
  }
}

TEST(StripeMoney, IsChargedFromAMinimumOn) {
  EXPECT_THAT(CheckChargeable({"USD", 50}), IsOk());
  EXPECT_THAT(CheckChargeable({"USD", 49}), StatusIs(kRefused));
  EXPECT_THAT(CheckChargeable({"JPY", 49}), StatusIs(kRefused));
  EXPECT_THAT(CheckChargeable({"USD", 99999999}), IsOk());
  EXPECT_THAT(CheckChargeable({"USD", 100000000}), StatusIs(kRefused));
  EXPECT_THAT(CheckChargeable({"ISK", 99999999}), StatusIs(kRefused));  // Ten digits, as it would be sent.
  EXPECT_THAT(CheckChargeable({"UAH", 0}), StatusIs(kRefused));
}

}  // namespace
}  // namespace masthead::memberships::stripe
