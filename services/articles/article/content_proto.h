// The parts of an article's content to and from the wire.
#pragma once

#include <optional>
#include <vector>

#include "common/base/errors.h"
#include "masthead/articles/v1/article.pb.h"
#include "services/articles/article/content.h"

namespace masthead::articles {

v1::Byline::Role ToProto(Byline::Role role);
v1::Access::Level ToProto(Access::Level level);
v1::Dateline ToProto(const Dateline& dateline);
v1::Source ToProto(const Source& source);
v1::Rights ToProto(const Rights& rights);
v1::Seo ToProto(const Seo& seo);
v1::Social ToProto(const Social& social);
v1::ContentWarning ToProto(const ContentWarning& warning);
v1::Access ToProto(const Access& access);
v1::Article::Type ToProto(Content::Type type);
v1::Article::DigitalSource ToProto(Content::DigitalSource source);

// Of an article: the fields that a revision holds, `body` only in the view FULL.
void SetContent(const Content& content, v1::ArticleView view, v1::Article& proto);

// Fields of an article in a request; nullopt or empty if unset. What cannot be understood adds violations; limits are
// content_rules.h's.
std::vector<Byline> ParseBylines(const v1::Article& proto, FieldViolations& violations);
std::optional<Dateline> ParseDateline(const v1::Article& proto);
std::optional<Source> ParseSource(const v1::Article& proto, FieldViolations& violations);
std::optional<Rights> ParseRights(const v1::Article& proto);
std::optional<Seo> ParseSeo(const v1::Article& proto);
std::optional<Social> ParseSocial(const v1::Article& proto);
std::vector<ContentWarning> ParseContentWarnings(const v1::Article& proto, FieldViolations& violations);
Access ParseAccess(const v1::Article& proto, FieldViolations& violations);

}  // namespace masthead::articles
