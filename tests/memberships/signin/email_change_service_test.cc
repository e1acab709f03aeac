// A new address: both the old one and the new one say yes.
#include "services/memberships/signin/email_change_service.h"

#include "tests/memberships/signin/sign_in_newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

class EmailChangeTest : public SignInNewsroomTest {
 protected:
  EmailChangeTest() { Register("nina", "nina@example.org"); }

  absl::StatusOr<v1::BeginEmailChangeResponse> Change(const std::string& email) {
    v1::BeginEmailChangeRequest request;
    request.set_member("members/nina");
    request.set_email(email);
    request.set_client_address("192.0.2.7");
    return Call(server_.MemberToken("members/nina"), &SignIn::BeginEmailChange, request);
  }
  absl::StatusOr<v1::CompleteEmailChangeResponse> Confirm(const std::string& token) {
    v1::CompleteEmailChangeRequest request;
    request.set_token(token);
    return Call(site_, &SignIn::CompleteEmailChange, request);
  }
  // The token that was sent to an address; empty if none was.
  std::string TokenTo(const std::string& address) {
    SendMail();
    std::string token;
    for (const auto& letter : notifications_.letters()) {
      if (letter.address() == address) token = TokenIn(letter);
    }
    return token;
  }
  std::string AddressOfNina() {
    v1::GetMemberRequest request;
    request.set_name("members/nina");
    return Call(Backend(), &Members::GetMember, request)->email();
  }
};

TEST_F(EmailChangeTest, TakesEffectWhenBothAddressesHaveConfirmed) {
  ASSERT_THAT(Change("new@example.org"), IsOk());
  const std::string old_token = TokenTo("nina@example.org"), new_token = TokenTo("new@example.org");
  const auto first = Confirm(new_token);
  ASSERT_THAT(first, IsOk());
  EXPECT_FALSE(first->changed());
  EXPECT_FALSE(Confirm(new_token)->changed()) << "one address twice is not both";
  EXPECT_EQ(AddressOfNina(), "nina@example.org");
  EXPECT_TRUE(Confirm(old_token)->changed());
  EXPECT_EQ(AddressOfNina(), "new@example.org");
  EXPECT_TRUE(Confirm(new_token)->changed()) << "repeating it changes nothing";
}

TEST_F(EmailChangeTest, AnAddressOfSomebodyElseGetsNoLetterAndTheAnswerIsTheSame) {
  Register("olha", "olha@example.org");
  ASSERT_THAT(Change("olha@example.org"), IsOk());
  EXPECT_EQ(TokenTo("olha@example.org"), "");
  EXPECT_THAT(Confirm(TokenTo("nina@example.org")), IsOk());
}

TEST_F(EmailChangeTest, AnAddressThatWasTakenMeanwhileIsNotGivenTwice) {
  ASSERT_THAT(Change("new@example.org"), IsOk());
  const std::string old_token = TokenTo("nina@example.org"), new_token = TokenTo("new@example.org");
  ASSERT_THAT(Confirm(old_token), IsOk());
  Register("olha", "new@example.org");
  EXPECT_THAT(Confirm(new_token), StatusIs(absl::StatusCode::kAlreadyExists, "MEMBER_EXISTS"));
  EXPECT_EQ(AddressOfNina(), "nina@example.org");
}

TEST_F(EmailChangeTest, ALaterChangeReplacesTheOneBeforeAndOldLinksDie) {
  ASSERT_THAT(Change("first@example.org"), IsOk());
  const std::string old_link = TokenTo("nina@example.org");
  ASSERT_THAT(Change("second@example.org"), IsOk());
  EXPECT_THAT(Confirm(old_link), StatusIs(absl::StatusCode::kUnauthenticated, "SIGN_IN_FAILED"));
  const std::string later = TokenTo("nina@example.org");
  MoveTime(absl::Hours(25));
  EXPECT_THAT(Confirm(later), StatusIs(absl::StatusCode::kUnauthenticated, "SIGN_IN_FAILED"));
}

TEST_F(EmailChangeTest, NobodyChangesAnotherMembersAddress) {
  v1::BeginEmailChangeRequest request;
  request.set_member("members/nina");
  request.set_email("mine@example.org");
  request.set_client_address("192.0.2.7");
  EXPECT_THAT(Call(server_.MemberToken("members/olha"), &SignIn::BeginEmailChange, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
}

}  // namespace
}  // namespace masthead::memberships
