#include "services/memberships/admin/api_key.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/memberships/admin/choice.h"

namespace masthead::memberships {
namespace {

constexpr int64_t kMaxDisplayName = 191;
constexpr absl::string_view kScopes[] = {"admin",
                                         "articles.raw_html",
                                         "articles.read",
                                         "articles.write",
                                         "billing.read",
                                         "billing.write",
                                         "members.read",
                                         "members.write",
                                         "notifications.read",
                                         "notifications.send",
                                         "notifications.write",
                                         "payments.ingest",
                                         "tokens.issue"};
constexpr absl::string_view kPrefix = "mhk_";

}  // namespace

std::string ApiKeyName(absl::string_view id) { return absl::StrCat("apiKeys/", id); }

absl::string_view Name(ApiKey::State state) {
  switch (state) {
    case ApiKey::State::kActive:
      return "ACTIVE";
    case ApiKey::State::kExpired:
      return "EXPIRED";
    case ApiKey::State::kRevoked:
      return "REVOKED";
  }
  return "STATE_UNSPECIFIED";
}

ApiKey::State StateAt(const ApiKey& key, absl::Time now) {
  if (key.revoke_time) return ApiKey::State::kRevoked;
  if (key.expire_time && now >= *key.expire_time) return ApiKey::State::kExpired;
  return ApiKey::State::kActive;
}

void CheckScopes(absl::string_view field, std::vector<std::string>& scopes, FieldViolations& violations) {
  if (scopes.empty()) violations.Add(field, "must not be empty");
  CheckChoice(field, kScopes, scopes, violations);
}

void CheckApiKey(absl::string_view field, ApiKey& key, FieldViolations& violations) {
  text::CheckLine(absl::StrCat(field, ".display_name"), key.display_name, kMaxDisplayName, /*required=*/true,
                  violations);
  CheckScopes(absl::StrCat(field, ".scopes"), key.scopes, violations);
}

std::string FormatApiKey(absl::string_view id, absl::string_view secret) {
  return absl::StrCat(kPrefix, id, "_", secret);
}

// An ID has no underscore, so the first one after the prefix ends it; the secret may have some.
std::optional<PresentedKey> ParseApiKey(absl::string_view text) {
  if (!absl::StartsWith(text, kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  const size_t underscore = text.find('_');
  if (underscore == absl::string_view::npos || underscore == 0 || underscore + 1 == text.size()) return std::nullopt;
  return PresentedKey{std::string(text.substr(0, underscore)), std::string(text.substr(underscore + 1))};
}

}  // namespace masthead::memberships
