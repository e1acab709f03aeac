#include "common/auth/key_set.h"

#include <map>
#include <optional>
#include <utility>

#include "common/auth/json.h"
#include "common/auth/public_key.h"

namespace masthead::auth {
namespace {

using nlohmann::json;

constexpr size_t kMaxDocumentBytes = size_t{256} * 1024;
constexpr size_t kMaxKidBytes = 256;

class FixedKeySet final : public KeySet {
 public:
  using Keys = std::map<std::string, std::shared_ptr<const PublicKey>, std::less<>>;

  explicit FixedKeySet(Keys keys) : keys_(std::move(keys)) {}

  std::shared_ptr<const PublicKey> Find(absl::string_view kid) const override {
    const auto key = keys_.find(std::string(kid));
    return key == keys_.end() ? nullptr : key->second;
  }

 private:
  const Keys keys_;
};

// `k` is a symmetric key, `d` the secret of an EC or RSA key.
bool IsSecret(const json& jwk) { return jwk.contains("k") || jwk.contains("d"); }

}  // namespace

absl::StatusOr<std::unique_ptr<KeySet>> ParseKeySet(absl::string_view jwks_json) {
  if (jwks_json.size() > kMaxDocumentBytes) return absl::InvalidArgumentError("the key set is too large");
  const std::optional<json> document = ParseJsonObject(jwks_json);
  if (!document.has_value()) return absl::InvalidArgumentError("the key set is no JSON object");
  const auto published = document->find("keys");
  if (published == document->end() || !published->is_array())
    return absl::InvalidArgumentError("the key set has no keys");
  FixedKeySet::Keys keys;
  for (const json& jwk : *published) {
    if (!jwk.is_object()) return absl::InvalidArgumentError("the key set holds something that is no key");
    if (IsSecret(jwk)) return absl::InvalidArgumentError("the key set publishes a secret");
    const std::string* kid = FindText(jwk, "kid");
    if (kid == nullptr || kid->size() > kMaxKidBytes) continue;
    absl::StatusOr<std::shared_ptr<const PublicKey>> key = PublicKey::FromJwk(jwk);
    if (!key.ok()) continue;
    if (!keys.emplace(*kid, *std::move(key)).second)
      return absl::InvalidArgumentError("the key set has two keys with one kid");
  }
  if (keys.empty()) return absl::InvalidArgumentError("the key set has no key for ES256 or RS256");
  return std::make_unique<FixedKeySet>(std::move(keys));
}

}  // namespace masthead::auth
