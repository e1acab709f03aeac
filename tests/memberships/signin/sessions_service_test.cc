// Sessions after signing in: refreshed, listed, revoked, stolen.
#include "services/memberships/signin/sessions_service.h"

#include "common/ids/uuid.h"
#include "tests/memberships/signin/sign_in_newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::SizeIs;

constexpr auto kRefused = absl::StatusCode::kUnauthenticated;

class SessionsTest : public SignInNewsroomTest {
 protected:
  absl::StatusOr<v1::ListSessionsResponse> List(const std::string& parent, const std::string& token) {
    v1::ListSessionsRequest request;
    request.set_parent(parent);
    return Call(token, &SignIn::ListSessions, request);
  }
  absl::StatusOr<v1::Session> Revoke(const std::string& name, const std::string& token) {
    v1::RevokeSessionRequest request;
    request.set_name(name);
    return Call(token, &SignIn::RevokeSession, request);
  }
  absl::StatusOr<v1::Session> Check(const std::string& name) {
    v1::CheckSessionRequest request;
    request.set_name(name);
    return Call(site_, &SignIn::CheckSession, request);
  }
  static std::string OwnerOf(const Signed& signed_in) {
    return signed_in.session().name().substr(0, signed_in.session().name().find("/sessions/"));
  }
};

TEST_F(SessionsTest, EachRefreshGivesTheNextTokenAndTheOneShownIsUsedUp) {
  const Signed reader = SignUp("nina@example.org");
  const auto second = Refresh(reader.refresh_token());
  ASSERT_THAT(second, IsOk());
  EXPECT_NE(second->refresh_token(), reader.refresh_token());
  EXPECT_EQ(second->session().name(), reader.session().name());
  EXPECT_THAT(Refresh(second->refresh_token()), IsOk());
}

TEST_F(SessionsTest, AUsedTokenThatIsShownAgainEndsTheWholeSession) {
  const Signed reader = SignUp("nina@example.org");
  const auto second = Refresh(reader.refresh_token());
  ASSERT_THAT(second, IsOk());
  EXPECT_THAT(Refresh(reader.refresh_token()), StatusIs(kRefused, "SESSION_OVER"));
  EXPECT_THAT(Refresh(second->refresh_token()), StatusIs(kRefused, "SESSION_OVER"));
  EXPECT_THAT(Check(reader.session().name()), StatusIs(kRefused, "SESSION_OVER"));
}

TEST_F(SessionsTest, ARepetitionOfTheSameCallGetsTheSameAnswerAndEndsNothing) {
  const Signed reader = SignUp("nina@example.org");
  const std::string request_id = ids::NewUuid();
  const auto first = Refresh(reader.refresh_token(), request_id);
  const auto again = Refresh(reader.refresh_token(), request_id);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(first->refresh_token(), again->refresh_token());
  EXPECT_THAT(Refresh(first->refresh_token()), IsOk());
}

TEST_F(SessionsTest, WhoMakesUpATokenForAKnownSessionEndsNothing) {
  const Signed reader = SignUp("nina@example.org");
  const std::string id = reader.session().name().substr(reader.session().name().rfind('/') + 1);
  for (const std::string& made_up :
       {absl::StrCat("mhr_", id, "_0_", std::string(43, 'A')), absl::StrCat("mhr_", id, "_-1_x"), std::string("mhr_"),
        std::string(), std::string(200, 'x'), absl::StrCat("mhr_", id, "_99999999999_x")}) {
    EXPECT_THAT(Refresh(made_up), StatusIs(kRefused, "SESSION_OVER")) << made_up;
  }
  EXPECT_THAT(Refresh(reader.refresh_token()), IsOk());
}

TEST_F(SessionsTest, ASessionEndsNinetyDaysAfterItsLastUse) {
  const Signed reader = SignUp("nina@example.org");
  MoveTime(absl::Hours(24 * 80));
  const auto second = Refresh(reader.refresh_token());
  ASSERT_THAT(second, IsOk());
  MoveTime(absl::Hours(24 * 80));
  const auto third = Refresh(second->refresh_token());
  ASSERT_THAT(third, IsOk());
  MoveTime(absl::Hours(24 * 91));
  EXPECT_THAT(Refresh(third->refresh_token()), StatusIs(kRefused, "SESSION_OVER"));
}

TEST_F(SessionsTest, AMemberSeesAndEndsTheMembersOwnSessionsAndNoOthers) {
  const Signed nina = SignUp("nina@example.org");
  const Signed olha = SignUp("olha@example.org");
  const std::string as_nina = server_.MemberToken(OwnerOf(nina));
  const auto own = List(OwnerOf(nina), as_nina);
  ASSERT_THAT(own, IsOk());
  EXPECT_THAT(own->sessions(), SizeIs(1));
  EXPECT_THAT(List(OwnerOf(olha), as_nina), StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(Revoke(olha.session().name(), as_nina),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(List("staffMembers/olha", server_.StaffToken({"support"})),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));

  ASSERT_THAT(Revoke(nina.session().name(), as_nina), IsOk());
  EXPECT_THAT(Refresh(nina.refresh_token()), StatusIs(kRefused, "SESSION_OVER"));
  EXPECT_THAT(Refresh(olha.refresh_token()), IsOk());
  EXPECT_THAT(Revoke(absl::StrCat(OwnerOf(nina), "/sessions/0191e7f0-0000-7000-8000-000000000001"), as_nina),
              StatusIs(absl::StatusCode::kNotFound, "SESSION_NOT_FOUND"));
}

TEST_F(SessionsTest, AllSessionsOfAMemberEndAtOnce) {
  const Signed phone = SignUp("nina@example.org");
  const Signed laptop = SignUp("nina@example.org");
  v1::RevokeAllSessionsRequest request;
  request.set_parent(OwnerOf(phone));
  const auto revoked = Call(server_.StaffToken({"support"}), &SignIn::RevokeAllSessions, request);
  ASSERT_THAT(revoked, IsOk());
  EXPECT_EQ(revoked->revoked(), 2);
  EXPECT_THAT(Refresh(phone.refresh_token()), StatusIs(kRefused, "SESSION_OVER"));
  EXPECT_THAT(Refresh(laptop.refresh_token()), StatusIs(kRefused, "SESSION_OVER"));
}

TEST_F(SessionsTest, AMembersSessionsGoWithTheMember) {
  const Signed reader = SignUp("nina@example.org");
  v1::DeleteMemberRequest goodbye;
  goodbye.set_name(OwnerOf(reader));
  goodbye.set_etag("*");
  ASSERT_THAT(Call(Backend(), &Members::DeleteMember, goodbye), IsOk());
  EXPECT_EQ(database_.QueryValue("SELECT end_reason FROM sessions"), "MEMBER_GONE");
  EXPECT_THAT(Refresh(reader.refresh_token()), StatusIs(kRefused, "SESSION_OVER"));
}

TEST_F(SessionsTest, TheSessionUnusedLongestMakesRoomForTheFiftyFirst) {
  const Signed oldest = SignUp("nina@example.org");
  const std::string owner = OwnerOf(oldest).substr(8);
  database_.Execute(absl::StrCat(
      "INSERT INTO sessions (id, member_id, device, nonce, create_time, refresh_time, expire_time) SELECT 's' || n, '",
      owner, "', '', '', db_now(), db_now(), db_now() + interval '1 day' FROM generate_series(1, 49) n"));
  ASSERT_THAT(Refresh(oldest.refresh_token()), IsOk());
  MoveTime(absl::Minutes(1));
  SignUp("nina@example.org");
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM sessions WHERE end_time IS NULL"), "50");
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM sessions WHERE end_reason = 'TOO_MANY'"), "1");
}

}  // namespace
}  // namespace masthead::memberships
