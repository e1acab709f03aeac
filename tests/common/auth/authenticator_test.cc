#include "common/auth/authenticator.h"

#include <atomic>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/common/auth/test_mint.h"
#include "tests/support/status_matchers.h"

namespace masthead::auth {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using nlohmann::json;

// Keys that can change, and count how often they are asked for: once for each verification.
class ChangingKeySet final : public KeySet {
 public:
  explicit ChangingKeySet(std::unique_ptr<KeySet> keys) : keys_(std::move(keys)) {}

  std::shared_ptr<const PublicKey> Find(absl::string_view kid) const override {
    ++asked_;
    return keys_ == nullptr ? nullptr : keys_->Find(kid);
  }
  bool Ready() const override { return keys_ != nullptr; }
  int64_t Generation() const override { return generation_; }

  void Change(std::unique_ptr<KeySet> keys) {
    keys_ = std::move(keys);
    ++generation_;
  }
  int asked() const { return asked_; }

 private:
  std::unique_ptr<KeySet> keys_;
  int64_t generation_ = 0;
  mutable int asked_ = 0;
};

class AuthenticatorTest : public ::testing::Test {
 protected:
  std::string Token(const json& claims_patch = json::object()) const {
    return mint_.Sign(json::object(), claims_patch);
  }
  absl::StatusOr<std::shared_ptr<const Caller>> Bearer(const std::string& token) const {
    const std::string authorization = "Bearer " + token;
    return authenticator_.Authenticate({.authorization = authorization, .spiffe_id = {}});
  }
  absl::StatusOr<std::shared_ptr<const Caller>> Certificate(absl::string_view spiffe_id) const {
    return authenticator_.Authenticate({.authorization = {}, .spiffe_id = spiffe_id});
  }

  const TestMint mint_{"key-1"};
  ManualClock clock_{kNow};
  ChangingKeySet keys_{Publish({mint_.jwk()})};
  const Authenticator authenticator_{keys_, clock_, {.max_cached_tokens = 64}};
};

TEST_F(AuthenticatorTest, TakesNobodyForAnonymous) {
  const auto caller = authenticator_.Authenticate({});
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ((*caller)->kind, Caller::Kind::kAnonymous);
  EXPECT_EQ((*caller)->subject, "");
}

TEST_F(AuthenticatorTest, KnowsTheBearerOfAToken) {
  const auto caller = Bearer(Token());
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ((*caller)->kind, Caller::Kind::kMember);
  EXPECT_EQ((*caller)->subject, "members/olena");
  EXPECT_EQ((*caller)->tiers, std::vector<std::string>({"tiers/gold"}));
}

TEST_F(AuthenticatorTest, ReadsTheSchemeInAnyCase) {
  const std::string authorization = "bEARER " + Token();
  EXPECT_THAT(authenticator_.Authenticate({.authorization = authorization, .spiffe_id = {}}), IsOk());
}

TEST_F(AuthenticatorTest, RefusesEverythingThatIsNoBearerToken) {
  const std::string token = Token();
  for (const std::string& authorization :
       {std::string("Bearer"), std::string("Bearer "), "Bearer  " + token, "Bearer " + token + " ", token,
        "Basic " + token, "Bearer\t" + token, "Bearer " + token + ", Bearer " + token, std::string("x")}) {
    EXPECT_THAT(authenticator_.Authenticate({.authorization = authorization, .spiffe_id = {}}),
                StatusIs(absl::StatusCode::kUnauthenticated, "CREDENTIALS_INVALID"))
        << authorization;
  }
}

TEST_F(AuthenticatorTest, RefusesABadTokenEvenWithAGoodCertificate) {
  const std::string authorization = "Bearer nonsense";
  EXPECT_THAT(authenticator_.Authenticate({.authorization = authorization, .spiffe_id = "spiffe://masthead/articles"}),
              StatusIs(absl::StatusCode::kUnauthenticated, "CREDENTIALS_INVALID"));
}

TEST_F(AuthenticatorTest, LetsTheTokenWinOverTheCertificate) {
  const std::string authorization = "Bearer " + Token();
  const auto caller =
      authenticator_.Authenticate({.authorization = authorization, .spiffe_id = "spiffe://masthead/articles"});
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ((*caller)->subject, "members/olena");
}

TEST_F(AuthenticatorTest, KnowsAServiceByItsSpiffeId) {
  const auto caller = Certificate("spiffe://masthead/notifications");
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ((*caller)->kind, Caller::Kind::kService);
  EXPECT_EQ((*caller)->service(), "notifications");
  EXPECT_EQ((*caller)->principal(), "services/notifications");
}

TEST_F(AuthenticatorTest, RefusesEveryOtherSpiffeId) {
  for (const char* id :
       {"spiffe://other/notifications", "spiffe://masthead.evil/notifications", "spiffe://mastheadx/notifications",
        "spiffe://masthead", "spiffe://masthead/", "spiffe://masthead/a/b", "spiffe://masthead//notifications",
        "spiffe://masthead/notifications/", "SPIFFE://masthead/notifications", "https://masthead/notifications",
        "spiffe://masthead/Notifications", "spiffe://masthead/notifications?x=1", "spiffe://masthead/notifications#x",
        "spiffe://masthead/../articles", "notifications"}) {
    EXPECT_THAT(Certificate(id), StatusIs(absl::StatusCode::kUnauthenticated, "CREDENTIALS_INVALID")) << id;
  }
}

TEST_F(AuthenticatorTest, VerifiesATokenOnce) {
  const std::string token = Token();
  const auto first = Bearer(token);
  const auto second = Bearer(token);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(keys_.asked(), 1);
}

TEST_F(AuthenticatorTest, VerifiesABadTokenEachTime) {
  const std::string token = Token({{"aud", "somebody"}});
  EXPECT_FALSE(Bearer(token).ok());
  EXPECT_FALSE(Bearer(token).ok());
  EXPECT_EQ(keys_.asked(), 2);
}

TEST_F(AuthenticatorTest, ForgetsATokenThatExpires) {
  const std::string token = Token();
  EXPECT_THAT(Bearer(token), IsOk());
  clock_.Set(kNow + absl::Seconds(659));
  EXPECT_THAT(Bearer(token), IsOk());
  clock_.Set(kNow + absl::Seconds(660));
  EXPECT_THAT(Bearer(token), StatusIs(absl::StatusCode::kUnauthenticated, "CREDENTIALS_INVALID"));
}

TEST_F(AuthenticatorTest, ForgetsTokensOfAKeyThatWasRemoved) {
  const std::string token = Token();
  EXPECT_THAT(Bearer(token), IsOk());
  const TestMint next("key-2");
  keys_.Change(Publish({mint_.jwk(), next.jwk()}));
  EXPECT_THAT(Bearer(token), IsOk());
  EXPECT_EQ(keys_.asked(), 2);
  keys_.Change(Publish({next.jwk()}));
  EXPECT_THAT(Bearer(token), StatusIs(absl::StatusCode::kUnauthenticated, "CREDENTIALS_INVALID"));
}

TEST_F(AuthenticatorTest, AsksToComeBackWhileThereAreNoKeys) {
  keys_.Change(nullptr);
  EXPECT_THAT(Bearer(Token()), StatusIs(absl::StatusCode::kUnavailable, "SERVER_BUSY"));
  EXPECT_THAT(authenticator_.Authenticate({}), IsOk());
  EXPECT_THAT(Certificate("spiffe://masthead/articles"), IsOk());
}

TEST_F(AuthenticatorTest, KeepsABoundedNumberOfTokens) {
  const std::string kept = Token();
  EXPECT_THAT(Bearer(kept), IsOk());
  // Far more than fit; the one in constant use stays.
  for (int i = 0; i < 1000; ++i) {
    EXPECT_THAT(Bearer(Token({{"jti", absl::StrCat("token-", i)}})), IsOk());
    EXPECT_THAT(Bearer(kept), IsOk());
  }
  EXPECT_EQ(keys_.asked(), 1001);
  // The first of the others has left.
  const std::string early = Token({{"jti", "early"}});
  EXPECT_THAT(Bearer(early), IsOk());
  for (int i = 1000; i < 3000; ++i) EXPECT_THAT(Bearer(Token({{"jti", absl::StrCat("token-", i)}})), IsOk());
  const int asked = keys_.asked();
  EXPECT_THAT(Bearer(early), IsOk());
  EXPECT_EQ(keys_.asked(), asked + 1);
}

}  // namespace
}  // namespace masthead::auth
