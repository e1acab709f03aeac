// Signing in and sessions, to and from the wire.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/memberships/v1/sign_in_service.pb.h"
#include "services/memberships/signin/challenge.h"
#include "services/memberships/signin/session.h"
#include "services/memberships/signin/sign_in_options.h"

namespace masthead::memberships {

v1::Session ToProto(const Session& session);

struct SignInWish {
  SignInPurpose purpose = SignInPurpose::kSignIn;
  SignInErrand errand;
  std::string network;
};
SignInWish ParseSignInWish(const v1::BeginSignInRequest& request, const SignInOptions& options,
                           FieldViolations& violations);

// The network of an IP address, as requests are limited by it.
std::string ParseNetwork(absl::string_view field, const std::string& address, FieldViolations& violations);

// What was shown to complete a sign-in: a token, or a challenge and its code.
struct SignInProof {
  std::string token;
  std::string challenge_id;
  std::string code;
  std::string challenge_secret;
  std::string device;
};
SignInProof ParseSignInProof(const v1::CompleteSignInRequest& request, FieldViolations& violations);

SessionOwner ParseSessionOwner(absl::string_view field, absl::string_view name, FieldViolations& violations);

struct SessionId {
  SessionOwner owner;
  std::string id;
};
SessionId ParseSessionName(absl::string_view field, absl::string_view name, FieldViolations& violations);

// At most 100 bytes, and not empty.
void CheckSecret(absl::string_view field, const std::string& secret, FieldViolations& violations);

}  // namespace masthead::memberships
