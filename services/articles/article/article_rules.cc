#include "services/articles/article/article_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/article/text_rules.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxLabels = 32;
constexpr size_t kMaxLabelKeyBytes = 63;
constexpr int64_t kMaxLabelCodePoints = 63;
constexpr size_t kMaxAltIds = 10;
constexpr size_t kMaxSchemeBytes = 32;
constexpr size_t kMaxAltIdBytes = 500;

// `[a-z][a-z0-9_-]*`
bool IsKey(absl::string_view key, size_t max_bytes) {
  const auto allowed = [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '-'; };
  return !key.empty() && key.size() <= max_bytes && absl::ascii_islower(key.front()) &&
         std::all_of(key.begin(), key.end(), allowed);
}

void CheckLabels(std::map<std::string, std::string>& labels, FieldViolations& violations) {
  constexpr char kField[] = "article.labels";
  CheckCount(kField, labels.size(), 0, kMaxLabels, violations);
  for (auto& [key, value] : labels) {
    if (!IsKey(key, kMaxLabelKeyBytes)) violations.Add(kField, "has a key that is not [a-z][a-z0-9_-]{0,62}");
    text::CheckLine(kField, value, kMaxLabelCodePoints, /*required=*/false, violations);
  }
}

void CheckAltIds(std::map<std::string, std::string>& alt_ids, FieldViolations& violations) {
  constexpr char kField[] = "article.alt_ids";
  CheckCount(kField, alt_ids.size(), 0, kMaxAltIds, violations);
  for (auto& [scheme, value] : alt_ids) {
    if (!IsKey(scheme, kMaxSchemeBytes)) violations.Add(kField, "has a scheme that is not [a-z][a-z0-9_-]{0,31}");
    if (value.size() > kMaxAltIdBytes) {
      violations.Add(kField, absl::StrCat("has a value of more than ", kMaxAltIdBytes, " bytes"));
      continue;
    }
    text::CheckLine(kField, value, kMaxAltIdBytes, /*required=*/true, violations);
  }
}

}  // namespace

void CheckWritten(Article& article, FieldViolations& violations) {
  CheckContent(article.content, violations);
  CheckLabels(article.labels, violations);
  CheckAltIds(article.alt_ids, violations);
}

}  // namespace masthead::articles
