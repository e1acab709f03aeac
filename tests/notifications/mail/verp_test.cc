#include "services/notifications/mail/verp.h"

#include "absl/strings/ascii.h"
#include "gtest/gtest.h"
#include "services/notifications/mail/base32.h"
#include "services/notifications/mail/header_text.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications::mail {
namespace {

using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;

constexpr ReturnToken kWhat = {.message = 281'474'976'710'655, .delivery = 1'099'511'627'775};

VerpTokens Tokens() {
  std::map<uint8_t, crypto::MacKey> keys;
  keys.emplace(1, *crypto::MacKey::FromBytes(std::string(32, 'k')));
  return VerpTokens(std::move(keys), 1);
}

TEST(Verp, LeadsABounceBackToItsDelivery) {
  const std::string path = Tokens().ReturnPath("bounces@news.example", kWhat);
  EXPECT_TRUE(CheckAddress("mail_from", path, false).ok()) << path;
  EXPECT_THAT(Tokens().OpenReturnPath(path), IsOkAndHolds(kWhat));
}

TEST(Verp, SurvivesServersThatChangeTheCase) {
  const std::string path = Tokens().ReturnPath("bounces@news.example", kWhat);
  EXPECT_EQ(path, absl::AsciiStrToLower(path));
  EXPECT_THAT(Tokens().OpenReturnPath(absl::AsciiStrToUpper(path)), IsOkAndHolds(kWhat));
}

TEST(Verp, RefusesEveryOtherLetterAnywhere) {
  const VerpTokens tokens = Tokens();
  const std::string token = tokens.Issue(kWhat);
  for (size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'a' ? 'b' : 'a';
    EXPECT_THAT(tokens.Open(forged), StatusIs(absl::StatusCode::kPermissionDenied, "TOKEN_INVALID")) << i;
  }
  for (const char* text : {"", "a", "bounces@news.example", "x+@news.example"}) {
    EXPECT_THAT(tokens.OpenReturnPath(text), StatusIs(absl::StatusCode::kPermissionDenied, "TOKEN_INVALID")) << text;
  }
}

TEST(Verp, LeavesAnAddressAloneThatHasNoRoomForIt) {
  const std::string address = std::string(24, 'b') + "@news.example";
  EXPECT_EQ(Tokens().ReturnPath(address, kWhat), address);
}

TEST(Base32, HasOneSpellingForBytes) {
  EXPECT_EQ(Base32("foobar"), "mzxw6ytboi");
  EXPECT_EQ(ParseBase32("MZXW6ytboi"), "foobar");
  for (const char* text : {"mzxw6ytboj", "mzxw6ytboi=", "m", "mzx", "1a"}) EXPECT_EQ(ParseBase32(text), std::nullopt);
}

}  // namespace
}  // namespace masthead::notifications::mail
