#include "services/notifications/recipients/confirmation_token.h"

#include "gtest/gtest.h"

namespace masthead::notifications {
namespace {

const Confirmation kWhat = {
    .recipient = 1234567890123, .topic = 42, .endpoint = 7, .expire_time = absl::FromUnixSeconds(1800000000)};

TEST(ConfirmationToken, SaysWhatItWasMadeFor) {
  const ConfirmationTokens tokens(crypto::MacKey::Random());
  EXPECT_EQ(tokens.Open(tokens.Issue(kWhat)).value(), kWhat);
}

TEST(ConfirmationToken, IsGoodToTheLetterAndUnderOurKeyOnly) {
  const ConfirmationTokens tokens(crypto::MacKey::Random());
  const std::string token = tokens.Issue(kWhat);
  for (size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.Open(other).ok()) << i;
  }
  EXPECT_FALSE(tokens.Open(token + "A").ok());
  EXPECT_FALSE(tokens.Open("").ok());
  EXPECT_FALSE(ConfirmationTokens(crypto::MacKey::Random()).Open(token).ok());
}

}  // namespace
}  // namespace masthead::notifications
