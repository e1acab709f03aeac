// Articles and revisions to the wire.
#pragma once

#include "masthead/articles/v1/article.pb.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// The working copy; without its body in the view BASIC.
v1::Article ToProto(const Article& article, v1::ArticleView view = v1::ARTICLE_VIEW_FULL);

v1::ArticleRevision ToProto(const Article& article, const Revision& revision);

}  // namespace masthead::articles
