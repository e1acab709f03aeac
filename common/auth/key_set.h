// The public keys that tokens are signed with (RFC 7517).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"

namespace masthead::auth {

class PublicKey;  // An ES256 or RS256 key; the algorithm belongs to the key, never to the token.

// Finds keys by `kid`. Thread-safe.
class KeySet {
 public:
  virtual ~KeySet() = default;
  // Null if there is no such key.
  virtual std::shared_ptr<const PublicKey> Find(absl::string_view kid) const = 0;

  // False while there are no keys to verify with: not fetched yet, or too old to be trusted.
  virtual bool Ready() const { return true; }

  // Changes whenever a key may have gone: what was verified before has to be verified again.
  virtual int64_t Generation() const { return 0; }
};

// Keys from a JSON Web Key Set document, fixed. Keys that we have no use for are left out (RFC 7517 section 5).
// INVALID_ARGUMENT if none is left, if two share a kid, or if the document publishes a secret: a private or symmetric
// key.
absl::StatusOr<std::unique_ptr<KeySet>> ParseKeySet(absl::string_view jwks_json);

// Keys fetched from their publisher by `fetch`, which returns a JWKS document, or fails, within seconds: at start in
// the background, again every `refresh`, and for an unknown kid, at most every 30 s. The last good set serves for an
// hour while fetching fails; it is tried again after a second, then less and less often, up to every 30 s. Find() never
// waits for a fetch: publish a key before you sign with it.
std::unique_ptr<KeySet> FetchedKeySet(std::function<absl::StatusOr<std::string>()> fetch, const Clock& clock,
                                      absl::Duration refresh = absl::Minutes(5));

}  // namespace masthead::auth
