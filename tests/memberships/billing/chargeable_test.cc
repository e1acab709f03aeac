#include "services/memberships/billing/chargeable.h"

#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

TEST(Chargeable, ACoupleOfCentsWaitForTheNextInvoice) {
  EXPECT_EQ(Chargeable({"USD", 49}), 0);
  EXPECT_EQ(Chargeable({"USD", 50}), 50);
  EXPECT_EQ(Chargeable({"JPY", 49}), 0);
  EXPECT_EQ(Chargeable({"USD", 0}), 0);
  EXPECT_EQ(Chargeable({"UAH", 1}), 1) << "no provider says otherwise";
}

TEST(Chargeable, ThousandthsAreChargedInTens) {
  EXPECT_EQ(Chargeable({"KWD", 5124}), 5120);
  EXPECT_EQ(Chargeable({"KWD", 5120}), 5120);
  EXPECT_EQ(Chargeable({"KWD", 9}), 0);
}

}  // namespace
}  // namespace masthead::memberships
