#include "services/notifications/recipients/endpoint.h"

#include "gtest/gtest.h"

namespace masthead::notifications {
namespace {

TEST(Endpoint, ShowsAsMuchAsItsOwnerRecognises) {
  EXPECT_EQ(MaskMailbox("olha@readers.example"), "o***@readers.example");
  EXPECT_EQ(MaskMailbox("їжак@readers.example"), "ї***@readers.example");
  EXPECT_EQ(MaskPhoneNumber("+380501234567"), "+380*******67");
  EXPECT_EQ(MaskPhoneNumber(""), "***");
}

TEST(Endpoint, TakesTelephoneNumbersAsE164Only) {
  EXPECT_TRUE(IsPhoneNumber("+380501234567"));
  for (const char* none : {"", "+", "380501234567", "+0501234567", "+38050 1234567", "+1234567", "+1234567890123456"}) {
    EXPECT_FALSE(IsPhoneNumber(none)) << none;
  }
}

TEST(Endpoint, TellsTargetsOfChannelsApart) {
  EXPECT_NE(HashOfTarget(kSms, {.phone_number = "x"}), HashOfTarget(kMobilePush, {.token = "x"}));
  EXPECT_EQ(HashOfTarget(kWebPush, {.url = "x", .auth = "a"}), HashOfTarget(kWebPush, {.url = "x", .auth = "b"}))
      << "renewed keys are the same browser's";
}

}  // namespace
}  // namespace masthead::notifications
