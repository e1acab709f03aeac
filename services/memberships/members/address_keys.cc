#include "services/memberships/members/address_keys.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/crypto/aes_gcm.h"
#include "nlohmann/json.hpp"

namespace masthead::memberships {
namespace {

using crypto::kAesKeyBytes;
using crypto::kAesNonceBytes;

constexpr size_t kKeyIdBytes = 4;
// Which key wraps it, and what AES-256-GCM makes of a key: nonce, key, tag.
constexpr size_t kWrappedKeyBytes = kKeyIdBytes + kAesNonceBytes + kAesKeyBytes + 16;

std::string AboutKey(absl::string_view resource) { return absl::StrCat("key of ", resource); }
std::string AboutPerson(const Member& member) { return absl::StrCat("person of ", MemberName(member.id)); }
std::string AboutWords(absl::string_view resource) { return absl::StrCat("words of ", resource); }

std::string ToText(const Member& member) {
  nlohmann::json person = {{"email", member.email}, {"normal", member.email_normal}};
  if (!member.display_name.empty()) person["name"] = member.display_name;
  if (!member.note.empty()) person["note"] = member.note;
  if (!member.custom_fields.empty()) person["fields"] = member.custom_fields;
  return person.dump();
}

void FromText(const std::string& text, Member& member) {
  const nlohmann::json person = nlohmann::json::parse(text);
  member.email = person.value("email", "");
  member.email_normal = person.value("normal", "");
  member.display_name = person.value("name", "");
  member.note = person.value("note", "");
  member.custom_fields = person.value("fields", std::map<std::string, std::string>());
}

std::optional<std::string> ParseKey(absl::string_view line) {
  if (line.size() == 2 * kAesKeyBytes) {
    for (const char c : line) {
      if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
    }
    return absl::HexStringToBytes(line);
  }
  absl::StatusOr<std::string> key = crypto::ParseBase64Url(line);
  if (!key.ok() || key->size() != kAesKeyBytes) return std::nullopt;
  return *std::move(key);
}

// A key for one sealing, and the nonce of it.
class Fresh {
 public:
  absl::string_view key() const { return absl::string_view(bytes_).substr(0, kAesKeyBytes); }
  absl::string_view nonce() const { return absl::string_view(bytes_).substr(kAesKeyBytes); }

 private:
  const std::string bytes_ = crypto::RandomBytes(kAesKeyBytes + kAesNonceBytes);
};

}  // namespace

AddressKeys::AddressKeys(std::vector<WrappingKey> keys, crypto::MacKey index_key)
    : keys_(std::move(keys)), index_key_(std::move(index_key)) {}

absl::StatusOr<std::unique_ptr<AddressKeys>> AddressKeys::FromText(absl::string_view text) {
  std::vector<WrappingKey> keys;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::string_view digits = absl::StripAsciiWhitespace(line);
    if (digits.empty()) continue;
    std::optional<std::string> key = ParseKey(digits);
    if (!key) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", number, " of the address keys is no key: 32 bytes in hexadecimal digits or base64url are"));
    }
    std::string id = crypto::Sha256(absl::StrCat("masthead address key", *key)).substr(0, kKeyIdBytes);
    keys.push_back({.id = std::move(id), .key = *std::move(key)});
  }
  if (keys.empty()) return absl::InvalidArgumentError("there is no address key");
  ASSIGN_OR_RETURN(const crypto::MacKey oldest, crypto::MacKey::FromBytes(keys.back().key));
  return std::unique_ptr<AddressKeys>(new AddressKeys(std::move(keys), oldest.Derive("memberships.address index")));
}

std::string AddressKeys::Wrap(absl::string_view key, absl::string_view resource) const {
  const WrappingKey& wrapping = keys_.front();
  return absl::StrCat(wrapping.id,
                      crypto::AesGcmSeal(wrapping.key, crypto::RandomBytes(kAesNonceBytes), key, AboutKey(resource)));
}

std::optional<std::string> AddressKeys::Unwrap(absl::string_view wrapped, absl::string_view resource) const {
  for (const WrappingKey& wrapping : keys_) {
    if (wrapped.substr(0, kKeyIdBytes) != wrapping.id) continue;
    return crypto::AesGcmOpen(wrapping.key, wrapped.substr(kKeyIdBytes), AboutKey(resource));
  }
  return std::nullopt;
}

void AddressKeys::Seal(Member& member) const {
  const Fresh fresh;
  member.sealed = {.wrapped_key = Wrap(fresh.key(), MemberName(member.id)),
                   .person = crypto::AesGcmSeal(fresh.key(), fresh.nonce(), ToText(member), AboutPerson(member)),
                   .address_index = IndexOf(member.email_normal)};
  member.address_domain = std::string(DomainOf(member.email_normal));
}

absl::Status AddressKeys::Open(Member& member) const {
  if (member.sealed.wrapped_key.empty()) return absl::OkStatus();
  const std::optional<std::string> key = Unwrap(member.sealed.wrapped_key, MemberName(member.id));
  const std::optional<std::string> person =
      key ? crypto::AesGcmOpen(*key, member.sealed.person, AboutPerson(member)) : std::nullopt;
  if (!person) return absl::DataLossError(absl::StrCat("no address key opens ", MemberName(member.id)));
  memberships::FromText(*person, member);
  return absl::OkStatus();
}

std::string AddressKeys::SealWords(absl::string_view words, absl::string_view resource) const {
  const Fresh fresh;
  return absl::StrCat(Wrap(fresh.key(), resource),
                      crypto::AesGcmSeal(fresh.key(), fresh.nonce(), words, AboutWords(resource)));
}

absl::StatusOr<std::string> AddressKeys::OpenWords(absl::string_view sealed, absl::string_view resource) const {
  const std::optional<std::string> key = Unwrap(sealed.substr(0, kWrappedKeyBytes), resource);
  std::optional<std::string> words;
  if (key) words = crypto::AesGcmOpen(*key, sealed.substr(kWrappedKeyBytes), AboutWords(resource));
  if (!words) return absl::DataLossError(absl::StrCat("no address key opens ", resource));
  return *std::move(words);
}

absl::string_view AddressKeys::first_key_id() const { return keys_.front().id; }

absl::StatusOr<std::string> AddressKeys::Rewrap(absl::string_view wrapped, absl::string_view resource) const {
  const absl::string_view rest = wrapped.size() > kWrappedKeyBytes ? wrapped.substr(kWrappedKeyBytes) : "";
  const std::optional<std::string> key = Unwrap(wrapped.substr(0, kWrappedKeyBytes), resource);
  if (!key) return absl::DataLossError(absl::StrCat("no address key opens ", resource));
  return absl::StrCat(Wrap(*key, resource), rest);
}

std::string AddressKeys::IndexOf(absl::string_view email_normal) const { return index_key_.Sign(email_normal); }

}  // namespace masthead::memberships
