#include "services/articles/sharing/preview_links_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_store.h"
#include "services/articles/errors.h"
#include "services/articles/links/link.h"
#include "services/articles/links/link_secret.h"
#include "services/articles/links/link_store.h"
#include "services/articles/sharing/link_request.h"
#include "services/articles/sharing/sharing_proto.h"

namespace masthead::articles {
namespace {

// What the request wishes for, ID and digest still missing.
absl::StatusOr<LinkWish> ReadWish(const v1::CreatePreviewLinkRequest& request) {
  FieldViolations violations;
  LinkWish wish =
      ReadLinkWish(request.parent(), "preview_link", request.has_preview_link(), request.preview_link(), violations);
  if (request.preview_link().revision() < 0) violations.Add("preview_link.revision", "is negative");
  RETURN_IF_ERROR(violations.ToStatus());
  return wish;
}

absl::Status CheckRevision(db::Transaction& tx, const PreviewLink& link) {
  if (link.revision == 0 || LoadRevision(tx, link.article_id, link.revision).has_value()) return absl::OkStatus();
  return RevisionNotFound(absl::StrCat(ArticleName(link.article_id), "/revisions/", link.revision));
}

}  // namespace

void PreviewLinksService::Register(rpc::Service& sharing_service) {
  sharing_service.Unary("CreatePreviewLink", this, &PreviewLinksService::Create);
  sharing_service.Unary("ListPreviewLinks", this, &PreviewLinksService::List);
  sharing_service.Unary("RevokePreviewLink", this, &PreviewLinksService::Revoke);
}

absl::StatusOr<v1::CreatePreviewLinkResponse> PreviewLinksService::Create(const Call& call,
                                                                          const v1::CreatePreviewLinkRequest& request) {
  ASSIGN_OR_RETURN(const LinkWish wish, ReadWish(request));
  const LinkSecret secret = NewLinkSecret();
  PreviewLink link;
  link.id = ids::NewUuid();
  link.article_id = wish.article_id;
  link.digest = secret.digest;
  link.creator = call.caller->principal();
  link.revision = request.preview_link().revision();
  ASSIGN_OR_RETURN(
      v1::CreatePreviewLinkResponse response,
      (idempotency::Mutate<v1::CreatePreviewLinkResponse>(
          database_, call, request,
          [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::CreatePreviewLinkResponse> {
            RETURN_IF_ERROR(FindArticle(tx, link.article_id).status());
            RETURN_IF_ERROR(CheckRevision(tx, link));
            PreviewLink made = link;
            made.create_time = db::Now(tx);
            ASSIGN_OR_RETURN(made.expire_time,
                             wish.ExpireTimeAt(made.create_time, kDefaultPreviewLife, kMaxPreviewLife));
            LockCount(tx, absl::StrCat(ArticleName(made.article_id), "/previewLinks"));
            if (CountActivePreviewLinks(tx, made.article_id) >= kMaxPreviewLinks) return LinkLimit(kMaxPreviewLinks);
            InsertPreviewLink(tx, made);
            change = {.resource = PreviewLinkName(made), .revision_before = 0, .revision_after = 1};
            v1::CreatePreviewLinkResponse stored;
            *stored.mutable_preview_link() = ToProto(made, made.create_time);
            return stored;
          })));
  // What is stored for repetitions knows no secret.
  if (response.preview_link().name() == PreviewLinkName(link)) response.set_token(secret.token);
  return response;
}

absl::StatusOr<v1::ListPreviewLinksResponse> PreviewLinksService::List(const Call& call,
                                                                       const v1::ListPreviewLinksRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultLinksPage, kMaxLinksPage));
  ASSIGN_OR_RETURN(const std::string article_id, ParseArticleId("parent", request.parent()));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListPreviewLinksResponse> {
    RETURN_IF_ERROR(FindArticle(tx, article_id).status());
    std::vector<PreviewLink> links = LoadPreviewLinks(tx, article_id, ReadLinkPosition(keys), limit + 1);
    v1::ListPreviewLinksResponse response;
    if (static_cast<int>(links.size()) > limit) {
      links.resize(limit);
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, LinkKeys(links.back())));
    }
    const absl::Time now = db::Now(tx);
    for (const PreviewLink& link : links) *response.add_preview_links() = ToProto(link, now);
    return response;
  });
}

absl::StatusOr<v1::PreviewLink> PreviewLinksService::Revoke(const Call& call,
                                                            const v1::RevokePreviewLinkRequest& request) {
  ASSIGN_OR_RETURN(const LinkId id, ParseLinkId(request.name(), "articles/*/previewLinks/*"));
  return idempotency::Mutate<v1::PreviewLink>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::PreviewLink> {
        std::optional<PreviewLink> link = LockPreviewLink(tx, id.article_id, id.link_id);
        if (!link.has_value()) return LinkNotFound(request.name());
        change = {.resource = request.name(), .revision_before = 1, .revision_after = 1};
        const absl::Time now = db::Now(tx);
        if (link->revoke_time.has_value()) return ToProto(*link, now);
        link->revoke_time = now;
        articles::RevokePreviewLink(tx, *link);
        change.revision_after = 2;
        return ToProto(*link, now);
      });
}

}  // namespace masthead::articles
