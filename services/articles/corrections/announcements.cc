#include "services/articles/corrections/announcements.h"

#include <utility>

#include "services/articles/article/article_store.h"
#include "services/articles/article/spelling_proto.h"
#include "services/articles/publishing/announcements.h"

namespace masthead::articles {

void AnnounceCorrected(db::Transaction& tx, Announcer& announcer, const Article& article, const Correction& correction,
                       absl::Time now) {
  Article published = article;
  LoadContent(tx, published, published.published_revision);
  v1::Event event;
  v1::ArticleCorrected& corrected = *event.mutable_article_corrected();
  *corrected.mutable_facts() = Facts(published, now);
  corrected.set_correction(CorrectionName(correction.article_id, correction.id));
  corrected.set_kind(EnumToProto<v1::Correction::Kind>(correction.said.kind));
  corrected.set_withdrawn(correction.withdraw_time.has_value());
  announcer.Announce(tx, "article.corrected", ArticleName(article.id), article.version, now, std::move(event));
}

}  // namespace masthead::articles
