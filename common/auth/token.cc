#include "common/auth/token.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/auth/json.h"
#include "common/auth/jws.h"
#include "common/base/errors.h"

namespace masthead::auth {
namespace {

using nlohmann::json;

constexpr size_t kMaxNames = 100;
// 9999-12-31T23:59:59Z: later ones do not fit into a timestamp.
constexpr uint64_t kMaxUnixSeconds = 253402300799;

// RFC 7519 allows fractions; nobody needs them, and a float in place of a time is how checks are fooled.
std::optional<absl::Time> TimeOf(const json& body, const char* name) {
  const auto member = body.find(name);
  if (member == body.end()) return std::nullopt;
  const auto* seconds = member->get_ptr<const json::number_unsigned_t*>();
  if (seconds == nullptr || *seconds > kMaxUnixSeconds) return std::nullopt;
  return absl::FromUnixSeconds(static_cast<int64_t>(*seconds));
}

// An absent member is an empty list.
std::optional<std::vector<std::string>> NamesOf(const json& body, const char* name) {
  const auto member = body.find(name);
  if (member == body.end()) return std::vector<std::string>();
  if (!member->is_array() || member->size() > kMaxNames) return std::nullopt;
  std::vector<std::string> names;
  for (const json& item : *member) {
    const auto* text = item.get_ptr<const std::string*>();
    if (text == nullptr || text->empty()) return std::nullopt;
    names.push_back(*text);
  }
  return names;
}

// RFC 9068 section 2.2.3: words with a space between them.
std::optional<std::vector<std::string>> ScopesOf(const json& body) {
  const auto member = body.find("scope");
  if (member == body.end()) return std::vector<std::string>();
  const auto* text = member->get_ptr<const std::string*>();
  if (text == nullptr) return std::nullopt;
  std::vector<std::string> scopes = absl::StrSplit(*text, ' ', absl::SkipEmpty());
  if (scopes.size() > kMaxNames) return std::nullopt;
  return scopes;
}

// RFC 7519 section 4.1.3: one audience, or a list of them.
bool IsFor(const json& body, absl::string_view audience) {
  const auto member = body.find("aud");
  if (member == body.end()) return false;
  if (const auto* text = member->get_ptr<const std::string*>()) return *text == audience;
  const std::optional<std::vector<std::string>> audiences = NamesOf(body, "aud");
  return audiences.has_value() && std::find(audiences->begin(), audiences->end(), audience) != audiences->end();
}

// Kind and subject have to agree, and only what belongs to the kind is taken over.
std::optional<Caller> CallerOf(const json& body) {
  const std::string* kind = FindText(body, "masthead_kind");
  const std::string* subject = FindText(body, "sub");
  if (kind == nullptr || subject == nullptr) return std::nullopt;
  Caller caller;
  caller.subject = *subject;
  std::optional<std::vector<std::string>> names;
  std::vector<std::string>* kept = nullptr;
  if (*kind == "member" && absl::StartsWith(*subject, "members/")) {
    caller.kind = Caller::Kind::kMember;
    names = NamesOf(body, "tiers");
    kept = &caller.tiers;
  } else if (*kind == "staff" && absl::StartsWith(*subject, "staffMembers/")) {
    caller.kind = Caller::Kind::kStaff;
    names = NamesOf(body, "roles");
    kept = &caller.roles;
  } else if (*kind == "backend" && absl::StartsWith(*subject, "apiKeys/")) {
    caller.kind = Caller::Kind::kBackend;
    names = ScopesOf(body);
    kept = &caller.scopes;
  }
  if (!names.has_value()) return std::nullopt;
  *kept = *std::move(names);
  return caller;
}

std::optional<TokenClaims> ClaimsOf(const json& body) {
  const std::string* issuer = FindText(body, "iss");
  const std::string* id = FindText(body, "jti");
  const std::optional<absl::Time> issue_time = TimeOf(body, "iat");
  const std::optional<absl::Time> expire_time = TimeOf(body, "exp");
  std::optional<Caller> caller = CallerOf(body);
  if (issuer == nullptr || id == nullptr || !issue_time.has_value() || !expire_time.has_value() || !caller.has_value())
    return std::nullopt;
  caller->expire_time = *expire_time;
  return TokenClaims{*issuer, "", *id, *issue_time, *std::move(caller)};
}

bool IsTimely(const json& body, const TokenClaims& claims, absl::Time now) {
  if (claims.caller.expire_time + kClockSkew <= now || claims.issue_time - kClockSkew > now) return false;
  if (!body.contains("nbf")) return true;
  const std::optional<absl::Time> not_before = TimeOf(body, "nbf");
  return not_before.has_value() && *not_before - kClockSkew <= now;
}

// RFC 9068 section 4.
bool IsAccessToken(const std::string& type) {
  return absl::EqualsIgnoreCase(type, "at+jwt") || absl::EqualsIgnoreCase(type, "application/at+jwt");
}

}  // namespace

absl::Status CredentialsInvalid() {
  return MakeError(absl::StatusCode::kUnauthenticated,
                   "the credentials are malformed, expired, or not signed by a known key",
                   {kCommonErrorDomain, "CREDENTIALS_INVALID"});
}

absl::StatusOr<TokenClaims> VerifyToken(absl::string_view token, const KeySet& keys, absl::string_view issuer,
                                        absl::string_view audience, absl::Time now) {
  const absl::StatusOr<VerifiedJws> jws = VerifyJws(token, keys);
  if (!jws.ok() || !IsAccessToken(jws->type)) return CredentialsInvalid();
  const std::optional<json> body = ParseJsonObject(jws->payload);
  if (!body.has_value() || !IsFor(*body, audience)) return CredentialsInvalid();
  std::optional<TokenClaims> claims = ClaimsOf(*body);
  if (!claims.has_value() || claims->issuer != issuer || !IsTimely(*body, *claims, now)) return CredentialsInvalid();
  claims->audience = std::string(audience);
  return *std::move(claims);
}

}  // namespace masthead::auth
