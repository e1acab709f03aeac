#include "services/articles/publishing/publication.h"

#include <optional>

#include "services/articles/article/article_store.h"
#include "services/articles/indexing/search_indexer.h"
#include "services/articles/publishing/announcements.h"
#include "services/articles/publishing/publication_store.h"
#include "services/articles/slugs/slug_store.h"

namespace masthead::articles {
namespace {

// The article as readers have, or had, it.
Article AsPublic(db::Transaction& tx, const Article& article) {
  Article published = article;
  LoadContent(tx, published, published.published_revision);
  return published;
}

}  // namespace

void StorePublication(db::Transaction& tx, Announcer& announcer, Article& article, const Publication& publication,
                      absl::Time now) {
  SaveArticle(tx, article);
  if (publication.outcome != Outcome::kPublished && publication.outcome != Outcome::kUpdated) return;
  MakeSlugLive(tx, article.language_code, article.content.slug, article.id);
  PutPublished(tx, article);
  IndexPublication(tx, article);
  std::optional<Revision> former;
  if (publication.former_revision > 0) former = LoadRevision(tx, article.id, publication.former_revision);
  AnnouncePublication(tx, announcer, article, publication, former ? &former->content : nullptr, now);
}

void StoreWithdrawal(db::Transaction& tx, Announcer& announcer, Article& article, absl::Time now) {
  SaveArticle(tx, article);
  RemovePublished(tx, article);
  AnnounceUnpublished(tx, announcer, AsPublic(tx, article), now);
}

void StoreRetraction(db::Transaction& tx, Announcer& announcer, Article& article, absl::Time now) {
  SaveArticle(tx, article);
  RemovePublished(tx, article);
  AnnounceRetracted(tx, announcer, AsPublic(tx, article), now);
}

void StoreReinstatement(db::Transaction& tx, Announcer& announcer, Article& article, absl::Time now) {
  SaveArticle(tx, article);
  const Article published = AsPublic(tx, article);
  PutPublished(tx, published);
  IndexPublication(tx, published);
  AnnounceReinstated(tx, announcer, published, now);
}

}  // namespace masthead::articles
