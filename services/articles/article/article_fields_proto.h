// Which fields of an article a save writes, and how each is read and taken over: one table, the only place that lists
// them.
#pragma once

#include <set>
#include <string>

#include "absl/types/span.h"
#include "common/base/errors.h"
#include "masthead/articles/v1/article.pb.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// The fields that UpdateArticle writes, as the wire names them.
absl::Span<const absl::string_view> MutableFields();

// Writes those of `fields` from `proto` into `article`; what cannot be understood adds violations. Limits are
// CheckWritten's (article_rules.h).
void ParseFields(const v1::Article& proto, const std::set<std::string>& fields, Article& article,
                 FieldViolations& violations);

// Writes those of `fields` from `written` into `article`.
void TakeFields(const Article& written, const std::set<std::string>& fields, Article& article);

}  // namespace masthead::articles
