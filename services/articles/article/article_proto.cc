#include "services/articles/article/article_proto.h"

#include <functional>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/content_proto.h"
#include "services/articles/article/words.h"

namespace masthead::articles {
namespace {

v1::Article::State ToProto(Article::State state) {
  switch (state) {
    case Article::State::kDraft:
      return v1::Article::DRAFT;
    case Article::State::kScheduled:
      return v1::Article::SCHEDULED;
    case Article::State::kPublished:
      return v1::Article::PUBLISHED;
    case Article::State::kUnpublished:
      return v1::Article::UNPUBLISHED;
  }
  return v1::Article::STATE_UNSPECIFIED;
}

v1::Schedule ToProto(const Schedule& schedule) {
  v1::Schedule proto;
  *proto.mutable_publish_time() = resource::ToTimestamp(schedule.publish_time);
  proto.set_time_zone(schedule.time_zone);
  proto.set_local_publish_time(schedule.local_publish_time);
  proto.set_local_time_repeats(schedule.local_time_repeats);
  proto.set_revision(schedule.revision);
  return proto;
}

void SetIfKnown(const std::optional<absl::Time>& time, std::function<google::protobuf::Timestamp*()> field) {
  if (time) *field() = resource::ToTimestamp(*time);
}

}  // namespace

v1::Article ToProto(const Article& article, v1::ArticleView view) {
  v1::Article proto;
  proto.set_name(ArticleName(article.id));
  proto.set_uid(article.uid);
  proto.set_etag(resource::Etag(article.version));
  *proto.mutable_create_time() = resource::ToTimestamp(article.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(article.update_time);
  SetIfKnown(article.delete_time, [&] { return proto.mutable_delete_time(); });
  SetContent(article.content, view, proto);
  proto.set_language_code(article.language_code);
  SetIfKnown(article.publish_time, [&] { return proto.mutable_publish_time(); });
  SetIfKnown(article.content_update_time, [&] { return proto.mutable_content_update_time(); });
  proto.set_state(ToProto(article.state));
  if (article.schedule) *proto.mutable_schedule() = ToProto(*article.schedule);
  proto.set_revision(article.revision);
  proto.set_published_revision(article.published_revision);
  proto.set_has_unpublished_changes(HasUnpublishedChanges(article));
  proto.set_word_count(article.word_count);
  proto.set_reading_seconds(ReadingSeconds(article.word_count));
  proto.set_url_path(UrlPath(article.language_code, article.content.slug));
  proto.set_legal_hold(article.legal_hold);
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
