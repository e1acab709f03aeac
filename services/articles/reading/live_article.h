// A published article with everything that stands around it on the page.
#pragma once

#include <string>
#include <vector>

#include "services/articles/article/article.h"
#include "services/articles/corrections/correction.h"
#include "services/articles/taxonomy/contributor.h"
#include "services/articles/taxonomy/section.h"
#include "services/articles/taxonomy/tag.h"

namespace masthead::articles {

struct CreditedByline {
  Byline byline;
  Contributor contributor;
};

// What readers would have if they all might read everything. Only the Gate looks into its body.
struct LiveArticle {
  Article article;  // With the content of its published revision.
  std::vector<CreditedByline> bylines;
  Section section;
  std::vector<Tag> tags;                // What others were merged into stands for them.
  std::vector<Correction> corrections;  // Where all of it is shown.
  std::vector<PublicTranslation> translations;
  std::vector<std::string> related_ids;  // Articles that its body names; those that are not public are out of the body.
};

}  // namespace masthead::articles
