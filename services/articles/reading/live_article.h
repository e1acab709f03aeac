// A published article with everything that stands around it on the page.
#pragma once

#include <string>
#include <vector>

#include "services/articles/article/article.h"
#include "services/articles/corrections/correction.h"
#include "services/articles/taxonomy/taxonomy.h"

namespace masthead::articles {

struct CreditedByline {
  Byline byline;
  Contributor contributor;
};

// What readers would have if they all might read everything. Only the Gate looks into its body.
struct LiveArticle {
  Article article;  // With the content of its published revision.
  std::vector<CreditedByline> bylines;
  Topic section;
  std::vector<Topic> tags;
  std::vector<Correction> corrections;  // Where all of it is shown.
};

}  // namespace masthead::articles
