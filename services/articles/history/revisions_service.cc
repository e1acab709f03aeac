#include "services/articles/history/revisions_service.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"
#include "services/articles/errors.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 100;

// `articles/{article}/revisions/{n}`, taken apart.
struct RevisionName {
  std::string article_id;
  std::string number;  // A number, `latest` or `published`.
};

absl::StatusOr<RevisionName> ParseRevisionName(const std::string& name) {
  const std::vector<std::string> segments = absl::StrSplit(name, absl::MaxSplits('/', 4));
  int64_t number = 0;
  const bool well_formed =
      segments.size() == 4 && segments[2] == "revisions" &&
      (segments[3] == "latest" || segments[3] == "published" || (absl::SimpleAtoi(segments[3], &number) && number > 0));
  if (!well_formed) {
    FieldViolations violations;
    violations.Add("name", "is no name articles/{article}/revisions/{n}");
    return violations.ToStatus();
  }
  ASSIGN_OR_RETURN(std::string id, ParseArticleId("name", absl::StrCat(segments[0], "/", segments[1])));
  return RevisionName{std::move(id), segments[3]};
}

int64_t RevisionNumber(const Article& article, const std::string& number) {
  if (number == "latest") return article.revision;
  if (number == "published") return article.published_revision;
  int64_t parsed = 0;
  return absl::SimpleAtoi(number, &parsed) ? parsed : 0;
}

}  // namespace

void RevisionsService::Register(rpc::Service& articles_service) {
  articles_service.Unary("GetArticleRevision", this, &RevisionsService::GetRevision);
  articles_service.Unary("ListArticleRevisions", this, &RevisionsService::ListRevisions);
}

absl::StatusOr<v1::ArticleRevision> RevisionsService::GetRevision(const Call& call,
                                                                  const v1::GetArticleRevisionRequest& request) {
  ASSIGN_OR_RETURN(const RevisionName name, ParseRevisionName(request.name()));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ArticleRevision> {
    ASSIGN_OR_RETURN(const Article article, FindArticle(tx, name.article_id));
    const std::optional<Revision> revision = LoadRevision(tx, article.id, RevisionNumber(article, name.number));
    if (!revision.has_value()) return RevisionNotFound(request.name());
    return ToProto(article, *revision);
  });
}

absl::StatusOr<v1::ListArticleRevisionsResponse> RevisionsService::ListRevisions(
    const Call& call, const v1::ListArticleRevisionsRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("parent", request.parent()));
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!keys.empty() && !absl::SimpleAtoi(keys[0], &before)) before = 0;
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListArticleRevisionsResponse> {
    ASSIGN_OR_RETURN(const Article article, FindArticle(tx, id));
    std::vector<Revision> revisions = LoadRevisions(tx, id, before, limit + 1);
    v1::ListArticleRevisionsResponse response;
    if (static_cast<int>(revisions.size()) > limit) {
      revisions.resize(limit);
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(revisions.back().number)}));
    }
    for (const Revision& revision : revisions) *response.add_article_revisions() = ToProto(article, revision);
    return response;
  });
}

}  // namespace masthead::articles
