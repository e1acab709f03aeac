// Who we are to Google's services: an account for programs, with the key it signs with (RFC 7523).
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/crypto/openssl_ptr.h"
#include "openssl/evp.h"

namespace masthead::notifications::mobilepush {

// Immutable; may be used from any thread. Cannot be printed.
class ServiceAccount {
 public:
  // Of the JSON file that Google Cloud gives for a key of the account. INVALID_ARGUMENT if it is none; the error does
  // not repeat any of it.
  static absl::StatusOr<ServiceAccount> FromJson(absl::string_view json);

  const std::string& project() const { return project_; }
  const std::string& token_uri() const { return token_uri_; }

  // A signed statement (JWT, RS256) that asks for an access token of this scope; good for an hour.
  absl::StatusOr<std::string> Assertion(absl::string_view scope, absl::Time now) const;

 private:
  using Key = std::shared_ptr<EVP_PKEY>;

  ServiceAccount() = default;

  std::string project_;
  std::string email_;
  std::string key_id_;
  std::string token_uri_;
  Key key_;
};

}  // namespace masthead::notifications::mobilepush
