#include "services/articles/editing/batch_service.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/article/text_rules.h"
#include "services/articles/editing/saving.h"
#include "services/articles/errors.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxBatch = 100;

struct Update {
  std::string id;
  std::string etag;
  Written written;
};

std::string UpdateField(size_t i) { return absl::StrCat("updates[", i, "]"); }

// The updates, checked as far as they go without the database.
absl::StatusOr<std::vector<Update>> ReadUpdates(const v1::BatchUpdateArticlesRequest& request) {
  FieldViolations violations;
  CheckCount("updates", request.updates_size(), 1, kMaxBatch, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  std::vector<Update> updates;
  std::set<std::string> ids;
  for (const v1::ArticleUpdate& sent : request.updates()) {
    FieldViolations wrong;
    Update update;
    update.id = ParseId("article.name", sent.article().name(), "articles/*", wrong);
    update.etag = sent.article().etag();
    update.written = ReadWritten(sent.article(), sent.update_mask(), wrong);
    update.written.reclaim_slug = sent.reclaim_slug();
    if (!ids.insert(update.id).second) wrong.Add("article.name", "is another update's");
    violations.AddAll(UpdateField(updates.size()), wrong);
    updates.push_back(std::move(update));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  for (const v1::ArticleUpdate& sent : request.updates()) RETURN_IF_ERROR(CheckBodySize(sent.article()));
  return updates;
}

// `status`, telling which update it is about.
absl::Status InUpdate(size_t i, const absl::Status& status) {
  if (status.ok()) return status;
  absl::Status told(status.code(), absl::StrCat(UpdateField(i), ": ", status.message()));
  status.ForEachPayload(
      [&](absl::string_view type_url, const absl::Cord& payload) { told.SetPayload(type_url, payload); });
  return told;
}

// The positions of the updates in the order in which articles are locked: all of them before any slug is.
std::vector<size_t> LockingOrder(const std::vector<Update>& updates) {
  std::vector<size_t> order;
  for (size_t i = 0; i < updates.size(); ++i) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return updates[a].id < updates[b].id; });
  return order;
}

absl::Status SaveAll(db::Transaction& tx, const Editor& editor, const std::vector<Update>& updates,
                     std::vector<Article>& articles, idempotency::Change& change) {
  articles.resize(updates.size());
  const std::vector<size_t> order = LockingOrder(updates);
  std::vector<idempotency::Change> changes(updates.size());
  for (size_t i : order) {
    absl::StatusOr<Article> article = FindArticleForChange(tx, updates[i].id, updates[i].etag, changes[i]);
    RETURN_IF_ERROR(InUpdate(i, article.status()));
    articles[i] = *std::move(article);
  }
  for (size_t i : order) {
    RETURN_IF_ERROR(InUpdate(i, Save(tx, editor, updates[i].written, articles[i])));
    changes[i].revision_after = articles[i].version;
  }
  change = std::move(changes.front());
  change.others.assign(changes.begin() + 1, changes.end());
  return absl::OkStatus();
}

}  // namespace

void BatchService::Register(rpc::Service& articles_service) {
  articles_service.Unary("BatchGetArticles", this, &BatchService::BatchGet);
  articles_service.Unary("BatchUpdateArticles", this, &BatchService::BatchUpdate);
}

absl::StatusOr<v1::BatchGetArticlesResponse> BatchService::BatchGet(const Call& call,
                                                                    const v1::BatchGetArticlesRequest& request) {
  FieldViolations violations;
  CheckCount("names", request.names_size(), 1, kMaxBatch, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (!v1::ArticleView_IsValid(request.view())) violations.Add("view", "is no view that this server knows");
  const std::vector<std::string> ids = ParseIds("names", request.names(), "articles/*", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const bool full = request.view() == v1::ARTICLE_VIEW_FULL;
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::BatchGetArticlesResponse> {
    std::map<std::string, Article> found;
    for (Article& article : LoadArticlesById(tx, ids)) found.emplace(article.id, std::move(article));
    v1::BatchGetArticlesResponse response;
    for (const std::string& id : ids) {
      const auto article = found.find(id);
      if (article == found.end()) return ArticleNotFound(ArticleName(id));
      if (full) LoadContent(tx, article->second, article->second.revision);
      *response.add_articles() = ToProto(article->second, full ? v1::ARTICLE_VIEW_FULL : v1::ARTICLE_VIEW_BASIC);
    }
    return response;
  });
}

absl::StatusOr<v1::BatchUpdateArticlesResponse> BatchService::BatchUpdate(
    const Call& call, const v1::BatchUpdateArticlesRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<Update> updates, ReadUpdates(request));
  FieldViolations violations;
  const Editor editor = EditorIn(*call.caller, request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::BatchUpdateArticlesResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::BatchUpdateArticlesResponse> {
        std::vector<Article> articles;
        RETURN_IF_ERROR(SaveAll(tx, editor, updates, articles, change));
        v1::BatchUpdateArticlesResponse response;
        for (const Article& article : articles) *response.add_articles() = ToProto(article, v1::ARTICLE_VIEW_BASIC);
        return response;
      });
}

}  // namespace masthead::articles
