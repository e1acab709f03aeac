#include "services/memberships/support/touch.h"

#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

TEST(TouchTest, WhatMayNotStandIsLeftOutAndNothingFails) {
  EXPECT_EQ(ParseTouch("no JSON"), Touch());
  EXPECT_EQ(ParseTouch("[]"), Touch());
  const Touch touch = ParseTouch(R"json({"utm_source": "newsletter", "utm_medium": 7, "unknown": "x"})json");
  EXPECT_EQ(touch.utm_source, "newsletter");
  EXPECT_EQ(touch.utm_medium, "");
}

}  // namespace
}  // namespace masthead::memberships
