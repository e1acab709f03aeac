#include "services/notifications/dkim/canonical.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/crypto/mac.h"

namespace masthead::notifications::dkim {
namespace {

constexpr absl::string_view kLineBreak = "\r\n";

bool IsSpace(char c) { return c == ' ' || c == '\t'; }

// Whether reducing white space would change `line`. Most lines of letters are as they should be, and are copied whole.
bool NeedsReducing(absl::string_view line) {
  if (line.empty()) return false;
  bool needs = IsSpace(line.back());
  char before = 'x';
  for (const char c : line) {
    needs |= c == '\t' || (c == ' ' && before == ' ');
    before = c;
  }
  return needs;
}

// Runs of white space become one space; none is left at the end.
void AppendReduced(std::string& out, absl::string_view line) {
  if (!NeedsReducing(line)) {
    out.append(line.data(), line.size());
    return;
  }
  bool space = false;
  for (const char c : line) {
    if (IsSpace(c)) {
      space = true;
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += c;
  }
}

std::string RelaxedHeader(absl::string_view field) {
  const size_t colon = field.find(':');
  std::string out = absl::StrCat(FieldName(field), ":");
  std::string unfolded;
  unfolded.reserve(field.size());
  for (const char c : field.substr(colon + 1)) {
    if (c != '\r' && c != '\n') unfolded += c;
  }
  absl::string_view value = unfolded;
  while (!value.empty() && IsSpace(value.front())) value.remove_prefix(1);
  AppendReduced(out, value);
  return out + "\r\n";
}

std::string RelaxedBody(absl::string_view body) {
  std::string out;
  out.reserve(body.size() + kLineBreak.size());
  while (!body.empty()) {
    const size_t end = body.find(kLineBreak);
    AppendReduced(out, body.substr(0, end));
    absl::StrAppend(&out, kLineBreak);
    if (end == absl::string_view::npos) break;
    body.remove_prefix(end + kLineBreak.size());
  }
  return out;
}

}  // namespace

std::string FieldName(absl::string_view field) {
  return absl::AsciiStrToLower(absl::StripTrailingAsciiWhitespace(field.substr(0, field.find(':'))));
}

std::string CanonicalHeader(absl::string_view field, Canonicalization how) {
  return how == Canonicalization::kRelaxed ? RelaxedHeader(field) : std::string(field);
}

std::string CanonicalBody(absl::string_view body, Canonicalization how) {
  std::string out = how == Canonicalization::kRelaxed ? RelaxedBody(body) : std::string(body);
  const auto ends_with = [&](absl::string_view end) {
    return out.size() >= end.size() && out.compare(out.size() - end.size(), end.size(), end.data(), end.size()) == 0;
  };
  if (!ends_with(kLineBreak) && (how == Canonicalization::kSimple || !out.empty())) absl::StrAppend(&out, kLineBreak);
  while (ends_with("\r\n\r\n")) out.resize(out.size() - kLineBreak.size());
  // Nothing but empty lines: the simple form keeps one, the relaxed form none.
  if (how == Canonicalization::kRelaxed && out == kLineBreak) out.clear();
  return out;
}

std::string BodyHash(absl::string_view body, Canonicalization how) {
  return absl::Base64Escape(crypto::Sha256(CanonicalBody(body, how)));
}

Message Parse(absl::string_view bytes) {
  Message message;
  while (!bytes.empty() && !absl::ConsumePrefix(&bytes, kLineBreak)) {
    size_t end = bytes.find(kLineBreak);
    while (end != absl::string_view::npos && end + 2 < bytes.size() && IsSpace(bytes[end + 2])) {
      end = bytes.find(kLineBreak, end + 2);
    }
    end = end == absl::string_view::npos ? bytes.size() : end + kLineBreak.size();
    message.fields.push_back(bytes.substr(0, end));
    bytes.remove_prefix(end);
  }
  message.body = bytes;
  return message;
}

std::string SignedData(const std::vector<absl::string_view>& fields, const std::vector<std::string>& names,
                       absl::string_view signature_field, Canonicalization how) {
  std::vector<std::string> own_names;
  own_names.reserve(fields.size());
  for (const absl::string_view field : fields) own_names.push_back(FieldName(field));
  std::vector<bool> taken(fields.size());
  std::string out;
  for (const std::string& name : names) {
    for (size_t i = fields.size(); i-- > 0;) {
      if (taken[i] || own_names[i] != name) continue;
      taken[i] = true;
      out += CanonicalHeader(fields[i], how);
      break;
    }
  }
  std::string own = CanonicalHeader(absl::StrCat(signature_field, kLineBreak), how);
  own.resize(own.size() - kLineBreak.size());
  return out + own;
}

}  // namespace masthead::notifications::dkim
