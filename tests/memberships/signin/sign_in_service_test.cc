// Signing in by mail, from the form to the session.
#include "services/memberships/signin/sign_in_service.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "tests/memberships/signin/sign_in_newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto kRefused = absl::StatusCode::kUnauthenticated;
constexpr auto kSignUp = v1::BeginSignInRequest::SIGN_UP;

class SignInTest : public SignInNewsroomTest {
 protected:
  SignInTest() { Register("nina", "nina@example.org"); }

  int Sessions() { return std::stoi(database_.QueryValue("SELECT count(*) FROM sessions")); }
};

TEST_F(SignInTest, AReaderSignsInWithTheLinkFromTheLetter) {
  const auto begun = Begin("Nina@Example.org");
  ASSERT_THAT(begun, IsOk());
  const auto letter = LastLetter();
  EXPECT_EQ(letter.template_(), "templates/sign-in");
  EXPECT_EQ(letter.address(), "Nina@example.org");

  const auto done = CompleteByLink(TokenIn(letter));

  ASSERT_THAT(done, IsOk());
  EXPECT_THAT(done->session().name(), ::testing::StartsWith("members/nina/sessions/"));
  EXPECT_FALSE(done->created());
  EXPECT_THAT(done->access_token().access_token(), ::testing::StartsWith("eyJ"));
  EXPECT_THAT(Refresh(done->refresh_token()), IsOk());
}

TEST_F(SignInTest, AReaderSignsInWithTheCodeOnAnotherDevice) {
  const auto begun = Begin("nina@example.org");
  ASSERT_THAT(begun, IsOk());
  const std::string code = CodeIn(LastLetter());
  ASSERT_THAT(code, SizeIs(6));
  EXPECT_THAT(CompleteByCode(begun->challenge(), code), IsOk());
}

TEST_F(SignInTest, SomebodyNewBecomesAMemberWhenTheLinkIsCompletedAndNotBefore) {
  ASSERT_THAT(Begin("olha@example.org", kSignUp), IsOk());
  const auto letter = LastLetter();
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM members"), "1");
  const auto done = CompleteByLink(TokenIn(letter));
  ASSERT_THAT(done, IsOk());
  EXPECT_TRUE(done->created());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM members"), "2");
  EXPECT_THAT(FeedOf("member.created"), SizeIs(2));
}

TEST_F(SignInTest, WhoIsAMemberAlreadyIsSignedInByASignUp) {
  ASSERT_THAT(Begin("nina@example.org", kSignUp), IsOk());
  const auto done = CompleteByLink(TokenIn(LastLetter()));
  ASSERT_THAT(done, IsOk());
  EXPECT_FALSE(done->created());
  EXPECT_THAT(done->session().name(), ::testing::StartsWith("members/nina/"));
}

TEST_F(SignInTest, AUsedLinkKillsTheCodeAndTheOtherWayRound) {
  auto begun = Begin("nina@example.org");
  auto letter = LastLetter();
  ASSERT_THAT(CompleteByLink(TokenIn(letter)), IsOk());
  EXPECT_THAT(CompleteByCode(begun->challenge(), CodeIn(letter)), StatusIs(kRefused, "SIGN_IN_FAILED"));

  MoveTime(absl::Minutes(2));
  begun = Begin("nina@example.org");
  letter = LastLetter();
  ASSERT_THAT(CompleteByCode(begun->challenge(), CodeIn(letter)), IsOk());
  EXPECT_THAT(CompleteByLink(TokenIn(letter)), StatusIs(kRefused, "SIGN_IN_FAILED"));
  EXPECT_EQ(Sessions(), 2);
}

TEST_F(SignInTest, TheBrowserThatAskedMayRepeatItForTenMinutesAndGetsTheSameSession) {
  const auto begun = Begin("nina@example.org");
  const std::string token = TokenIn(LastLetter());
  const auto first = CompleteByLink(token, begun->challenge_secret());
  ASSERT_THAT(first, IsOk());

  const auto again = CompleteByLink(token, begun->challenge_secret());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->session().name(), first->session().name());
  EXPECT_EQ(again->refresh_token(), first->refresh_token());
  EXPECT_THAT(CompleteByLink(token), StatusIs(kRefused, "SIGN_IN_FAILED"));
  EXPECT_THAT(CompleteByLink(token, "another browser"), StatusIs(kRefused, "SIGN_IN_FAILED"));

  MoveTime(absl::Minutes(11));
  EXPECT_THAT(CompleteByLink(token, begun->challenge_secret()), StatusIs(kRefused, "SIGN_IN_FAILED"));
  EXPECT_EQ(Sessions(), 1);
}

TEST_F(SignInTest, ALinkIsGoodForHalfAnHourAndToSignUpForADay) {
  ASSERT_THAT(Begin("nina@example.org"), IsOk());
  const std::string link = TokenIn(LastLetter());
  ASSERT_THAT(Begin("olha@example.org", kSignUp), IsOk());
  const std::string sign_up = TokenIn(LastLetter());
  MoveTime(absl::Minutes(31));
  EXPECT_THAT(CompleteByLink(link), StatusIs(kRefused, "SIGN_IN_FAILED"));
  MoveTime(absl::Hours(23));
  EXPECT_THAT(CompleteByLink(sign_up), IsOk());
}

TEST_F(SignInTest, FiveWrongCodesEndTheCodeButNotTheLink) {
  const auto begun = Begin("nina@example.org");
  const auto letter = LastLetter();
  const std::string wrong = CodeIn(letter) == "000000" ? "000001" : "000000";
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(CompleteByCode(begun->challenge(), wrong), StatusIs(kRefused, "SIGN_IN_FAILED"));
  }
  EXPECT_THAT(CompleteByCode(begun->challenge(), CodeIn(letter)), StatusIs(kRefused, "SIGN_IN_FAILED"));
  EXPECT_THAT(CompleteByLink(TokenIn(letter)), IsOk());
}

TEST_F(SignInTest, ManyWhoCompleteOneLinkAtOnceGetOneSession) {
  const auto begun = Begin("olha@example.org", kSignUp);
  const std::string token = TokenIn(LastLetter());
  std::vector<absl::StatusOr<Signed>> answers(8, absl::UnknownError(""));
  std::vector<std::thread> callers;
  for (size_t i = 0; i < answers.size(); ++i) {
    callers.emplace_back([&, i] { answers[i] = CompleteByLink(token, i % 2 == 0 ? begun->challenge_secret() : ""); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Sessions(), 1);
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM members"), "2");
  EXPECT_TRUE(std::any_of(answers.begin(), answers.end(), [](const auto& answer) { return answer.ok(); }));
}

TEST_F(SignInTest, TheAnswerIsTheSameWhoeverHasTheAddressAndOnlyTheLetterTells) {
  const auto known = Begin("nina@example.org");
  const auto known_letter = LastLetter();
  const auto unknown = Begin("nobody@example.org");
  const auto unknown_letter = LastLetter();
  ASSERT_THAT(known, IsOk());
  ASSERT_THAT(unknown, IsOk());
  EXPECT_EQ(known->ByteSizeLong(), unknown->ByteSizeLong());
  EXPECT_EQ(known_letter.template_(), "templates/sign-in");
  EXPECT_EQ(unknown_letter.template_(), "templates/sign-in-unknown");
  EXPECT_THAT(TokenIn(unknown_letter), IsEmpty());
  EXPECT_THAT(CodeIn(unknown_letter), IsEmpty());

  const size_t letters = notifications_.letters().size();
  EXPECT_THAT(Begin("spam@throwaway.example", kSignUp), IsOk());
  EXPECT_THAT(Begin("spam@deep.throwaway.example", kSignUp), IsOk());
  EXPECT_THAT(Begin("stranger@example.org", v1::BeginSignInRequest::STAFF_SIGN_IN), IsOk());
  SendMail();
  EXPECT_EQ(notifications_.letters().size(), letters) << "no letter to those";
}

// Medians of many calls in turn, with a margin that only another amount of work could fill.
TEST_F(SignInTest, AnAddressWithoutAnAccountTakesAsLongAsOneWithOne) {
  std::vector<absl::Duration> known, unknown;
  for (int i = 0; i < 25; ++i) {
    Register(absl::StrCat("reader-", i), absl::StrCat("reader-", i, "@example.org"));
    const std::string network = absl::StrCat("198.51.100.", i);
    for (const bool is_known : {true, false}) {
      const std::string email = absl::StrCat(is_known ? "reader-" : "stranger-", i, "@example.org");
      const absl::Time start = absl::Now();
      ASSERT_THAT(Begin(email, v1::BeginSignInRequest::SIGN_IN, network), IsOk());
      (is_known ? known : unknown).push_back(absl::Now() - start);
    }
  }
  std::sort(known.begin(), known.end());
  std::sort(unknown.begin(), unknown.end());
  const double ratio = absl::FDivDuration(known[12], unknown[12]);
  EXPECT_GT(ratio, 0.6) << known[12] << " with, " << unknown[12] << " without";
  EXPECT_LT(ratio, 1.6) << known[12] << " with, " << unknown[12] << " without";
}

TEST_F(SignInTest, AnAddressMayAskOnceAMinuteAndTenTimesAnHourWithItsTags) {
  ASSERT_THAT(Begin("nina@example.org"), IsOk());
  EXPECT_THAT(Begin("nina@example.org"), StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_SIGN_INS"));
  EXPECT_THAT(Begin("nina+news@example.org"), StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_SIGN_INS"));
  for (int i = 1; i < 10; ++i) {
    MoveTime(absl::Seconds(61));
    ASSERT_THAT(Begin(absl::StrCat("nina+", i, "@example.org")), IsOk());
  }
  MoveTime(absl::Seconds(61));
  EXPECT_THAT(Begin("nina@example.org"), StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_SIGN_INS"));
  MoveTime(absl::Minutes(51));
  EXPECT_THAT(Begin("nina@example.org"), IsOk());
}

TEST_F(SignInTest, ANetworkMayAskSixtyTimesAnHourWhateverTheAddresses) {
  for (int i = 0; i < 60; ++i) {
    ASSERT_THAT(Begin(absl::StrCat("reader-", i, "@example.org"), kSignUp, "2001:db8:1:2::7"), IsOk());
  }
  EXPECT_THAT(Begin("one-more@example.org", kSignUp, "2001:db8:1:2:ffff::9"),
              StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_SIGN_INS"))
      << "the first 64 bits are one network";
  EXPECT_THAT(Begin("one-more@example.org", kSignUp, "2001:db8:1:3::7"), IsOk());
}

TEST_F(SignInTest, StaffSignInTheSameWayAndGetATokenByRole) {
  ASSERT_THAT(Call(server_.StaffToken({"admin"}), &Admin::CreateStaffMember, Text<v1::CreateStaffMemberRequest>(R"pb(
                     staff_member_id: "olha"
                     staff_member { email: "olha@example.org" display_name: "Olha" roles: "editor" }
                   )pb")),
              IsOk());
  ASSERT_THAT(Begin("olha@example.org", v1::BeginSignInRequest::STAFF_SIGN_IN), IsOk());
  const auto done = CompleteByLink(TokenIn(LastLetter()));
  ASSERT_THAT(done, IsOk());
  EXPECT_THAT(done->session().name(), ::testing::StartsWith("staffMembers/olha/sessions/"));
  std::string claims;
  const std::vector<std::string> parts = absl::StrSplit(done->access_token().access_token(), '.');
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[1], &claims));
  EXPECT_THAT(claims, ::testing::HasSubstr("editor"));
}

TEST_F(SignInTest, TheReaderComesBackToWhereTheReaderWasButOnlyOnOurSites) {
  v1::BeginSignInRequest request;
  request.set_email("nina@example.org");
  request.set_purpose(v1::BeginSignInRequest::SIGN_IN);
  request.set_client_address("192.0.2.7");
  for (const char* elsewhere :
       {"https://evil.example/", "https://www.news.example.evil.example/", "javascript:alert(1)",
        "https://www.news.example@evil.example/", "https://www.news.example\\.evil.example/"}) {
    request.set_redirect_url(elsewhere);
    EXPECT_THAT(Call(site_, &SignIn::BeginSignIn, request),
                StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"))
        << elsewhere;
  }
  request.set_redirect_url("https://www.news.example/articles/42?from=gate");
  (*request.mutable_attribution())["campaign"] = "spring";
  ASSERT_THAT(Call(site_, &SignIn::BeginSignIn, request), IsOk());
  const auto done = CompleteByLink(TokenIn(LastLetter()));
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->redirect_url(), "https://www.news.example/articles/42?from=gate");
  EXPECT_EQ(done->attribution().at("campaign"), "spring");
}

TEST_F(SignInTest, WhatWasReadWithoutAnAccountCountsOnTheMembersMeter) {
  ASSERT_THAT(Begin("nina@example.org"), IsOk());
  const auto reader = Call(server_.BackendToken({"members.read"}), &Entitlements::IssueAnonymousReader,
                           v1::IssueAnonymousReaderRequest());
  ASSERT_THAT(reader, IsOk());
  const MeterKeys keys(mac_key_);
  database_.Execute(
      absl::StrCat("INSERT INTO meters (policy_id, reader_key, window_start, window_end, articles) VALUES ('free', '",
                   *keys.AnonymousReaderKey(reader->anonymous_reader()),
                   "', db_now() - interval '1 hour', db_now() + interval '1 hour', '{1,2}')"));
  v1::CompleteSignInRequest request;
  request.set_token(TokenIn(LastLetter()));
  request.set_anonymous_reader(reader->anonymous_reader());
  ASSERT_THAT(Call(site_, &SignIn::CompleteSignIn, request), IsOk());
  EXPECT_EQ(database_.QueryValue(absl::StrCat("SELECT articles::text FROM meters WHERE reader_key = '",
                                              MeterKeys::MemberKey("nina"), "'")),
            "{1,2}");
}

TEST_F(SignInTest, NothingThatOpensAnythingNorAnyAddressLiesInTheDatabase) {
  const auto begun = Begin("secret.reader@example.org", kSignUp);
  for (const char* table : {"sign_in_challenges", "sign_in_requests", "outgoing_mail"}) {
    EXPECT_FALSE(DatabaseHolds(table, "secret.reader")) << table;
  }
  const auto letter = LastLetter();
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM outgoing_mail"), "0") << "a letter that is sent is forgotten";
  const auto done = CompleteByLink(TokenIn(letter), begun->challenge_secret());
  ASSERT_THAT(done, IsOk());
  for (const char* table : {"sign_in_challenges", "sessions", "idempotency", "audit_event", "event"}) {
    for (const std::string& secret : {TokenIn(letter), begun->challenge_secret(), done->refresh_token(),
                                      done->access_token().access_token(), std::string("secret.reader")}) {
      EXPECT_FALSE(DatabaseHolds(table, secret)) << table;
      EXPECT_FALSE(DatabaseHolds(table, absl::BytesToHexString(secret))) << table;
    }
  }
}

TEST_F(SignInTest, ALinkThatIsWrongIsToldAsOneThatIsUsed) {
  ASSERT_THAT(Begin("nina@example.org"), IsOk());
  const std::string token = TokenIn(LastLetter());
  const absl::Status wrong = CompleteByLink(crypto::Base64Url(crypto::RandomBytes(32))).status();
  ASSERT_THAT(CompleteByLink(token), IsOk());
  const absl::Status used = CompleteByLink(token).status();
  const absl::Status no_challenge =
      CompleteByCode("signInChallenges/0191e7f0-0000-7000-8000-000000000001", "123456").status();
  EXPECT_EQ(wrong.ToString(), used.ToString());
  EXPECT_EQ(wrong.ToString(), no_challenge.ToString());
}

TEST_F(SignInTest, WhereAMemberCameFromIsRecordedWithTheSignUpAndNotWithLaterSignIns) {
  v1::BeginSignInRequest request;
  request.set_email("olha@example.org");
  request.set_purpose(v1::BeginSignInRequest::SIGN_UP);
  request.set_client_address("192.0.2.7");
  (*request.mutable_attribution())["utm_source"] = "newsletter";
  (*request.mutable_attribution())["article"] = "articles/harvest";
  ASSERT_THAT(Call(site_, &SignIn::BeginSignIn, request), IsOk());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM attributions"), "0") << "nobody has joined yet";
  const auto joined = CompleteByLink(TokenIn(LastLetter()));
  ASSERT_THAT(joined, IsOk());
  EXPECT_TRUE(joined->created());
  const char* recorded =
      "SELECT string_agg(kind || ' ' || (subject_id = member_id) || ' ' || utm_source || ' ' || article, ',') "
      "FROM attributions";
  EXPECT_EQ(database_.QueryValue(recorded), "SIGN_UP true newsletter articles/harvest");

  MoveTime(absl::Minutes(2));
  (*request.mutable_attribution())["utm_source"] = "search";
  ASSERT_THAT(Call(site_, &SignIn::BeginSignIn, request), IsOk());
  ASSERT_THAT(CompleteByLink(TokenIn(LastLetter())), IsOk());
  EXPECT_EQ(database_.QueryValue(recorded), "SIGN_UP true newsletter articles/harvest");
}

}  // namespace
}  // namespace masthead::memberships
