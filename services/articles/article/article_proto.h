// Articles to and from the wire.
#pragma once

#include <set>
#include <string>

#include "absl/types/span.h"
#include "common/base/errors.h"
#include "masthead/articles/v1/article.pb.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

v1::Byline::Role ToProto(Byline::Role role);
v1::Access::Level ToProto(Access::Level level);
v1::Dateline ToProto(const Dateline& dateline);

// The working copy; without its body in the view BASIC.
v1::Article ToProto(const Article& article, v1::ArticleView view = v1::ARTICLE_VIEW_FULL);

v1::ArticleRevision ToProto(const Article& article, const Revision& revision);

// The fields that UpdateArticle writes.
absl::Span<const absl::string_view> MutableFields();

// Writes those of `fields` from `proto` into `content`; what cannot be understood adds violations. Limits are
// CheckContent's.
void ParseContent(const v1::Article& proto, const std::set<std::string>& fields, Content& content,
                  FieldViolations& violations);

// `content` with `fields` as they are in `written`.
Content WithFieldsOf(Content content, const Content& written, const std::set<std::string>& fields);

}  // namespace masthead::articles
