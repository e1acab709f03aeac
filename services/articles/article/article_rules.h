// What may be said about an article beside what a revision holds.
#pragma once

#include "common/base/errors.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// Normalises and checks all that a request writes, as its field `article`: the content (content_rules.h), labels and
// alternative IDs.
void CheckWritten(Article& article, FieldViolations& violations);

}  // namespace masthead::articles
