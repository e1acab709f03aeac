#include "common/auth/jws.h"

#include <memory>
#include <optional>

#include "common/auth/json.h"
#include "common/auth/public_key.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"

namespace masthead::auth {
namespace {

using nlohmann::json;

absl::Status Malformed() { return absl::InvalidArgumentError("no signed text of a known key"); }

}  // namespace

absl::StatusOr<VerifiedJws> VerifyJws(absl::string_view compact, const KeySet& keys) {
  if (compact.size() > kMaxTokenBytes) return Malformed();
  const size_t first = compact.find('.');
  const size_t last = compact.rfind('.');
  if (first == absl::string_view::npos || first == last) return Malformed();
  ASSIGN_OR_RETURN(const std::string header_json, crypto::ParseBase64Url(compact.substr(0, first)));
  // A third dot would be no letter of base64url.
  ASSIGN_OR_RETURN(std::string payload, crypto::ParseBase64Url(compact.substr(first + 1, last - first - 1)));
  ASSIGN_OR_RETURN(const std::string signature, crypto::ParseBase64Url(compact.substr(last + 1)));

  const std::optional<json> header = ParseJsonObject(header_json);
  if (!header.has_value() || header->contains("crit") || header->contains("b64")) return Malformed();
  const std::string* algorithm = FindText(*header, "alg");
  const std::string* kid = FindText(*header, "kid");
  if (algorithm == nullptr || kid == nullptr) return Malformed();
  const std::string* type = FindText(*header, "typ");
  if (header->contains("typ") && type == nullptr) return Malformed();

  const std::shared_ptr<const PublicKey> key = keys.Find(*kid);
  if (key == nullptr || key->algorithm() != *algorithm) return Malformed();
  if (!key->Verify(compact.substr(0, last), signature)) return Malformed();
  return VerifiedJws{type == nullptr ? "" : *type, std::move(payload)};
}

}  // namespace masthead::auth
