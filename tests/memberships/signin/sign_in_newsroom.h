// A newsroom whose readers sign in: what the backend, the reader's browser and the reader's inbox do.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {

class SignInNewsroomTest : public NewsroomTest {
 protected:
  using Begun = v1::BeginSignInResponse;
  using Signed = v1::CompleteSignInResponse;

  absl::StatusOr<Begun> Begin(const std::string& email,
                              v1::BeginSignInRequest::Purpose purpose = v1::BeginSignInRequest::SIGN_IN,
                              const std::string& client_address = "192.0.2.7") {
    v1::BeginSignInRequest request;
    request.set_email(email);
    request.set_purpose(purpose);
    request.set_client_address(client_address);
    return Call(site_, &SignIn::BeginSignIn, request);
  }

  absl::StatusOr<Signed> CompleteByLink(const std::string& token, const std::string& secret = "") {
    v1::CompleteSignInRequest request;
    request.set_token(token);
    request.set_challenge_secret(secret);
    return Call(site_, &SignIn::CompleteSignIn, request);
  }

  absl::StatusOr<Signed> CompleteByCode(const std::string& challenge, const std::string& code,
                                        const std::string& secret = "") {
    v1::CompleteSignInRequest request;
    request.mutable_code()->set_challenge(challenge);
    request.mutable_code()->set_code(code);
    request.set_challenge_secret(secret);
    return Call(site_, &SignIn::CompleteSignIn, request);
  }

  absl::StatusOr<v1::RefreshSessionResponse> Refresh(const std::string& refresh_token,
                                                     const std::string& request_id = "") {
    v1::RefreshSessionRequest request;
    request.set_refresh_token(refresh_token);
    request.set_request_id(request_id);
    return Call("", &SignIn::RefreshSession, request);
  }

  // What the last letter says.
  NotificationsStandIn::Letter LastLetter() {
    SendMail();
    const auto letters = notifications_.letters();
    EXPECT_FALSE(letters.empty()) << "no letter came";
    return letters.empty() ? NotificationsStandIn::Letter() : letters.back();
  }
  static std::string TokenIn(const NotificationsStandIn::Letter& letter) {
    const auto link = letter.values().find("link");
    if (link == letter.values().end() || link->second.find("?token=") == std::string::npos) return "";
    return link->second.substr(link->second.find("?token=") + 7);
  }
  static std::string CodeIn(const NotificationsStandIn::Letter& letter) {
    const auto code = letter.values().find("code");
    return code == letter.values().end() ? "" : code->second;
  }

  Signed SignUp(const std::string& email) {
    EXPECT_THAT(Begin(email, v1::BeginSignInRequest::SIGN_UP), testing::IsOk());
    const absl::StatusOr<Signed> done = CompleteByLink(TokenIn(LastLetter()));
    EXPECT_THAT(done, testing::IsOk());
    MoveTime(absl::Minutes(2));  // Past the limit of one a minute.
    return done.value_or(Signed());
  }

  // The whole database as text, to look for what must not be in it.
  bool DatabaseHolds(const std::string& table, const std::string& text) {
    return database_.QueryValue(absl::StrCat("SELECT count(*) FROM ", table, " t WHERE t::text LIKE '%", text, "%'")) !=
           "0";
  }

  const std::string site_ = server_.BackendToken({"tokens.issue"});
};

}  // namespace masthead::memberships
