#include "services/articles/corrections/mending.h"

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/articles/errors.h"
#include "services/articles/publishing/dead_end_store.h"
#include "services/articles/publishing/publication.h"
#include "services/articles/publishing/publishing.h"
#include "services/articles/publishing/state_machine.h"

namespace masthead::articles {

absl::Status Mend(db::Transaction& tx, Announcer& announcer, const Editor& editor, const Written& mended,
                  const HouseRules& rules, absl::Time now, Article& article) {
  RETURN_IF_ERROR(Check(article, Action::kCorrect));
  if (article.revision != article.published_revision) {
    return UnpublishedChanges(ArticleName(article.id), article.revision, article.published_revision);
  }
  RETURN_IF_ERROR(Save(tx, editor, mended, article));
  const DeadEnds dead_ends = FindDeadEnds(tx, article.content.body);
  ASSIGN_OR_RETURN(const Publication publication, Publish(article, rules, now, /*substantive=*/true, dead_ends));
  if (publication.outcome == Outcome::kNothing) return absl::OkStatus();
  if (publication.outcome == Outcome::kPlanned) {
    FieldViolations violations;
    violations.Add("article.embargo_until", "would keep the edit from readers who have its correction");
    return violations.ToStatus();
  }
  StorePublication(tx, announcer, article, publication, now);
  return absl::OkStatus();
}

}  // namespace masthead::articles
