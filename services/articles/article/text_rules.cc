#include "services/articles/article/text_rules.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/articles/article/graphemes.h"

namespace masthead::articles {
namespace {

void CheckMark(absl::string_view field, const Mark& mark, const std::vector<bool>& edges, FieldViolations& violations) {
  const auto length = static_cast<int32_t>(edges.size()) - 1;
  if (mark.start < 0 || mark.end > length || mark.start >= mark.end) {
    violations.Add(field, absl::StrCat("is no range within the text's ", length, " code points"));
  } else if (!edges[mark.start] || !edges[mark.end]) {
    violations.Add(field, "begins or ends within a character (a grapheme)");
  }
  if (mark.kind == Mark::Kind::kLink) {
    CheckLinkTarget(absl::StrCat(field, ".href"), mark.href, violations);
  } else if (!mark.href.empty()) {
    violations.Add(absl::StrCat(field, ".href"), "is only for links");
  }
}

bool HasSpaceOrControl(absl::string_view uri) {
  return std::any_of(uri.begin(), uri.end(), [](char c) {
    return absl::ascii_isspace(c) || absl::ascii_iscntrl(c) || c == '"' || c == '<' || c == '>' || c == '\\';
  });
}

// False for what is no number.
bool IsWithinImage(double coordinate) { return coordinate >= 0 && coordinate <= 1; }

}  // namespace

void CheckRichText(const std::string& field, RichText& rich, int64_t max_code_points, bool required,
                   FieldViolations& violations) {
  if (rich.marks.size() > kMaxMarks) {
    violations.Add(absl::StrCat(field, ".marks"), absl::StrCat("has more than ", kMaxMarks, " entries"));
    return;
  }
  const int64_t length_as_sent = text::CodePoints(rich.text);
  text::CheckText(absl::StrCat(field, ".text"), rich.text, max_code_points, required, violations);
  if (rich.marks.empty()) return;
  if (text::CodePoints(rich.text) != length_as_sent) {
    violations.Add(absl::StrCat(field, ".text"),
                   "is not in NFC, or holds bidirectional overrides; its marks would shift");
    return;
  }
  const std::vector<bool> edges = GraphemeEdges(rich.text);
  for (size_t i = 0; i < rich.marks.size(); ++i) {
    CheckMark(absl::StrCat(field, ".marks[", i, "]"), rich.marks[i], edges, violations);
  }
}

void CheckImage(absl::string_view field, Image& image, FieldViolations& violations) {
  CheckWebUri(absl::StrCat(field, ".uri"), image.uri, /*required=*/true, violations);
  text::CheckText(absl::StrCat(field, ".alt"), image.alt, kMaxAsideCodePoints, /*required=*/false, violations);
  text::CheckText(absl::StrCat(field, ".caption"), image.caption, kMaxAsideCodePoints, /*required=*/false, violations);
  text::CheckLine(absl::StrCat(field, ".credit"), image.credit, kMaxLineCodePoints, /*required=*/false, violations);
  text::CheckLine(absl::StrCat(field, ".licence"), image.licence, kMaxLineCodePoints, /*required=*/false, violations);
  CheckRange(absl::StrCat(field, ".width"), image.width, 0, kMaxPixels, violations);
  CheckRange(absl::StrCat(field, ".height"), image.height, 0, kMaxPixels, violations);
  const auto& point = image.focal_point;
  if (point.has_value() && !(IsWithinImage(point->x) && IsWithinImage(point->y))) {
    violations.Add(absl::StrCat(field, ".focal_point"), "is not within 0 and 1");
  }
}

void CheckWebUri(absl::string_view field, const std::string& uri, bool required, FieldViolations& violations) {
  if (uri.empty()) {
    if (required) violations.Add(field, "is required");
  } else if (uri.size() > kMaxUriBytes || !IsWebUri(uri)) {
    violations.Add(field, absl::StrCat("is no https or http URI of at most ", kMaxUriBytes, " bytes"));
  }
}

void CheckLinkTarget(absl::string_view field, const std::string& href, FieldViolations& violations) {
  if (href.size() <= kMaxUriBytes && IsLinkTarget(href)) return;
  violations.Add(field, absl::StrCat("is no absolute URI with the scheme https, http, mailto or tel, of at most ",
                                     kMaxUriBytes, " bytes"));
}

void CheckCount(absl::string_view field, size_t count, size_t least, size_t most, FieldViolations& violations) {
  if (count < least) violations.Add(field, absl::StrCat("has fewer than ", least, " entries"));
  if (count > most) violations.Add(field, absl::StrCat("has more than ", most, " entries"));
}

void CheckRange(absl::string_view field, int64_t value, int64_t least, int64_t most, FieldViolations& violations) {
  if (value < least || value > most) violations.Add(field, absl::StrCat("is not within ", least, " and ", most));
}

void CheckEachOnce(absl::string_view field, const std::vector<std::string>& entries, FieldViolations& violations) {
  if (std::set<std::string>(entries.begin(), entries.end()).size() != entries.size()) {
    violations.Add(field, "names one twice");
  }
}

void CheckPlans(absl::string_view field, bool opened_by_plans, const std::vector<std::string>& plans,
                FieldViolations& violations) {
  if (opened_by_plans && plans.empty()) violations.Add(field, "names the tiers that open it, at least one");
  if (!opened_by_plans && !plans.empty()) violations.Add(field, "is only for PLANS");
  CheckCount(field, plans.size(), 0, kMaxPlans, violations);
  CheckEachOnce(field, plans, violations);
}

bool IsWebUri(absl::string_view uri) {
  if (HasSpaceOrControl(uri)) return false;
  const std::string scheme = absl::AsciiStrToLower(uri.substr(0, uri.find("://")));
  if (scheme != "https" && scheme != "http") return false;
  const absl::string_view rest = uri.substr(scheme.size() + 3);
  return !rest.empty() && rest.front() != '/' && rest.front() != '?' && rest.front() != '#';
}

bool IsLinkTarget(absl::string_view href) {
  if (IsWebUri(href)) return true;
  if (HasSpaceOrControl(href)) return false;
  for (absl::string_view scheme : {"mailto:", "tel:"}) {
    if (absl::StartsWithIgnoreCase(href, scheme) && href.size() > scheme.size()) return true;
  }
  return false;
}

}  // namespace masthead::articles
