#include "services/articles/translations/translations_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/translation_store.h"
#include "services/articles/editing/saving.h"
#include "services/articles/errors.h"
#include "services/articles/publishing/announcements.h"
#include "services/articles/publishing/publishing.h"

namespace masthead::articles {
namespace {

// What a translation begins with. Search engines are sent to no other article in its place.
Written TranslationOf(const Article& source, int64_t revision) {
  Written translation = CopyOf(source);
  Content& content = translation.article.content;
  content.source_revision = revision;
  if (content.seo.has_value()) content.seo->canonical_uri.clear();
  return translation;
}

// The article that is translated, locked, with the content of `revision`; 0: of the latest, whose number is set then.
absl::StatusOr<Article> FindSource(db::Transaction& tx, const std::string& id, int64_t& revision) {
  std::optional<Article> source = LockArticle(tx, id);
  if (!source.has_value()) return ArticleNotFound(ArticleName(id));
  if (revision == 0) revision = source->revision;
  if (revision != source->revision && !LoadContent(tx, *source, revision)) {
    return RevisionNotFound(absl::StrCat(ArticleName(id), "/revisions/", revision));
  }
  return *std::move(source);
}

// The set of an article that is locked; it founds one if it belongs to none.
std::string SetOf(db::Transaction& tx, const Article& article) {
  if (!article.translation_set_id.empty()) return article.translation_set_id;
  const std::string set_id = ids::NewUuid();
  JoinTranslationSet(tx, article, set_id, "");
  return set_id;
}

absl::Status Join(db::Transaction& tx, const Article& article, const std::string& set_id, const Article& source) {
  const std::optional<std::string> holder = JoinTranslationSet(tx, article, set_id, source.id);
  return holder.has_value() ? LanguageTaken(article.language_code, ArticleName(*holder)) : absl::OkStatus();
}

// Readers of the article, and of the others of its set, are shown other translations now. `article` names all of which
// that holds, or did.
void AnnounceToReaders(db::Transaction& tx, Announcer& announcer, const Article& article) {
  if (article.state != Article::State::kPublished) return;
  Article published = article;
  LoadContent(tx, published, published.published_revision);
  AnnouncePublication(tx, announcer, published, {.outcome = Outcome::kUpdated}, nullptr, article.update_time);
}

}  // namespace

void TranslationsService::Register(rpc::Service& articles_service) {
  articles_service.Unary("CreateTranslation", this, &TranslationsService::Create);
  articles_service.Unary("LinkTranslation", this, &TranslationsService::Link);
  articles_service.Unary("UnlinkTranslation", this, &TranslationsService::Unlink);
}

absl::StatusOr<v1::Article> TranslationsService::Create(const Call& call, const v1::CreateTranslationRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  FieldViolations violations;
  const Article fresh =
      NewArticle("article_id", request.article_id(), "language_code", request.language_code(), violations);
  if (request.source_revision() < 0) violations.Add("source_revision", "is negative");
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        int64_t revision = request.source_revision();
        ASSIGN_OR_RETURN(const Article source, FindSource(tx, id, revision));
        const std::string set_id = SetOf(tx, source);
        // Whoever may copy HTML that somebody else was trusted with, writes none. What the source leads to may be gone.
        Editor editor(*call.caller);
        editor.may_write_html = true;
        editor.may_refer_ahead = true;
        Article translation = fresh;
        RETURN_IF_ERROR(CreateDraft(tx, editor, TranslationOf(source, revision), translation));
        RETURN_IF_ERROR(Join(tx, translation, set_id, source));
        change = {.resource = ArticleName(fresh.id), .revision_before = 0, .revision_after = translation.version};
        ASSIGN_OR_RETURN(translation, FindArticle(tx, fresh.id));
        return ToProto(translation);
      });
}

absl::StatusOr<v1::Article> TranslationsService::Link(const Call& call, const v1::LinkTranslationRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  ASSIGN_OR_RETURN(const std::string source_id, ParseArticleId("translation_of", request.translation_of()));
  FieldViolations violations;
  if (id == source_id) violations.Add("translation_of", "is the article itself");
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        // In one order, so that two articles which are linked to one another do not wait in a circle.
        LockArticle(tx, std::min(id, source_id));
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        int64_t latest = 0;
        ASSIGN_OR_RETURN(const Article source, FindSource(tx, source_id, latest));
        const bool same_set =
            !article.translation_set_id.empty() && article.translation_set_id == source.translation_set_id;
        if (same_set && article.translation_of_id == source_id) return ToProto(article);
        if (!article.translation_set_id.empty() && !same_set) return InTranslationSet(request.name());
        RETURN_IF_ERROR(Join(tx, article, SetOf(tx, source), source));
        article.update_time = Now(tx);
        SaveArticle(tx, article);
        change.revision_after = article.version;
        ASSIGN_OR_RETURN(const Article linked, FindArticle(tx, id));
        AnnounceToReaders(tx, announcer_, linked);
        return ToProto(linked);
      });
}

absl::StatusOr<v1::Article> TranslationsService::Unlink(const Call& call, const v1::UnlinkTranslationRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        if (article.translation_set_id.empty()) return ToProto(article);
        LeaveTranslationSet(tx, id);
        article.update_time = Now(tx);
        SaveArticle(tx, article);
        change.revision_after = article.version;
        AnnounceToReaders(tx, announcer_, article);
        ASSIGN_OR_RETURN(const Article left, FindArticle(tx, id));
        return ToProto(left);
      });
}

}  // namespace masthead::articles
