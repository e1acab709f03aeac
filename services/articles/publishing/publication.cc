#include "services/articles/publishing/publication.h"

#include <optional>

#include "services/articles/article/article_store.h"
#include "services/articles/publishing/announcements.h"
#include "services/articles/publishing/publication_store.h"
#include "services/articles/slugs/slug_store.h"

namespace masthead::articles {

void StorePublication(db::Transaction& tx, Announcer& announcer, Article& article, Outcome outcome,
                      int64_t former_revision, bool substantive, absl::Time now) {
  SaveArticle(tx, article);
  MakeSlugLive(tx, article.language_code, article.content.slug, article.id);
  PutPublished(tx, article);
  if (outcome == Outcome::kPublished) {
    AnnouncePublished(tx, announcer, article, /*first_publication=*/former_revision == 0, now);
  } else if (const std::optional<Revision> former = LoadRevision(tx, article.id, former_revision)) {
    AnnounceUpdated(tx, announcer, article, former->content, substantive, now);
  }
}

void StoreWithdrawal(db::Transaction& tx, Announcer& announcer, Article& article, absl::Time now) {
  SaveArticle(tx, article);
  RemovePublished(tx, article);
  Article withdrawn = article;
  LoadContent(tx, withdrawn, withdrawn.published_revision);
  AnnounceUnpublished(tx, announcer, withdrawn, now);
}

}  // namespace masthead::articles
