#include "services/memberships/members/address_keys.h"

#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/crypto/openssl_ptr.h"
#include "nlohmann/json.hpp"
#include "openssl/evp.h"

namespace masthead::memberships {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kKeyIdBytes = 4;
constexpr int kNonceBytes = 12;  // NIST SP 800-38D section 8.2.2: random ones, far fewer than 2^32 for any key.
constexpr int kTagBytes = 16;

using Context = crypto::OpenSslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

// OpenSSL fails here only without memory or without its own algorithms: nothing that a caller could handle.
void Require(bool done) {
  if (!done) std::abort();
}

const EVP_CIPHER* Aes256Gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  Require(cipher != nullptr);
  return cipher;
}

const unsigned char* Octets(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Nonce, cipher text, tag. `about` is bound to it and not in it.
std::string Encrypt(absl::string_view key, absl::string_view nonce, absl::string_view plain, absl::string_view about) {
  const Context context(EVP_CIPHER_CTX_new());
  int length = 0;
  std::string cipher(plain.size(), '\0');
  std::string tag(kTagBytes, '\0');
  Require(
      context != nullptr && EVP_EncryptInit_ex2(context.get(), Aes256Gcm(), Octets(key), Octets(nonce), nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &length, Octets(about), static_cast<int>(about.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), Octets(cipher), &length, Octets(plain), static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), Octets(cipher) + length, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1);
  return absl::StrCat(nonce, cipher, tag);
}

std::optional<std::string> Decrypt(absl::string_view key, absl::string_view sealed, absl::string_view about) {
  if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  const absl::string_view cipher = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const Context context(EVP_CIPHER_CTX_new());
  int length = 0;
  std::string plain(cipher.size(), '\0');
  Require(context != nullptr &&
          EVP_DecryptInit_ex2(context.get(), Aes256Gcm(), Octets(key), Octets(sealed), nullptr) == 1 &&
          EVP_DecryptUpdate(context.get(), nullptr, &length, Octets(about), static_cast<int>(about.size())) == 1 &&
          EVP_DecryptUpdate(context.get(), Octets(plain), &length, Octets(cipher), static_cast<int>(cipher.size())) ==
              1 &&
          EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(context.get(), Octets(plain) + length, &length) != 1) return std::nullopt;
  return plain;
}

std::string AboutKey(const Member& member) { return absl::StrCat("key of members/", member.id); }
std::string AboutPerson(const Member& member) { return absl::StrCat("person of members/", member.id); }

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
  if (line.size() == 2 * kKeyBytes) {
    for (const char c : line) {
      if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
    }
    return absl::HexStringToBytes(line);
  }
  absl::StatusOr<std::string> key = crypto::ParseBase64Url(line);
  if (!key.ok() || key->size() != kKeyBytes) return std::nullopt;
  return *std::move(key);
}

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

void AddressKeys::Seal(Member& member) const {
  const std::string random = crypto::RandomBytes(kKeyBytes + 2 * kNonceBytes);
  const absl::string_view key = absl::string_view(random).substr(0, kKeyBytes);
  const absl::string_view nonces = absl::string_view(random).substr(kKeyBytes);
  const WrappingKey& wrapping = keys_.front();
  member.sealed = {.wrapped_key = absl::StrCat(
                       wrapping.id, Encrypt(wrapping.key, nonces.substr(0, kNonceBytes), key, AboutKey(member))),
                   .person = Encrypt(key, nonces.substr(kNonceBytes), ToText(member), AboutPerson(member)),
                   .address_index = IndexOf(member.email_normal)};
  member.address_domain = std::string(DomainOf(member.email_normal));
}

absl::Status AddressKeys::Open(Member& member) const {
  if (member.sealed.wrapped_key.empty()) return absl::OkStatus();
  const absl::string_view wrapped = member.sealed.wrapped_key;
  for (const WrappingKey& wrapping : keys_) {
    if (wrapped.substr(0, kKeyIdBytes) != wrapping.id) continue;
    const std::optional<std::string> key = Decrypt(wrapping.key, wrapped.substr(kKeyIdBytes), AboutKey(member));
    if (!key) break;
    const std::optional<std::string> person = Decrypt(*key, member.sealed.person, AboutPerson(member));
    if (!person) break;
    memberships::FromText(*person, member);
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat("no address key opens ", MemberName(member.id)));
}

std::string AddressKeys::IndexOf(absl::string_view email_normal) const { return index_key_.Sign(email_normal); }

}  // namespace masthead::memberships
