#include "services/articles/article/content_rules.h"

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "common/text/text.h"
#include "services/articles/article/block_rules.h"
#include "services/articles/article/slug.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxBylines = 20;
constexpr size_t kMaxTags = 50;
constexpr size_t kMaxPlans = 20;
constexpr int32_t kMaxPreviewParagraphs = 100;
constexpr size_t kMaxLanguageBytes = 35;

void CheckDateline(Dateline& dateline, FieldViolations& violations) {
  text::CheckLine("article.dateline.place", dateline.place, 200, /*required=*/false, violations);
  absl::CivilDay day;
  const bool is_day = absl::ParseCivilTime(dateline.date, &day) && absl::FormatCivilTime(day) == dateline.date;
  if (!dateline.date.empty() && !is_day) violations.Add("article.dateline.date", "is no day YYYY-MM-DD");
}

void CheckAccess(const Access& access, FieldViolations& violations) {
  if (access.level == Access::Level::kPlans && access.plans.empty()) {
    violations.Add("article.access.plans", "names the tiers that open the article, at least one");
  }
  if (access.level != Access::Level::kPlans && !access.plans.empty()) {
    violations.Add("article.access.plans", "is only for the level PLANS");
  }
  if (access.plans.size() > kMaxPlans) {
    violations.Add("article.access.plans", absl::StrCat("has more than ", kMaxPlans, " entries"));
  }
  if (std::set<std::string>(access.plans.begin(), access.plans.end()).size() != access.plans.size()) {
    violations.Add("article.access.plans", "names a tier twice");
  }
  if (access.preview_paragraphs < 0 || access.preview_paragraphs > kMaxPreviewParagraphs) {
    violations.Add("article.access.preview_paragraphs", absl::StrCat("is not within 0 and ", kMaxPreviewParagraphs));
  }
}

void CheckBylines(std::vector<Byline>& bylines, FieldViolations& violations) {
  if (bylines.size() > kMaxBylines) {
    violations.Add("article.bylines", absl::StrCat("has more than ", kMaxBylines, " entries"));
    return;
  }
  for (size_t i = 0; i < bylines.size(); ++i) {
    text::CheckLine(absl::StrCat("article.bylines[", i, "].display_name_override"), bylines[i].display_name_override,
                    200,
                    /*required=*/false, violations);
  }
}

void CheckTags(const std::vector<std::string>& tag_ids, FieldViolations& violations) {
  if (tag_ids.size() > kMaxTags) violations.Add("article.tags", absl::StrCat("has more than ", kMaxTags, " entries"));
  if (std::set<std::string>(tag_ids.begin(), tag_ids.end()).size() != tag_ids.size()) {
    violations.Add("article.tags", "names a tag twice");
  }
}

}  // namespace

void CheckContent(Content& content, FieldViolations& violations) {
  text::CheckLine("article.headline", content.headline, 300, /*required=*/false, violations);
  text::CheckLine("article.kicker", content.kicker, 80, /*required=*/false, violations);
  text::CheckText("article.dek", content.dek, 1000, /*required=*/false, violations);
  if (!content.slug.empty() && !IsSlug(content.slug)) {
    violations.Add("article.slug", absl::StrCat("is not [a-z0-9]+(-[a-z0-9]+)* of at most ", kMaxSlugBytes, " bytes"));
  }
  CheckBody(content.body, violations);
  CheckBylines(content.bylines, violations);
  if (content.dateline.has_value()) CheckDateline(*content.dateline, violations);
  CheckTags(content.tag_ids, violations);
  if (content.lead_image.has_value()) CheckImage("article.lead_image", *content.lead_image, violations);
  CheckAccess(content.access, violations);
}

void CheckLanguage(absl::string_view field, std::string& language_code, FieldViolations& violations) {
  std::vector<std::string> subtags = absl::StrSplit(language_code, '-');
  bool valid = language_code.size() <= kMaxLanguageBytes && subtags[0].size() >= 2 && subtags[0].size() <= 3;
  for (size_t i = 0; i < subtags.size() && valid; ++i) {
    std::string& subtag = subtags[i];
    valid = !subtag.empty() && subtag.size() <= 8;
    for (char c : subtag) valid = valid && (absl::ascii_isalpha(c) || (i > 0 && absl::ascii_isdigit(c)));
    absl::AsciiStrToLower(&subtag);
    if (i > 0 && subtag.size() == 2) absl::AsciiStrToUpper(&subtag);              // A region.
    if (i > 0 && subtag.size() == 4) subtag[0] = absl::ascii_toupper(subtag[0]);  // A script.
  }
  if (!valid) {
    violations.Add(field, "is no language code (BCP 47) such as uk or en-GB");
    return;
  }
  language_code = absl::StrJoin(subtags, "-");
}

}  // namespace masthead::articles
