// What newsletters say of articles, on the wire.
#pragma once

#include "masthead/articles/v1/newsletter.pb.h"
#include "services/articles/reading/live_article.h"
#include "services/articles/rendering/html.h"

namespace masthead::articles {

// `related` holds paths. What guards the text is told beside it.
v1::NewsletterContent ToNewsletterProto(const LiveArticle& live, const HtmlOptions& related);

}  // namespace masthead::articles
