#include "services/articles/redirects/redirects_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "services/articles/errors.h"
#include "services/articles/redirects/redirect_store.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 200;

std::string RedirectName(const std::string& id) { return absl::StrCat("redirects/", id); }

absl::StatusOr<std::string> ParseId(const std::string& name) {
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, "redirects/*");
  if (ids.has_value()) return ids->front();
  FieldViolations violations;
  violations.Add("name", "is no name redirects/{redirect}");
  return violations.ToStatus();
}

v1::PathRedirect ToProto(const PathRedirect& redirect) {
  v1::PathRedirect proto;
  proto.set_name(RedirectName(redirect.id));
  proto.set_etag(resource::Etag(redirect.version));
  proto.set_from_path(redirect.from_path);
  proto.set_to(redirect.target);
  proto.set_status(redirect.status);
  *proto.mutable_create_time() = resource::ToTimestamp(redirect.create_time);
  return proto;
}

PathRedirect Parse(const v1::PathRedirect& proto) {
  return {.id = ids::NewUuid(),
          .from_path = proto.from_path(),
          .target = proto.to(),
          .status = proto.status() == 0 ? kMovedForGood : proto.status()};
}

// To the end of the chain, which has one more link at most: stored chains are short.
absl::Status FollowTarget(db::Transaction& tx, PathRedirect& redirect) {
  if (const std::optional<PathRedirect> next = LoadRedirectFrom(tx, redirect.target)) {
    redirect.target = next->target;
    if (next->status != kMovedForGood) redirect.status = next->status;
  }
  return redirect.target == redirect.from_path ? RedirectLoop(redirect.from_path) : absl::OkStatus();
}

}  // namespace

RedirectsService::RedirectsService(db::Database& database, const crypto::MacKey& key)
    : database_(database),
      page_tokens_(key),
      service_(*v1::PathRedirect::descriptor()->file()->FindServiceByName("RedirectsService")) {
  service_.Unary("CreatePathRedirect", this, &RedirectsService::Create);
  service_.Unary("GetPathRedirect", this, &RedirectsService::Get);
  service_.Unary("ListPathRedirects", this, &RedirectsService::List);
  service_.Unary("DeletePathRedirect", this, &RedirectsService::Delete);
}

absl::StatusOr<v1::PathRedirect> RedirectsService::Create(const Call& call,
                                                          const v1::CreatePathRedirectRequest& request) {
  const PathRedirect checked = Parse(request.path_redirect());
  FieldViolations violations;
  CheckRedirect(checked, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::PathRedirect>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::PathRedirect> {
        PathRedirect redirect = checked;
        LockRedirects(tx);
        RETURN_IF_ERROR(FollowTarget(tx, redirect));
        if (!InsertRedirect(tx, redirect)) return RedirectTaken(redirect.from_path);
        ShortenRedirectsTo(tx, redirect);
        change = {.resource = RedirectName(redirect.id), .revision_before = 0, .revision_after = 1};
        return ToProto(redirect);
      });
}

absl::StatusOr<v1::PathRedirect> RedirectsService::Get(const Call& call, const v1::GetPathRedirectRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseId(request.name()));
  ASSIGN_OR_RETURN(const std::optional<PathRedirect> redirect,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadRedirect(tx, id); }));
  if (!redirect.has_value()) return RedirectNotFound(request.name());
  return ToProto(*redirect);
}

absl::StatusOr<v1::ListPathRedirectsResponse> RedirectsService::List(const Call& call,
                                                                     const v1::ListPathRedirectsRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  const std::string after = keys.empty() ? "" : keys[0];
  ASSIGN_OR_RETURN(std::vector<PathRedirect> page, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadRedirects(tx, after, limit + 1);
  }));
  v1::ListPathRedirectsResponse response;
  if (static_cast<int>(page.size()) > limit) {
    page.resize(limit);
    response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {page.back().id}));
  }
  for (const PathRedirect& redirect : page) *response.add_path_redirects() = ToProto(redirect);
  return response;
}

absl::StatusOr<google::protobuf::Empty> RedirectsService::Delete(const Call& call,
                                                                 const v1::DeletePathRedirectRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseId(request.name()));
  return idempotency::Mutate<google::protobuf::Empty>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<google::protobuf::Empty> {
        LockRedirects(tx);
        const std::optional<PathRedirect> redirect = LoadRedirect(tx, id);
        if (!redirect.has_value()) return RedirectNotFound(request.name());
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), redirect->version, request.name()));
        RemoveRedirect(tx, id);
        change = {
            .resource = request.name(), .revision_before = redirect->version, .revision_after = redirect->version};
        return google::protobuf::Empty();
      });
}

}  // namespace masthead::articles
