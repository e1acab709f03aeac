#include "services/notifications/dkim/signer.h"

#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/notifications/dkim/canonical.h"
#include "services/notifications/dkim/signing_pool.h"

namespace masthead::notifications::dkim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// RFC 8463 appendix A.
constexpr char kSeed[] = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
constexpr char kHeaders[] =
    "From: Joe SixPack <joe@football.example.com>\r\n"
    "To: Suzie Q <suzie@shopping.example.net>\r\n"
    "Subject: Is dinner ready?\r\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n";
constexpr char kBody[] = "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";

std::shared_ptr<const SigningKey> Ed25519() {
  std::string seed;
  EXPECT_TRUE(absl::Base64Unescape(kSeed, &seed));
  return std::make_shared<const SigningKey>(*SigningKey::FromEd25519Seed(seed));
}

std::string Letter(absl::string_view more_headers, absl::string_view body) {
  return absl::StrCat(kHeaders, more_headers, "\r\n", body);
}

std::string Signed(const std::string& letter, BodyHashes& hashes) {
  return *Sign(letter, {{.domain = "news.example", .selector = "brisbane", .key = Ed25519()}},
               absl::FromUnixSeconds(1528637909), hashes);
}

std::string NamesOf(const std::string& letter) {
  const std::string flat = absl::StrReplaceAll(letter, {{"\r\n ", ""}});
  const size_t start = flat.find("h=from");
  return flat.substr(start, flat.find(';', start) - start);
}

TEST(SigningKey, SignsTheExampleOfRfc8463ToTheByte) {
  const Message message = Parse(Letter("", absl::StrReplaceAll(kBody, {{".  Are", ". Are"}})));
  EXPECT_EQ(BodyHash(message.body, Canonicalization::kRelaxed), "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
  const std::string letter = Letter("", kBody);
  const std::string field =
      "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
      " d=football.example.com; i=@football.example.com;\r\n"
      " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
      " subject : date : message-id : from : subject : date;\r\n"
      " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
      " b=";
  const std::string data =
      SignedData(Parse(letter).fields, {"from", "to", "subject", "date", "message-id", "from", "subject", "date"},
                 field, Canonicalization::kRelaxed);
  EXPECT_EQ(*Ed25519()->Sign(data),
            "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==");
}

TEST(BodyHash, KeepsTwoSpacesApartFromOneInTheSimpleFormOnly) {
  EXPECT_EQ(BodyHash(kBody, Canonicalization::kRelaxed), "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
  EXPECT_EQ(BodyHash(kBody, Canonicalization::kSimple), "4bLNXImK9drULnmePzZNEBleUanJCX5PIsDIFoH4KTQ=");
}

TEST(Signer, OverSignsWhatAReaderGoesByAndNeverLimitsTheLength) {
  BodyHashes hashes;
  const std::string letter = Signed(Letter("", kBody), hashes);
  EXPECT_EQ(NamesOf(letter), "h=from:to:subject:date:message-id:from:subject:date");
  EXPECT_THAT(letter, Not(HasSubstr(" l=")));
  EXPECT_TRUE(absl::EndsWith(letter, Letter("", kBody)));
}

TEST(Signer, SignsBothFieldsOfOneClickUnsubscription) {
  BodyHashes hashes;
  const std::string letter = Signed(Letter("List-Unsubscribe: <https://news.example/u/A>\r\n"
                                           "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                                           kBody),
                                    hashes);
  EXPECT_THAT(NamesOf(letter), HasSubstr(":list-unsubscribe:list-unsubscribe-post:"));
}

TEST(Signer, MakesTheSameBytesForTheSameLetterAndTime) {
  BodyHashes first, second;
  EXPECT_EQ(Signed(Letter("", kBody), first), Signed(Letter("", kBody), second));
}

TEST(Signer, DoesNotTakeTheHashOfAnotherBody) {
  BodyHashes shared, fresh;
  Signed(Letter("", kBody), shared);
  EXPECT_EQ(Signed(Letter("", "Another.\r\n"), shared), Signed(Letter("", "Another.\r\n"), fresh));
}

TEST(Signer, KeepsItsLinesShort) {
  BodyHashes hashes;
  const std::string letter = Signed(Letter("", kBody), hashes);
  for (size_t at = 0; at < letter.size();) {
    const size_t end = letter.find("\r\n", at);
    EXPECT_LE(end - at, 78U) << letter.substr(at, end - at);
    at = end + 2;
  }
}

TEST(SigningKey, RefusesWhatReceiversRefuseWithoutRepeatingIt) {
  const absl::Status status = SigningKey::FromPem("-----BEGIN PRIVATE KEY-----\nsecret\n").status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
}

TEST(SigningPool, SignsEveryLetterOnceForManyWhoAskAtOnce) {
  SigningPool pool(2);
  const std::vector<Identity> identities = {{.domain = "news.example", .selector = "brisbane", .key = Ed25519()}};
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 3; ++sender) {
    senders.emplace_back([&, sender] {
      for (int round = 0; round < 20; ++round) {
        std::vector<std::string> letters;
        for (int i = 0; i < 37; ++i) letters.push_back(Letter("", absl::StrCat(sender, " ", i / 10, "\r\n")));
        std::vector<std::string> expected = letters;
        BodyHashes hashes;
        for (std::string& letter : expected) letter = Signed(letter, hashes);
        std::vector<std::string*> places;
        for (std::string& letter : letters) places.push_back(&letter);
        ASSERT_TRUE(pool.Sign(places, identities, absl::FromUnixSeconds(1528637909)).ok());
        EXPECT_EQ(letters, expected);
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
}

}  // namespace
}  // namespace masthead::notifications::dkim
