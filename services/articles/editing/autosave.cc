#include "services/articles/editing/autosave.h"

namespace masthead::articles {

bool MergesIntoTip(const Article& article, const Tip& tip, absl::string_view editor, absl::Time now) {
  if (!tip.autosaved || tip.editor != editor || now - tip.create_time >= kAutosaveMerged) return false;
  const bool is_public = article.published_revision == article.revision;
  const bool is_planned = article.schedule.has_value() && article.schedule->revision == article.revision;
  const bool is_reviewed = article.review.has_value() && article.review->revision == article.revision;
  return !is_public && !is_planned && !is_reviewed && !tip.linked;
}

}  // namespace masthead::articles
