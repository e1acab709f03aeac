#include "gtest/gtest.h"
#include "services/notifications/mail/message_id.h"
#include "services/notifications/mail/unsubscribe_token.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications::mail {
namespace {

using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;

constexpr char kToken[] = "AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmQ";
constexpr Unsubscription kWhat = {.recipient = 1234567890123, .topic = 42, .scope = 2};

UnsubscribeTokens Tokens() {
  std::string key;
  for (char c = 0; c < 32; ++c) key += c;
  std::map<uint8_t, crypto::MacKey> keys;
  keys.emplace(7, *crypto::MacKey::FromBytes(key));
  keys.emplace(8, crypto::MacKey::Random());
  return UnsubscribeTokens(std::move(keys), 7);
}

TEST(UnsubscribeToken, IsTheVectorToTheByte) {
  EXPECT_EQ(Tokens().Issue(kWhat), kToken);
  EXPECT_THAT(Tokens().Open(kToken), IsOkAndHolds(kWhat));
}

TEST(UnsubscribeToken, RefusesAFlippedBit) {
  EXPECT_THAT(Tokens().Open("AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmA"),
              StatusIs(absl::StatusCode::kPermissionDenied, "TOKEN_INVALID"));
}

TEST(UnsubscribeToken, RefusesASecondSpellingOfTheSameBytes) {
  EXPECT_THAT(Tokens().Open("AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmR"),
              StatusIs(absl::StatusCode::kPermissionDenied, "TOKEN_INVALID"));
}

TEST(UnsubscribeToken, RefusesEveryOtherLetterAnywhere) {
  const UnsubscribeTokens tokens = Tokens();
  const std::string token = kToken;
  for (size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'B' ? 'C' : 'B';
    EXPECT_THAT(tokens.Open(forged), StatusIs(absl::StatusCode::kPermissionDenied, "TOKEN_INVALID")) << forged;
  }
  for (const std::string& forged : {std::string(), token + "=", token + "A", token.substr(1), token.substr(0, 41),
                                    " " + token, token + "\n", token + token}) {
    EXPECT_THAT(tokens.Open(forged), StatusIs(absl::StatusCode::kPermissionDenied, "TOKEN_INVALID")) << forged;
  }
}

TEST(UnsubscribeToken, OpensTokensOfAnOlderKey) {
  std::map<uint8_t, crypto::MacKey> keys;
  const std::string key(32, 'k');
  keys.emplace(1, *crypto::MacKey::FromBytes(key));
  const std::string old = UnsubscribeTokens(keys, 1).Issue(kWhat);
  keys.emplace(2, crypto::MacKey::Random());
  const UnsubscribeTokens tokens(keys, 2);
  EXPECT_THAT(tokens.Open(old), IsOkAndHolds(kWhat));
  EXPECT_NE(tokens.Issue(kWhat), old);
}

TEST(MessageId, IsTheVectorToTheByte) {
  EXPECT_EQ(MessageId("messages/01JD8ZP6Y0", "endpoints/01JD8ZQ9K4", "mail.kyiv.example"),
            "<l2y3m6b6b5oplgoboosf5xlrrq@mail.kyiv.example>");
}

TEST(MessageId, DiffersByMessageAndEndpoint) {
  const std::string id = MessageId("messages/a", "endpoints/b", "x");
  EXPECT_NE(id, MessageId("messages/a", "endpoints/c", "x"));
  EXPECT_NE(id, MessageId("messages/b", "endpoints/b", "x"));
  EXPECT_EQ(id, MessageId("messages/a", "endpoints/b", "x"));
}

}  // namespace
}  // namespace masthead::notifications::mail
