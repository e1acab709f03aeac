#include "services/articles/history/revisions_service.h"

#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/field_mask.h"
#include "services/articles/article/article_fields_proto.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/block_proto.h"
#include "services/articles/editing/saving.h"
#include "services/articles/errors.h"
#include "services/articles/history/diff.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 100;

// `articles/{article}/revisions/{n}`, taken apart.
struct RevisionName {
  std::string article_id;
  std::string number;  // A number, `latest` or `published`.
};

absl::StatusOr<RevisionName> ParseRevisionName(absl::string_view field, const std::string& name) {
  const std::vector<std::string> segments = absl::StrSplit(name, absl::MaxSplits('/', 4));
  int64_t number = 0;
  const bool well_formed =
      segments.size() == 4 && segments[2] == "revisions" &&
      (segments[3] == "latest" || segments[3] == "published" || (absl::SimpleAtoi(segments[3], &number) && number > 0));
  if (!well_formed) {
    FieldViolations violations;
    violations.Add(field, "is no name articles/{article}/revisions/{n}");
    return violations.ToStatus();
  }
  ASSIGN_OR_RETURN(std::string id, ParseArticleId(field, absl::StrCat(segments[0], "/", segments[1])));
  return RevisionName{std::move(id), segments[3]};
}

int64_t RevisionNumber(const Article& article, const std::string& number) {
  if (number == "latest") return article.revision;
  if (number == "published") return article.published_revision;
  int64_t parsed = 0;
  return absl::SimpleAtoi(number, &parsed) ? parsed : 0;
}

// The words and the pictures.
const std::set<std::string>& RestoredByDefault() {
  static const std::set<std::string> fields = {"headline", "short_headline", "kicker", "dek", "body", "lead_image"};
  return fields;
}

// In alphabetical order.
std::set<std::string> ChangedFields(const Article& before, const Article& after) {
  std::set<std::string> changed;
  for (absl::string_view field : MutableFields()) {
    Article taken = before;
    TakeFields(after, {std::string(field)}, taken);
    if (taken.content != before.content) changed.emplace(field);
  }
  return changed;
}

v1::BlockChange::Kind ToProto(BlockChange::Kind kind) {
  switch (kind) {
    case BlockChange::Kind::kAdded:
      return v1::BlockChange::ADDED;
    case BlockChange::Kind::kRemoved:
      return v1::BlockChange::REMOVED;
    case BlockChange::Kind::kChanged:
      return v1::BlockChange::CHANGED;
    case BlockChange::Kind::kMoved:
      return v1::BlockChange::MOVED;
  }
  return v1::BlockChange::KIND_UNSPECIFIED;
}

v1::BlockChange ToProto(const BlockChange& change) {
  v1::BlockChange proto;
  proto.set_kind(ToProto(change.kind));
  proto.set_block_id(change.block_id);
  if (change.before != nullptr) *proto.mutable_before() = articles::ToProto(*change.before);
  if (change.after != nullptr) *proto.mutable_after() = articles::ToProto(*change.after);
  proto.set_before_index(change.before_index);
  proto.set_after_index(change.after_index);
  return proto;
}

// `article` with the content of one of its revisions.
absl::StatusOr<Article> AsOf(db::Transaction& tx, const Article& article, const std::string& number,
                             const std::string& name) {
  const std::optional<Revision> revision = LoadRevision(tx, article.id, RevisionNumber(article, number));
  if (!revision.has_value()) return RevisionNotFound(name);
  Article then = article;
  then.content = revision->content;
  return then;
}

}  // namespace

void RevisionsService::Register(rpc::Service& articles_service) {
  articles_service.Unary("GetArticleRevision", this, &RevisionsService::GetRevision);
  articles_service.Unary("ListArticleRevisions", this, &RevisionsService::ListRevisions);
  articles_service.Unary("DiffArticleRevisions", this, &RevisionsService::Diff);
  articles_service.Unary("RollbackArticle", this, &RevisionsService::Rollback);
}

absl::StatusOr<v1::ArticleRevision> RevisionsService::GetRevision(const Call& call,
                                                                  const v1::GetArticleRevisionRequest& request) {
  ASSIGN_OR_RETURN(const RevisionName name, ParseRevisionName("name", request.name()));
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

absl::StatusOr<v1::DiffArticleRevisionsResponse> RevisionsService::Diff(
    const Call& call, const v1::DiffArticleRevisionsRequest& request) {
  ASSIGN_OR_RETURN(const RevisionName later, ParseRevisionName("name", request.name()));
  ASSIGN_OR_RETURN(const RevisionName earlier, ParseRevisionName("base", request.base()));
  FieldViolations violations;
  if (earlier.article_id != later.article_id) violations.Add("base", "is a revision of another article");
  RETURN_IF_ERROR(violations.ToStatus());
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::DiffArticleRevisionsResponse> {
    ASSIGN_OR_RETURN(const Article article, FindArticle(tx, later.article_id));
    ASSIGN_OR_RETURN(const Article before, AsOf(tx, article, earlier.number, request.base()));
    ASSIGN_OR_RETURN(const Article after, AsOf(tx, article, later.number, request.name()));
    v1::DiffArticleRevisionsResponse response;
    for (const std::string& field : ChangedFields(before, after)) response.add_changed_fields(field);
    for (const BlockChange& change : DiffBlocks(before.content.body, after.content.body)) {
      *response.add_block_changes() = ToProto(change);
    }
    return response;
  });
}

absl::StatusOr<v1::Article> RevisionsService::Rollback(const Call& call, const v1::RollbackArticleRequest& request) {
  ASSIGN_OR_RETURN(const RevisionName name, ParseRevisionName("name", request.name()));
  FieldViolations violations;
  Written written;
  written.fields = RestoredByDefault();
  if (request.has_fields()) {
    written.fields = resource::FieldsToUpdate(request.fields(), v1::Article(), MutableFields(), violations);
  }
  Editor editor = EditorIn(*call.caller, request, violations);
  // What the revision led to may be gone: that is told when it is published.
  editor.may_refer_ahead = true;
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, name.article_id, request.etag(), change));
        ASSIGN_OR_RETURN(written.article, AsOf(tx, article, name.number, request.name()));
        RETURN_IF_ERROR(Save(tx, editor, written, article));
        change.revision_after = article.version;
        return articles::ToProto(article);
      });
}

}  // namespace masthead::articles
