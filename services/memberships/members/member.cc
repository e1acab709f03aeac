#include "services/memberships/members/member.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/text/text.h"

namespace masthead::memberships {
namespace {

constexpr int64_t kMaxDisplayName = 191;
constexpr size_t kMaxLocale = 35;
constexpr size_t kMaxTimeZone = 64;
constexpr size_t kMaxLabelKey = 63;
constexpr int64_t kMaxLabelValue = 191;
constexpr int64_t kMaxNote = 2000;
constexpr int64_t kMaxCustomFieldValue = 500;

bool IsAlphanumeric(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

bool IsAlphabetic(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isalpha(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

// A language of 2 to 8 letters, then subtags of 1 to 8 letters or digits (RFC 5646 section 2.1, well-formed; whether
// the tags are registered is not asked).
bool IsLanguageTag(absl::string_view tag) {
  const std::vector<absl::string_view> subtags = absl::StrSplit(tag, '-');
  if (subtags.front().size() < 2 || subtags.front().size() > 8 || !IsAlphabetic(subtags.front())) return false;
  for (absl::string_view subtag : subtags) {
    if (subtag.empty() || subtag.size() > 8 || !IsAlphanumeric(subtag)) return false;
  }
  return true;
}

// Abseil takes more than IANA's names: files, `localtime`, and the data's own second editions.
bool IsTimeZoneName(absl::string_view name) {
  for (absl::string_view part : absl::StrSplit(name, '/')) {
    if (part.empty() || !absl::ascii_isalpha(static_cast<unsigned char>(part.front()))) return false;
    for (char c : part) {
      if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-' && c != '+') return false;
    }
  }
  if (name == "localtime" || absl::StartsWith(name, "posix/") || absl::StartsWith(name, "right/")) return false;
  absl::TimeZone zone;
  return absl::LoadTimeZone(name, &zone);
}

bool IsLabelKey(absl::string_view key) {
  if (key.empty() || key.size() > kMaxLabelKey || !absl::ascii_islower(static_cast<unsigned char>(key.front()))) {
    return false;
  }
  for (char c : key) {
    const auto u = static_cast<unsigned char>(c);
    if (!absl::ascii_islower(u) && !absl::ascii_isdigit(u) && c != '_' && c != '-') return false;
  }
  return true;
}

}  // namespace

std::string MemberName(absl::string_view id) { return absl::StrCat("members/", id); }

absl::string_view Name(Member::State state) {
  switch (state) {
    case Member::State::kActive:
      return "ACTIVE";
    case Member::State::kDeleted:
      return "DELETED";
    case Member::State::kMerged:
      return "MERGED";
    case Member::State::kErased:
      return "ERASED";
  }
  return "";
}

std::optional<Member::State> ParseMemberState(absl::string_view name) {
  for (const Member::State state :
       {Member::State::kActive, Member::State::kDeleted, Member::State::kMerged, Member::State::kErased}) {
    if (Name(state) == name) return state;
  }
  return std::nullopt;
}

void CheckDisplayName(absl::string_view field, std::string& display_name, bool required, FieldViolations& violations) {
  text::CheckLine(field, display_name, kMaxDisplayName, required, violations);
}

void CheckLocale(absl::string_view field, const std::string& locale, FieldViolations& violations) {
  if (locale.empty()) return;
  if (locale.size() > kMaxLocale || !IsLanguageTag(locale)) {
    violations.Add(field, "must be a BCP 47 language tag of at most 35 characters, for example `en-GB`");
  }
}

void CheckTimeZone(absl::string_view field, const std::string& time_zone, FieldViolations& violations) {
  if (time_zone.empty()) return;
  if (time_zone.size() > kMaxTimeZone || !IsTimeZoneName(time_zone)) {
    violations.Add(field, "must be an IANA time zone name, for example `Europe/Kyiv`");
  }
}

void CheckLabels(absl::string_view field, std::map<std::string, std::string>& labels, FieldViolations& violations) {
  if (labels.size() > kMaxMemberLabels) {
    violations.Add(field, absl::StrCat("must have at most ", kMaxMemberLabels, " entries"));
    return;
  }
  for (auto& [key, value] : labels) {
    if (!IsLabelKey(key)) violations.Add(field, "keys must match `[a-z][a-z0-9_-]{0,62}`");
    text::CheckLine(field, value, kMaxLabelValue, /*required=*/false, violations);
  }
}

void CheckNote(absl::string_view field, std::string& note, FieldViolations& violations) {
  text::CheckText(field, note, kMaxNote, /*required=*/false, violations);
}

void CheckCustomFields(absl::string_view field, std::map<std::string, std::string>& fields,
                       FieldViolations& violations) {
  if (fields.size() > kMaxCustomFields) {
    violations.Add(field, absl::StrCat("must have at most ", kMaxCustomFields, " entries"));
    return;
  }
  for (auto& [key, value] : fields) {
    if (!IsLabelKey(key)) violations.Add(field, "keys must match `[a-z][a-z0-9_-]{0,62}`");
    text::CheckText(field, value, kMaxCustomFieldValue, /*required=*/false, violations);
  }
}

absl::string_view DomainOf(absl::string_view email_normal) {
  const size_t at = email_normal.rfind('@');
  return at == absl::string_view::npos ? absl::string_view() : email_normal.substr(at + 1);
}

EmailAddress CheckEmail(absl::string_view field, absl::string_view email, FieldViolations& violations) {
  absl::StatusOr<std::string> normal = text::NormalizeEmail(email);
  absl::StatusOr<std::string> mailbox = text::MailboxAddress(email);
  if (!normal.ok() || !mailbox.ok()) {
    violations.Add(field, "must be an e-mail address of at most 254 bytes");
    return {};
  }
  return {.mailbox = *std::move(mailbox), .normal = *std::move(normal)};
}

std::string MaskEmail(absl::string_view email) {
  const size_t at = email.rfind('@');
  if (at == absl::string_view::npos) return "***";
  // The first code point, not the first byte.
  size_t first = at == 0 ? 0 : 1;
  while (first < at && (static_cast<unsigned char>(email[first]) & 0xC0) == 0x80) ++first;
  return absl::StrCat(email.substr(0, first), "***", email.substr(at));
}

}  // namespace masthead::memberships
