#include <idn2.h>

#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/text/characters.h"
#include "common/text/text.h"

namespace masthead::text {
namespace {

// RFC 5321 section 4.5.3.1: a local part has at most 64 octets; a path at most 256, its angle brackets among them.
constexpr size_t kMaxLocalBytes = 64;
constexpr size_t kMaxAddressBytes = 254;

struct Address {
  std::string local;   // NFC
  std::string domain;  // A-labels, lower case
};

absl::Status NoAddress() { return absl::InvalidArgumentError("must be an e-mail address"); }

// RFC 5322 section 3.2.3, extended by RFC 6531 section 3.3. Characters that cannot be seen are refused: an address
// would look like another.
bool IsAtomCharacter(char32_t c) {
  if (c < 0x80)
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains("!#$%&'*+-/=?^_`{|}~", static_cast<char>(c));
  return !IsWhiteSpace(c) && !IsInvisible(c);
}

bool IsDotAtom(absl::string_view local) {
  if (local.empty() || local.size() > kMaxLocalBytes) return false;
  if (local.front() == '.' || local.back() == '.' || absl::StrContains(local, "..")) return false;
  while (!local.empty()) {
    const char32_t c = TakeCodePoint(local);
    if (c != '.' && !IsAtomCharacter(c)) return false;
  }
  return true;
}

// Letters, digits and hyphens in labels of 1 to 63; two labels or more; the last one no number, or it were an IP
// address.
bool IsDomain(absl::string_view domain) {
  size_t labels = 0;
  bool numeric = true;
  while (!domain.empty()) {
    const size_t dot = domain.find('.');
    const absl::string_view label = domain.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    numeric = true;
    for (char c : label) {
      if (!absl::ascii_isdigit(c) && !absl::ascii_islower(c) && c != '-') return false;
      numeric = numeric && absl::ascii_isdigit(c);
    }
    ++labels;
    if (dot == absl::string_view::npos) break;
    domain.remove_prefix(dot + 1);
    if (domain.empty()) return false;
  }
  return labels >= 2 && !numeric;
}

absl::StatusOr<std::string> DomainToAscii(const std::string& domain) {
  // Longer ones cannot be domains, and need not be looked at.
  if (domain.size() > 4 * kMaxAddressBytes) return NoAddress();
  char* converted = nullptr;
  const int result = idn2_to_ascii_8z(domain.c_str(), &converted, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
  const std::unique_ptr<char, decltype(&idn2_free)> owner(converted, &idn2_free);
  if (result != IDN2_OK) return NoAddress();
  std::string ascii = absl::AsciiStrToLower(converted);
  if (!IsDomain(ascii)) return NoAddress();
  return ascii;
}

absl::StatusOr<Address> ParseAddress(absl::string_view text) {
  if (text.size() > 4 * kMaxAddressBytes || absl::StrContains(text, '\0')) return NoAddress();
  const std::string address = Normalize(absl::StripAsciiWhitespace(text));
  const size_t at = address.rfind('@');
  if (at == std::string::npos || !IsDotAtom(absl::string_view(address).substr(0, at))) return NoAddress();
  ASSIGN_OR_RETURN(std::string domain, DomainToAscii(address.substr(at + 1)));
  if (at + 1 + domain.size() > kMaxAddressBytes) return NoAddress();
  return Address{address.substr(0, at), std::move(domain)};
}

}  // namespace

absl::StatusOr<std::string> NormalizeEmail(absl::string_view address) {
  ASSIGN_OR_RETURN(const Address parsed, ParseAddress(address));
  return absl::StrCat(Normalize(ToLower(parsed.local)), "@", parsed.domain);
}

absl::StatusOr<std::string> MailboxAddress(absl::string_view address) {
  ASSIGN_OR_RETURN(const Address parsed, ParseAddress(address));
  return absl::StrCat(parsed.local, "@", parsed.domain);
}

}  // namespace masthead::text
