#include "services/articles/editing/editing_service.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/name.h"
#include "common/text/text.h"
#include "services/articles/article/article_fields_proto.h"
#include "services/articles/article/article_list_store.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/article/slug.h"
#include "services/articles/editing/saving.h"
#include "services/articles/errors.h"
#include "services/articles/publishing/publishing.h"
#include "services/articles/slugs/slug_claim.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 100;
constexpr int kMostCounted = 10'000;

// The draft that an update of nothing makes of its article.
absl::StatusOr<Article> CreateMissing(db::Transaction& tx, const Editor& editor, const std::string& id,
                                      const v1::UpdateArticleRequest& request) {
  FieldViolations violations;
  Article article =
      NewArticle("article.name", id, "article.language_code", request.article().language_code(), violations);
  Written written = ReadAllWritten(request.article(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  written.reclaim_slug = request.reclaim_slug();
  RETURN_IF_ERROR(CreateDraft(tx, editor, written, article));
  return article;
}

void CheckView(v1::ArticleView view, FieldViolations& violations) {
  if (!v1::ArticleView_IsValid(view)) violations.Add("view", "is no view that this server knows");
}

// What a slug is wanted for, and which.
struct SlugWish {
  Article article;  // Without an ID for one that is still to be made.
  std::string slug;
};

absl::StatusOr<SlugWish> ReadWish(const v1::SuggestSlugRequest& request) {
  SlugWish wish;
  FieldViolations violations;
  wish.article.language_code = request.language_code();
  CheckLanguage("language_code", wish.article.language_code, violations);
  if (!request.article().empty()) wish.article.id = ParseId("article", request.article(), "articles/*", violations);
  if (request.has_slug()) {
    wish.slug = request.slug();
    if (!IsSlug(wish.slug)) violations.Add("slug", kSlugSyntax);
  } else {
    std::string headline = request.headline();
    text::CheckLine("headline", headline, kMaxHeadlineCodePoints, /*required=*/true, violations);
    wish.slug = MakeArticleSlug(headline);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return wish;
}

}  // namespace

void EditingService::Register(rpc::Service& articles_service) {
  articles_service.Unary("GetArticle", this, &EditingService::Get);
  articles_service.Unary("ListArticles", this, &EditingService::List);
  articles_service.Unary("CreateArticle", this, &EditingService::Create);
  articles_service.Unary("UpdateArticle", this, &EditingService::Update);
  articles_service.Unary("DuplicateArticle", this, &EditingService::Duplicate);
  articles_service.Unary("SuggestSlug", this, &EditingService::SuggestSlug);
}

absl::StatusOr<v1::Article> EditingService::Get(const Call& call, const v1::GetArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  FieldViolations violations;
  CheckView(request.view(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const Article article,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return FindArticle(tx, id); }));
  return ToProto(article, request.view());
}

absl::StatusOr<v1::ListArticlesResponse> EditingService::List(const Call& call,
                                                              const v1::ListArticlesRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  FieldViolations violations;
  CheckView(request.view(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const filter::Filter filter, filter::Filter::Parse(request.filter(), ArticleFields()));
  ASSIGN_OR_RETURN(const filter::Order order, ParseArticleOrder(request.order_by()));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  const Deleted deleted = request.show_deleted() ? Deleted::kIncluded : Deleted::kLeftOut;
  return database_.Read(call.scope, [&](db::Transaction& tx) {
    std::vector<filter::Position> page =
        LoadArticlePage(tx, filter, order, filter::PositionFromKeys(keys), limit + 1, deleted);
    v1::ListArticlesResponse response;
    if (static_cast<int>(page.size()) > limit) {
      page.resize(limit);
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {page.back().key, page.back().id}));
    }
    const bool full = request.view() == v1::ARTICLE_VIEW_FULL;
    for (Article& article : LoadArticles(tx, filter::IdsOf(page), deleted)) {
      if (full) LoadContent(tx, article, article.revision);
      *response.add_articles() = ToProto(article, full ? v1::ARTICLE_VIEW_FULL : v1::ARTICLE_VIEW_BASIC);
    }
    if (request.estimate_total_size()) {
      response.set_total_size_estimate(CountArticles(tx, filter, kMostCounted, deleted));
    }
    return response;
  });
}

absl::StatusOr<v1::Article> EditingService::Create(const Call& call, const v1::CreateArticleRequest& request) {
  FieldViolations violations;
  const Article fresh = NewArticle("article_id", request.article_id(), "article.language_code",
                                   request.article().language_code(), violations);
  Written written = ReadAllWritten(request.article(), violations);
  written.reclaim_slug = request.reclaim_slug();
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckBodySize(request.article()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        Article article = fresh;
        RETURN_IF_ERROR(CreateDraft(tx, Editor(*call.caller), written, article));
        change = {.resource = ArticleName(article.id), .revision_before = 0, .revision_after = article.version};
        return ToProto(article);
      });
}

absl::StatusOr<v1::Article> EditingService::Update(const Call& call, const v1::UpdateArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("article.name", request.article().name()));
  FieldViolations violations;
  Written written = ReadWritten(request.article(), request.update_mask(), violations);
  written.reclaim_slug = request.reclaim_slug();
  Editor editor = EditorIn(*call.caller, request, violations);
  editor.autosave = request.autosave();
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckBodySize(request.article()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        absl::StatusOr<Article> article = FindArticleForChange(tx, id, request.article().etag(), change);
        if (absl::IsNotFound(article.status()) && request.allow_missing()) {
          ASSIGN_OR_RETURN(const Article created, CreateMissing(tx, editor, id, request));
          change = {.resource = ArticleName(id), .revision_before = 0, .revision_after = created.version};
          return ToProto(created);
        }
        RETURN_IF_ERROR(article.status());
        RETURN_IF_ERROR(Save(tx, editor, written, *article));
        change.revision_after = article->version;
        return ToProto(*article);
      });
}

absl::StatusOr<v1::Article> EditingService::Duplicate(const Call& call, const v1::DuplicateArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(const Article original, FindArticle(tx, id));
        FieldViolations violations;
        Article copy =
            NewArticle("article_id", request.article_id(), "article.language_code", original.language_code, violations);
        RETURN_IF_ERROR(violations.ToStatus());
        // Whoever may copy HTML that somebody else was trusted with, writes none. What the original leads to may be
        // gone.
        Editor editor(*call.caller);
        editor.may_write_html = true;
        editor.may_refer_ahead = true;
        RETURN_IF_ERROR(CreateDraft(tx, editor, CopyOf(original), copy));
        change = {.resource = ArticleName(copy.id), .revision_before = 0, .revision_after = copy.version};
        return ToProto(copy);
      });
}

absl::StatusOr<v1::SuggestSlugResponse> EditingService::SuggestSlug(const Call& call,
                                                                    const v1::SuggestSlugRequest& request) {
  ASSIGN_OR_RETURN(const SlugWish wish, ReadWish(request));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::SuggestSlugResponse> {
    if (!wish.article.id.empty()) RETURN_IF_ERROR(FindArticle(tx, wish.article.id).status());
    v1::SuggestSlugResponse response;
    response.set_slug(FirstFreeSlug(tx, wish.article, wish.slug));
    response.set_exact(response.slug() == wish.slug);
    return response;
  });
}

}  // namespace masthead::articles
