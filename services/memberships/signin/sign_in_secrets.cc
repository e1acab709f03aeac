#include "services/memberships/signin/sign_in_secrets.h"

#include <map>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/ids/uuid.h"
#include "nlohmann/json.hpp"

namespace masthead::memberships {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr uint32_t kCodes = 1'000'000;
constexpr char kRefreshPrefix[] = "mhr_";
constexpr size_t kMaxRefreshToken = 200;

}  // namespace

LinkSecret NewLinkSecret() {
  LinkSecret secret = {.text = crypto::Base64Url(crypto::RandomBytes(kSecretBytes)), .hash = ""};
  secret.hash = LinkSecretHash(secret.text);
  return secret;
}

std::string LinkSecretHash(absl::string_view text) { return crypto::Sha256(text); }

std::string NewCode() {
  // What is left over of 2^32 is thrown away, or some codes would be more likely.
  constexpr uint32_t kUsable = UINT32_MAX / kCodes * kCodes;
  uint32_t number = UINT32_MAX;
  while (number >= kUsable) {
    number = 0;
    for (const char c : crypto::RandomBytes(sizeof number)) number = number << 8 | static_cast<unsigned char>(c);
  }
  return absl::StrFormat("%06d", number % kCodes);
}

std::optional<ShownRefreshToken> ParseRefreshToken(absl::string_view text) {
  if (text.size() > kMaxRefreshToken || !absl::ConsumePrefix(&text, kRefreshPrefix)) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('_', 2));
  ShownRefreshToken shown;
  if (parts.size() != 3 || !ids::IsUuid(parts[0]) || !absl::SimpleAtoi(parts[1], &shown.generation)) {
    return std::nullopt;
  }
  shown.session_id = parts[0];
  shown.mac = parts[2];
  return shown;
}

SignInSecrets::SignInSecrets(const crypto::MacKey& mac_key)
    : code_key_(mac_key.Derive("memberships.sign_in.codes")),
      limit_key_(mac_key.Derive("memberships.sign_in.limits")),
      refresh_key_(mac_key.Derive("memberships.sign_in.refresh_tokens")),
      errand_key_(mac_key, "memberships.sign_in.errands") {}

std::string SignInSecrets::CodeMac(absl::string_view challenge_id, absl::string_view code) const {
  return code_key_.Sign(absl::StrCat(challenge_id, "/", code));
}

std::string SignInSecrets::SealErrand(absl::string_view challenge_id, const SignInErrand& errand) const {
  const nlohmann::json text = {{"mailbox", errand.address.mailbox},
                               {"normal", errand.address.normal},
                               {"locale", errand.locale},
                               {"redirect_url", errand.redirect_url},
                               {"attribution", errand.attribution}};
  return errand_key_.Seal(text.dump(), challenge_id);
}

absl::StatusOr<SignInErrand> SignInSecrets::OpenErrand(const Challenge& challenge) const {
  ASSIGN_OR_RETURN(const std::string text, errand_key_.Open(challenge.sealed_errand, challenge.id));
  const nlohmann::json errand = nlohmann::json::parse(text);
  return SignInErrand{
      .address = {.mailbox = errand.at("mailbox").get<std::string>(), .normal = errand.at("normal").get<std::string>()},
      .locale = errand.at("locale").get<std::string>(),
      .redirect_url = errand.at("redirect_url").get<std::string>(),
      .attribution = errand.at("attribution").get<std::map<std::string, std::string>>()};
}

std::string SignInSecrets::SealAddress(absl::string_view change_id, const EmailAddress& address) const {
  return SealErrand(change_id, {.address = address, .locale = "", .redirect_url = "", .attribution = {}});
}

absl::StatusOr<EmailAddress> SignInSecrets::OpenAddress(absl::string_view change_id, absl::string_view sealed) const {
  Challenge as_sealed;
  as_sealed.id = std::string(change_id);
  as_sealed.sealed_errand = std::string(sealed);
  ASSIGN_OR_RETURN(const SignInErrand errand, OpenErrand(as_sealed));
  return errand.address;
}

std::string SignInSecrets::AddressKey(absl::string_view email_normal) const {
  return limit_key_.Sign(absl::StrCat("address ", WithoutTag(email_normal)));
}

std::string SignInSecrets::NetworkKey(absl::string_view network) const {
  return limit_key_.Sign(absl::StrCat("network ", network));
}

std::string SignInSecrets::RefreshToken(const Session& session) const {
  return absl::StrCat(kRefreshPrefix, session.id, "_", session.generation, "_",
                      RefreshMac(session, session.generation));
}

bool SignInSecrets::IsOwn(const Session& session, const ShownRefreshToken& shown) const {
  return shown.generation >= 0 && shown.generation <= session.generation &&
         crypto::ConstantTimeEquals(RefreshMac(session, shown.generation), shown.mac);
}

std::string SignInSecrets::RefreshMac(const Session& session, int32_t generation) const {
  return crypto::Base64Url(refresh_key_.Sign(absl::StrCat(session.id, "/", generation, "/", session.nonce)));
}

}  // namespace masthead::memberships
