#include "services/articles/article/article_proto.h"

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/content_proto.h"
#include "services/articles/article/excerpt.h"
#include "services/articles/article/words.h"
#include "services/articles/article/workflow_proto.h"

namespace masthead::articles {

v1::Article ToProto(const Article& article, v1::ArticleView view) {
  v1::Article proto;
  proto.set_name(ArticleName(article.id));
  proto.set_uid(article.uid);
  proto.set_etag(resource::Etag(article.version));
  *proto.mutable_create_time() = resource::ToTimestamp(article.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(article.update_time);
  SetContent(article.content, view, proto);
  proto.set_language_code(article.language_code);
  WorkflowToProto(article, proto);
  proto.set_word_count(article.word_count);
  proto.set_reading_seconds(ReadingSeconds(article.word_count));
  proto.set_url_path(UrlPath(article.language_code, article.content.slug));
  proto.set_auto_excerpt(MakeExcerpt(article.content));
  proto.set_legal_hold(article.legal_hold);
  if (TranslatedFrom(article) != nullptr) proto.set_translation_of(ArticleName(article.translation_of_id));
  for (const Translation& other : article.translations) {
    (*proto.mutable_translations())[other.language_code] = ArticleName(other.article_id);
  }
  proto.set_translation_stale(IsTranslationStale(article));
  for (const auto& [key, value] : article.labels) (*proto.mutable_labels())[key] = value;
  for (const auto& [scheme, value] : article.alt_ids) (*proto.mutable_alt_ids())[scheme] = value;
  return proto;
}

v1::ArticleRevision ToProto(const Article& article, const Revision& revision) {
  v1::ArticleRevision proto;
  proto.set_name(absl::StrCat(ArticleName(article.id), "/revisions/", revision.number));
  *proto.mutable_create_time() = resource::ToTimestamp(revision.create_time);
  proto.set_editor(revision.editor);
  v1::Article& snapshot = *proto.mutable_snapshot();
  snapshot.set_name(ArticleName(article.id));
  snapshot.set_uid(article.uid);
  SetContent(revision.content, v1::ARTICLE_VIEW_FULL, snapshot);
  snapshot.set_language_code(article.language_code);
  snapshot.set_revision(revision.number);
  snapshot.set_word_count(revision.word_count);
  snapshot.set_reading_seconds(ReadingSeconds(revision.word_count));
  snapshot.set_url_path(UrlPath(article.language_code, revision.content.slug));
  return proto;
}

}  // namespace masthead::articles
