#include "services/memberships/signin/sign_in_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {

absl::Status SignInFailed() {
  return MakeError(absl::StatusCode::kUnauthenticated, "the link or code is no good: ask for another",
                   {kErrorDomain, "SIGN_IN_FAILED"});
}

absl::Status TooManySignIns(absl::Duration wait) {
  return WithRetry(MakeError(absl::StatusCode::kResourceExhausted,
                             "too many sign-ins for this address or from this network; try again later",
                             {kErrorDomain, "TOO_MANY_SIGN_INS"}),
                   wait);
}

absl::Status SessionNotFound(absl::string_view name) {
  return WithResource(MakeError(absl::StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "SESSION_NOT_FOUND", {{"name", std::string(name)}}}),
                      "memberships.masthead.dev/Session", name);
}

absl::Status SessionOver() {
  return MakeError(absl::StatusCode::kUnauthenticated, "the session is over: sign in again",
                   {kErrorDomain, "SESSION_OVER"});
}

}  // namespace masthead::memberships
