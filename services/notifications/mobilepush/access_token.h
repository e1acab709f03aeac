// The right to push, for an hour: given for a service account's signed statement (RFC 7523 section 2.1), and kept.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "services/notifications/mobilepush/service_account.h"

namespace masthead::notifications::mobilepush {

// Used by one thread at a time.
class AccessTokens {
 public:
  // `account` outlives this.
  explicit AccessTokens(const ServiceAccount& account) : account_(account) {}

  // UNAVAILABLE if the token's service cannot be had, PERMISSION_DENIED if it does not know us.
  absl::StatusOr<std::string> Get(const Scope& scope);

  // It was not taken: the next one is a new one.
  void Forget() { renew_time_ = absl::InfinitePast(); }

 private:
  const ServiceAccount& account_;
  std::string token_;
  absl::Time renew_time_ = absl::InfinitePast();
};

}  // namespace masthead::notifications::mobilepush
