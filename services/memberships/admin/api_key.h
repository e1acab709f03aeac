// The key of a backend: `mhk_{id}_{secret}`. Told once; only a hash of the secret is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::memberships {

struct ApiKey {
  enum class State { kActive, kExpired, kRevoked };

  std::string id;
  std::string secret_hash;  // SHA-256 of the secret, 32 bytes.
  std::string display_name;
  std::vector<std::string> scopes;  // Sorted, without repetition.
  int64_t revision = 1;
  absl::Time create_time;
  std::optional<absl::Time> expire_time;
  std::optional<absl::Time> revoke_time;
};

std::string ApiKeyName(absl::string_view id);

absl::string_view Name(ApiKey::State state);
ApiKey::State StateAt(const ApiKey& key, absl::Time now);

// Sorts `scopes` and drops repetitions; adds a violation for each that is none, and for none at all.
void CheckScopes(absl::string_view field, std::vector<std::string>& scopes, FieldViolations& violations);

void CheckApiKey(absl::string_view field, ApiKey& key, FieldViolations& violations);

// The two parts of a key as a backend shows it.
struct PresentedKey {
  std::string id;
  std::string secret;
};

std::string FormatApiKey(absl::string_view id, absl::string_view secret);

// Empty if `text` does not have the form of a key.
std::optional<PresentedKey> ParseApiKey(absl::string_view text);

}  // namespace masthead::memberships
