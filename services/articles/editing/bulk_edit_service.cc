#include "services/articles/editing/bulk_edit_service.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/filter/filter.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "common/rpc/channel.h"
#include "masthead/articles/v1/articles_service.pb.h"
#include "services/articles/article/article_list_store.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/article/text_rules.h"
#include "services/articles/editing/saving.h"
#include "services/articles/errors.h"

namespace masthead::articles {
namespace {

constexpr int kMaxAffected = 1000;
constexpr int kSample = 10;
constexpr size_t kMaxTagEdits = 10;

TagEdit ReadTagEdit(const v1::BulkEditArticlesRequest& request, FieldViolations& violations) {
  CheckCount("add_tags", request.add_tags_size(), 0, kMaxTagEdits, violations);
  CheckCount("remove_tags", request.remove_tags_size(), 0, kMaxTagEdits, violations);
  TagEdit edit = {ParseIds("add_tags", request.add_tags(), "tags/*", violations),
                  ParseIds("remove_tags", request.remove_tags(), "tags/*", violations)};
  for (const std::string& id : edit.add) {
    if (absl::c_linear_search(edit.remove, id)) violations.Add("remove_tags", "names a tag of add_tags");
  }
  return edit;
}

void CheckFields(const std::set<std::string>& fields, const TagEdit& tags, FieldViolations& violations) {
  for (const char* own : {"headline", "body", "slug", "alt_ids"}) {
    if (fields.count(own) > 0)
      violations.Add("update_mask", absl::StrCat("names ", own, ", which is one article's own"));
  }
  if (!tags.empty() && fields.count("tags") > 0) {
    violations.Add("update_mask", "names tags, which add_tags and remove_tags write");
  }
  if (tags.empty() && fields.empty()) violations.Add("update_mask", "or add_tags or remove_tags is required");
}

// The request_id under which one article of a bulk edit is saved: always the same for the same call and article, so
// that a repetition finds what is done. A UUID of version 8 (RFC 9562): our own.
std::string ItemRequestId(const std::string& request_id, const std::string& article) {
  if (request_id.empty()) return "";
  std::string digest = crypto::Sha256(absl::StrCat(request_id, " ", article)).substr(0, 16);
  digest[6] = static_cast<char>((digest[6] & 0x0F) | 0x80);
  digest[8] = static_cast<char>((digest[8] & 0x3F) | 0x80);
  const std::string hex = absl::BytesToHexString(digest);
  return absl::StrFormat("%s-%s-%s-%s-%s", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                         hex.substr(20));
}

// Whether the article itself, not the database or the call, is what stands in the way.
bool IsAboutTheArticle(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
      return true;
    default:
      return ErrorReason(status) == "ETAG_MISMATCH";
  }
}

v1::BulkEditResult::Outcome OutcomeOf(const absl::Status& status) {
  const bool moved = absl::IsNotFound(status) || absl::IsAborted(status);
  return moved ? v1::BulkEditResult::SKIPPED : v1::BulkEditResult::REFUSED;
}

}  // namespace

struct BulkEditService::Edit {
  std::string request_id;
  Editor editor;
  Written written;
  TagEdit tags;
};

void BulkEditService::Register(rpc::Service& articles_service) {
  articles_service.Unary("BulkEditArticles", this, &BulkEditService::BulkEdit);
}

absl::StatusOr<v1::BulkEditArticlesResponse> BulkEditService::BulkEdit(const Call& call,
                                                                       const v1::BulkEditArticlesRequest& request) {
  FieldViolations violations;
  Edit edit = {.request_id = request.request_id(),
               .editor = EditorIn(*call.caller, request, violations),
               .written = ReadWritten(request.article(), request.update_mask(), violations),
               .tags = ReadTagEdit(request, violations)};
  CheckFields(edit.written.fields, edit.tags, violations);
  if (request.filter().empty()) violations.Add("filter", "is required");
  CheckRange("max_affected", request.max_affected(), 1, kMaxAffected, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  ASSIGN_OR_RETURN(v1::BulkEditArticlesResponse response, Choose(call, request));
  if (request.validate_only()) return response;
  for (v1::BulkEditResult& result : *response.mutable_results()) {
    ASSIGN_OR_RETURN(result, EditOne(call, edit, result));
    if (result.outcome() == v1::BulkEditResult::CHANGED) response.set_changed_count(response.changed_count() + 1);
  }
  return response;
}

absl::StatusOr<v1::BulkEditArticlesResponse> BulkEditService::Choose(const Call& call,
                                                                     const v1::BulkEditArticlesRequest& request) {
  ASSIGN_OR_RETURN(const filter::Filter filter, filter::Filter::Parse(request.filter(), ArticleFields()));
  return idempotency::Mutate<v1::BulkEditArticlesResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::BulkEditArticlesResponse> {
        change.resource = ArticleName("-");
        const std::vector<ArticleVersion> chosen = LoadMatching(tx, filter, kMaxAffected + 1);
        if (static_cast<int>(chosen.size()) > request.max_affected()) {
          const bool more = chosen.size() > kMaxAffected;
          return BulkTooLarge(more ? kMaxAffected : chosen.size(), more, request.max_affected());
        }
        v1::BulkEditArticlesResponse response;
        response.set_matched_count(static_cast<int32_t>(chosen.size()));
        for (const ArticleVersion& article : chosen) {
          if (request.validate_only() && response.results_size() == kSample) break;
          v1::BulkEditResult& result = *response.add_results();
          result.set_article(ArticleName(article.id));
          result.set_outcome(v1::BulkEditResult::NOT_TRIED);
          result.set_etag(resource::Etag(article.version));
        }
        return response;
      });
}

absl::StatusOr<v1::BulkEditResult> BulkEditService::EditOne(const Call& call, const Edit& edit,
                                                            const v1::BulkEditResult& chosen) {
  v1::UpdateArticleRequest item;
  item.set_request_id(ItemRequestId(edit.request_id, chosen.article()));
  item.mutable_article()->set_name(chosen.article());
  item.mutable_article()->set_etag(chosen.etag());
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("article", chosen.article()));
  absl::StatusOr<v1::BulkEditResult> result = idempotency::Mutate<v1::BulkEditResult>(
      database_, call, item,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::BulkEditResult> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, chosen.etag(), change));
        Written written = edit.written;
        if (!edit.tags.empty()) {
          written.fields.insert("tags");
          written.article.content.tag_ids = Apply(edit.tags, article.content.tag_ids);
        }
        RETURN_IF_ERROR(Save(tx, edit.editor, written, article));
        change.revision_after = article.version;
        v1::BulkEditResult saved = chosen;
        const bool changed = change.revision_after != change.revision_before;
        saved.set_outcome(changed ? v1::BulkEditResult::CHANGED : v1::BulkEditResult::UNCHANGED);
        saved.set_etag(resource::Etag(article.version));
        return saved;
      });
  if (result.ok() || !IsAboutTheArticle(result.status())) return result;
  v1::BulkEditResult failed = chosen;
  failed.set_outcome(OutcomeOf(result.status()));
  *failed.mutable_error() = rpc::ToRpcStatus(result.status());
  return failed;
}

}  // namespace masthead::articles
