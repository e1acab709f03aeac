#include "services/articles/editing/editing_service.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/field_mask.h"
#include "common/resource/name.h"
#include "services/articles/article/article_fields_proto.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_rules.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/block_rules.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/article/words.h"
#include "services/articles/editing/references.h"
#include "services/articles/errors.h"
#include "services/articles/publishing/publishing.h"
#include "services/articles/slugs/slug_claim.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 100;

// The end of a UUID, which is random: unique enough within one article.
std::string NewBlockId() {
  constexpr size_t kLength = 12;
  const std::string uuid = ids::NewUuid();
  return uuid.substr(uuid.size() - kLength);
}

absl::Status CheckBodySize(const v1::Article& article) {
  size_t bytes = 0;
  for (const v1::Block& block : article.body()) bytes += block.ByteSizeLong();
  return bytes <= kMaxBodyBytes ? absl::OkStatus() : BodyTooLarge(bytes, kMaxBodyBytes);
}

// What the request writes of `fields`, checked and normalised.
absl::StatusOr<Article> ReadWritten(const v1::Article& proto, const std::set<std::string>& fields,
                                    FieldViolations& violations) {
  Article written;
  ParseFields(proto, fields, written, violations);
  CheckWritten(written, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckBodySize(proto));
  return written;
}

std::set<std::string> AllFields() {
  std::set<std::string> fields;
  for (absl::string_view field : MutableFields()) fields.emplace(field);
  return fields;
}

// What is derived from the rest when `article` is saved with `content`, and what only the whole can show to be wrong.
absl::Status Complete(db::Transaction& tx, const Article& article, Content& content, bool reclaim_slug) {
  FieldViolations violations;
  CheckFieldsTogether(content, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  NameBlocks(article.content.body, content.body, NewBlockId);
  RETURN_IF_ERROR(CheckReferences(tx, content));
  return ClaimSlug(tx, article, content, reclaim_slug);
}

absl::StatusOr<Article> NewArticle(const v1::CreateArticleRequest& request, FieldViolations& violations) {
  Article article;
  article.id = request.article_id().empty() ? ids::NewUuid() : request.article_id();
  if (!ids::IsResourceId(article.id)) violations.Add("article_id", "is not [a-z]([a-z0-9-]{0,61}[a-z0-9])? or a UUID");
  article.uid = ids::IsUuid(article.id) ? article.id : ids::NewUuid();
  article.language_code = request.article().language_code();
  CheckLanguage("article.language_code", article.language_code, violations);
  return article;
}

void CheckView(v1::ArticleView view, FieldViolations& violations) {
  if (!v1::ArticleView_IsValid(view)) violations.Add("view", "is no view that this server knows");
}

absl::StatusOr<ArticleFilter> ReadFilter(const v1::ListArticlesRequest& request) {
  ArticleFilter filter;
  FieldViolations violations;
  CheckView(request.view(), violations);
  if (request.state() != v1::Article::STATE_UNSPECIFIED) {
    filter.state = v1::Article::State_Name(request.state());
    if (!ParseState(*filter.state).has_value()) violations.Add("state", "is no state that this server knows");
  }
  if (!request.section().empty()) {
    const auto section = resource::ParseName(request.section(), "sections/*");
    if (section.has_value()) {
      filter.section_id = section->front();
    } else {
      violations.Add("section", "is no name sections/{section}");
    }
  }
  if (!request.language_code().empty()) {
    filter.language_code = request.language_code();
    CheckLanguage("language_code", *filter.language_code, violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return filter;
}

std::optional<ArticlePosition> ReadPosition(const std::vector<std::string>& keys) {
  int64_t micros = 0;
  if (keys.size() != 2 || !absl::SimpleAtoi(keys[0], &micros)) return std::nullopt;
  return ArticlePosition{absl::FromUnixMicros(micros), keys[1]};
}

}  // namespace

void EditingService::Register(rpc::Service& articles_service) {
  articles_service.Unary("GetArticle", this, &EditingService::Get);
  articles_service.Unary("ListArticles", this, &EditingService::List);
  articles_service.Unary("CreateArticle", this, &EditingService::Create);
  articles_service.Unary("UpdateArticle", this, &EditingService::Update);
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
  ASSIGN_OR_RETURN(const ArticleFilter filter, ReadFilter(request));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  ASSIGN_OR_RETURN(std::vector<Article> articles, database_.Read(call.scope, [&](db::Transaction& tx) {
    std::vector<Article> loaded = LoadArticles(tx, filter, ReadPosition(keys), limit + 1);
    if (request.view() == v1::ARTICLE_VIEW_FULL) {
      for (Article& article : loaded) LoadContent(tx, article, article.revision);
    }
    return loaded;
  }));
  v1::ListArticlesResponse response;
  if (static_cast<int>(articles.size()) > limit) {
    articles.resize(limit);
    const Article& last = articles.back();
    response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request,
                                                   {absl::StrCat(absl::ToUnixMicros(last.create_time)), last.id}));
  }
  const v1::ArticleView view = request.view() == v1::ARTICLE_VIEW_FULL ? v1::ARTICLE_VIEW_FULL : v1::ARTICLE_VIEW_BASIC;
  for (const Article& article : articles) *response.add_articles() = ToProto(article, view);
  return response;
}

absl::StatusOr<v1::Article> EditingService::Create(const Call& call, const v1::CreateArticleRequest& request) {
  FieldViolations violations;
  ASSIGN_OR_RETURN(const Article fresh, NewArticle(request, violations));
  ASSIGN_OR_RETURN(const Article written, ReadWritten(request.article(), AllFields(), violations));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        Article article = fresh;
        article.create_time = article.update_time = Now(tx);
        article.word_count = CountWords(written.content);
        // The row first: the slug refers to it.
        if (!InsertArticleRow(tx, article, written.content.section_id)) return ArticleIdTaken(ArticleName(article.id));
        Content completed = written.content;
        RETURN_IF_ERROR(Complete(tx, article, completed, request.reclaim_slug()));
        article.content = std::move(completed);
        InsertRevision(tx, article, call.caller->principal(), article.create_time);
        change = {.resource = ArticleName(article.id), .revision_before = 0, .revision_after = article.version};
        return ToProto(article);
      });
}

absl::StatusOr<v1::Article> EditingService::Update(const Call& call, const v1::UpdateArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("article.name", request.article().name()));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.article(), MutableFields(), violations);
  ASSIGN_OR_RETURN(const Article written, ReadWritten(request.article(), fields, violations));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.article().etag(), change));
        Article changed = article;
        TakeFields(written, fields, changed);
        RETURN_IF_ERROR(Complete(tx, article, changed.content, request.reclaim_slug()));
        if (changed.content == article.content) return ToProto(article);
        article.content = std::move(changed.content);
        article.word_count = CountWords(article.content);
        ++article.revision;
        article.update_time = Now(tx);
        RETURN_IF_ERROR(OnSave(article));
        InsertRevision(tx, article, call.caller->principal(), article.update_time);
        SaveArticle(tx, article);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

}  // namespace masthead::articles
