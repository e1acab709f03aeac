#include "services/articles/reading/listing_service.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/resource/name.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/errors.h"
#include "services/articles/reading/newsletter_proto.h"
#include "services/articles/reading/published_list_store.h"
#include "services/articles/reading/reading_proto.h"
#include "services/articles/reading/reading_store.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 100;
constexpr int kMaxBatch = 100;
constexpr int kDefaultRelated = 6;
constexpr int kMaxRelated = 50;
constexpr int kMaxNewsletterBatch = 20;

template <typename Request>
absl::StatusOr<std::vector<std::string>> ReadNames(const Request& request, int max) {
  FieldViolations violations;
  std::vector<std::string> ids;
  if (request.names().empty() || request.names_size() > max) {
    violations.Add("names", absl::StrCat("has none or more than ", max, " entries"));
    return violations.ToStatus();
  }
  for (int i = 0; i < request.names_size(); ++i) {
    const auto id = resource::ParseName(request.names(i), "articles/*");
    if (id.has_value()) {
      ids.push_back(id->front());
    } else {
      violations.Add(absl::StrCat("names[", i, "]"), "is no name articles/{article}");
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return ids;
}

}  // namespace

void ListingService::Register(rpc::Service& reading_service) {
  reading_service.Unary("ListPublishedArticles", this, &ListingService::ListPublished);
  reading_service.Unary("ListRelatedArticles", this, &ListingService::ListRelated);
  reading_service.Unary("BatchGetAlertContent", this, &ListingService::BatchGetAlertContent);
  reading_service.Unary("BatchGetNewsletterContent", this, &ListingService::BatchGetNewsletterContent);
}

absl::StatusOr<v1::ListPublishedArticlesResponse> ListingService::ListPublished(
    const Call& call, const v1::ListPublishedArticlesRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const filter::Filter filter, filter::Filter::Parse(request.filter(), PublishedFields()));
  ASSIGN_OR_RETURN(const filter::Order order, ParsePublishedOrder(request.order_by()));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  return database_.Read(call.scope, [&](db::Transaction& tx) {
    std::vector<filter::Position> page =
        LoadPublishedPage(tx, filter, order, filter::PositionFromKeys(keys), limit + 1);
    v1::ListPublishedArticlesResponse response;
    if (static_cast<int>(page.size()) > limit) {
      page.resize(limit);
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {page.back().key, page.back().id}));
    }
    for (LiveArticle& live : LoadLiveArticles(tx, filter::IdsOf(page), Bodies::kWhereDekIsEmpty)) {
      *response.add_articles() = ToListedProto(Gate::OpenForOthers(std::move(live)));
    }
    return response;
  });
}

absl::StatusOr<v1::BatchGetAlertContentResponse> ListingService::BatchGetAlertContent(
    const Call& call, const v1::BatchGetAlertContentRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ReadNames(request, kMaxBatch));
  return database_.Read(call.scope, [&](db::Transaction& tx) {
    v1::BatchGetAlertContentResponse response;
    std::set<std::string> found;
    for (LiveArticle& live : LoadLiveArticles(tx, ids, Bodies::kWhereDekIsEmpty)) {
      found.insert(ArticleName(live.article.id));
      *response.add_contents() = ToAlertProto(Gate::OpenForOthers(std::move(live)));
    }
    for (const std::string& name : request.names()) {
      if (found.count(name) == 0) response.add_not_public(name);
    }
    return response;
  });
}

absl::StatusOr<v1::BatchGetNewsletterContentResponse> ListingService::BatchGetNewsletterContent(
    const Call& call, const v1::BatchGetNewsletterContentRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ReadNames(request, kMaxNewsletterBatch));
  return database_.Read(call.scope, [&](db::Transaction& tx) {
    const std::vector<LiveArticle> articles = LoadLiveArticles(tx, ids, Bodies::kAll);
    std::set<std::string> related;
    for (const LiveArticle& live : articles) related.insert(live.related_ids.begin(), live.related_ids.end());
    HtmlOptions options;
    for (const LiveArticle& live : LoadLiveArticles(tx, {related.begin(), related.end()}, Bodies::kWhereDekIsEmpty)) {
      options.related[live.article.id] = {live.article.content.headline,
                                          UrlPath(live.article.language_code, live.article.published_slug)};
    }
    v1::BatchGetNewsletterContentResponse response;
    std::set<std::string> found;
    for (const LiveArticle& live : articles) {
      found.insert(ArticleName(live.article.id));
      *response.add_contents() = ToNewsletterProto(live, options);
    }
    for (const std::string& name : request.names()) {
      if (found.count(name) == 0) response.add_not_public(name);
    }
    return response;
  });
}

absl::StatusOr<v1::ListRelatedArticlesResponse> ListingService::ListRelated(
    const Call& call, const v1::ListRelatedArticlesRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultRelated, kMaxRelated));
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListRelatedArticlesResponse> {
    const std::optional<std::vector<std::string>> related = LoadRelated(tx, id, limit);
    if (!related.has_value()) return ArticleNotFound(request.name());
    v1::ListRelatedArticlesResponse response;
    for (LiveArticle& live : LoadLiveArticles(tx, *related, Bodies::kWhereDekIsEmpty)) {
      *response.add_articles() = ToListedProto(Gate::OpenForOthers(std::move(live)));
    }
    return response;
  });
}

}  // namespace masthead::articles
