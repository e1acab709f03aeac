#include "services/articles/article/content_rules.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "common/text/text.h"
#include "services/articles/article/block_rules.h"
#include "services/articles/article/countries.h"
#include "services/articles/article/custom_fields.h"
#include "services/articles/article/slug.h"
#include "services/articles/article/text_rules.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxBylines = 20;
constexpr size_t kMaxAdditionalSections = 5;
constexpr size_t kMaxTags = 50;
constexpr size_t kMaxPlaces = 20;
constexpr size_t kMaxWarnings = 10;
constexpr size_t kMaxCountries = 250;
constexpr int32_t kMaxUrgency = 9;
constexpr int32_t kMaxPreviewParagraphs = 100;
constexpr size_t kMaxLanguageBytes = 35;

void CheckOptionalLine(absl::string_view field, std::string& line, int64_t max_code_points,
                       FieldViolations& violations) {
  text::CheckLine(field, line, max_code_points, /*required=*/false, violations);
}

void CheckOptionalText(absl::string_view field, std::string& text, int64_t max_code_points,
                       FieldViolations& violations) {
  text::CheckText(field, text, max_code_points, /*required=*/false, violations);
}

void CheckDateline(Dateline& dateline, FieldViolations& violations) {
  CheckOptionalLine("article.dateline.place", dateline.place, 200, violations);
  absl::CivilDay day;
  const bool is_day = absl::ParseCivilTime(dateline.date, &day) && absl::FormatCivilTime(day) == dateline.date;
  if (!dateline.date.empty() && !is_day) violations.Add("article.dateline.date", "is no day YYYY-MM-DD");
}

void CheckRights(Rights& rights, FieldViolations& violations) {
  CheckOptionalLine("article.rights.holder", rights.holder, 200, violations);
  CheckOptionalLine("article.rights.notice", rights.notice, 300, violations);
  CheckOptionalText("article.rights.usage_terms", rights.usage_terms, 2000, violations);
}

void CheckSeo(Seo& seo, FieldViolations& violations) {
  CheckOptionalLine("article.seo.title", seo.title, 300, violations);
  CheckOptionalText("article.seo.description", seo.description, 500, violations);
  CheckWebUri("article.seo.canonical_uri", seo.canonical_uri, /*required=*/false, violations);
}

void CheckSocial(Social& social, FieldViolations& violations) {
  CheckOptionalLine("article.social.title", social.title, 300, violations);
  CheckOptionalText("article.social.description", social.description, 500, violations);
  if (social.image.has_value()) CheckImage("article.social.image", *social.image, violations);
}

void CheckAccess(const Access& access, FieldViolations& violations) {
  CheckPlans("article.access.plans", access.level == Access::Level::kPlans, access.plans, violations);
  CheckRange("article.access.preview_paragraphs", access.preview_paragraphs, 0, kMaxPreviewParagraphs, violations);
  if (access.free_until.has_value() && access.free_after.has_value() && *access.free_after <= *access.free_until) {
    violations.Add("article.access.free_after", "is not later than free_until");
  }
}

void CheckBylines(std::vector<Byline>& bylines, FieldViolations& violations) {
  CheckCount("article.bylines", bylines.size(), 0, kMaxBylines, violations);
  for (size_t i = 0; i < std::min(bylines.size(), kMaxBylines); ++i) {
    CheckOptionalLine(absl::StrCat("article.bylines[", i, "].display_name_override"), bylines[i].display_name_override,
                      200, violations);
  }
}

void CheckWarnings(std::vector<ContentWarning>& warnings, FieldViolations& violations) {
  CheckCount("article.content_warnings", warnings.size(), 0, kMaxWarnings, violations);
  for (size_t i = 0; i < std::min(warnings.size(), kMaxWarnings); ++i) {
    text::CheckText(absl::StrCat("article.content_warnings[", i, "].text"), warnings[i].text, 300,
                    /*required=*/warnings[i].kind == ContentWarning::Kind::kOther, violations);
  }
}

void CheckCountries(const std::vector<std::string>& codes, FieldViolations& violations) {
  constexpr char kField[] = "article.geo_restriction.deny_country_codes";
  CheckCount(kField, codes.size(), 0, kMaxCountries, violations);
  CheckEachOnce(kField, codes, violations);
  for (size_t i = 0; i < std::min(codes.size(), kMaxCountries); ++i) {
    if (!IsCountry(codes[i])) violations.Add(absl::StrCat(kField, "[", i, "]"), "is no country of ISO 3166-1 alpha-2");
  }
}

// What an article is filed under.
void CheckTaxonomy(const Content& content, FieldViolations& violations) {
  CheckCount("article.additional_sections", content.additional_section_ids.size(), 0, kMaxAdditionalSections,
             violations);
  CheckEachOnce("article.additional_sections", content.additional_section_ids, violations);
  CheckCount("article.tags", content.tag_ids.size(), 0, kMaxTags, violations);
  CheckEachOnce("article.tags", content.tag_ids, violations);
  CheckCount("article.places", content.place_ids.size(), 0, kMaxPlaces, violations);
  CheckEachOnce("article.places", content.place_ids, violations);
  CheckRange("article.urgency", content.urgency, 0, kMaxUrgency, violations);
}

}  // namespace

void CheckContent(Content& content, FieldViolations& violations) {
  CheckOptionalLine("article.headline", content.headline, kMaxHeadlineCodePoints, violations);
  CheckOptionalLine("article.short_headline", content.short_headline, 120, violations);
  CheckOptionalLine("article.kicker", content.kicker, 80, violations);
  CheckOptionalText("article.dek", content.dek, 1000, violations);
  if (!content.slug.empty() && !IsSlug(content.slug)) {
    violations.Add("article.slug", kSlugSyntax);
  }
  CheckBody("article.body", content.body, violations);
  CheckBylines(content.bylines, violations);
  if (content.dateline.has_value()) CheckDateline(*content.dateline, violations);
  if (content.source.has_value()) {
    text::CheckLine("article.source.name", content.source->name, 200, /*required=*/true, violations);
  }
  if (content.rights.has_value()) CheckRights(*content.rights, violations);
  CheckTaxonomy(content, violations);
  if (content.lead_image.has_value()) CheckImage("article.lead_image", *content.lead_image, violations);
  CheckRange("article.source_revision", content.source_revision, 0, std::numeric_limits<int64_t>::max(), violations);
  if (content.seo.has_value()) CheckSeo(*content.seo, violations);
  if (content.social.has_value()) CheckSocial(*content.social, violations);
  CheckWarnings(content.content_warnings, violations);
  CheckAccess(content.access, violations);
  CheckCountries(content.denied_countries, violations);
  CheckCustomFields("article.custom_fields", content.custom_fields, violations);
}

void CheckFieldsTogether(const Content& content, FieldViolations& violations) {
  CheckTaxonomy(content, violations);
  if (absl::c_linear_search(content.additional_section_ids, content.section_id)) {
    violations.Add("article.additional_sections", "names the article's section");
  }
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
