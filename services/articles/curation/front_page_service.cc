#include "services/articles/curation/front_page_service.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/snapshot.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/curation/curated_list_proto.h"
#include "services/articles/curation/front_page_store.h"
#include "services/articles/reading/if_none_match.h"
#include "services/articles/reading/reading_proto.h"

namespace masthead::articles {
namespace {

constexpr char kPattern[] = "curatedLists/*";
constexpr int kMaxLists = 20;

std::vector<std::string> ReadNames(const RepeatedNames& names, FieldViolations& violations) {
  if (names.empty() || names.size() > kMaxLists) {
    violations.Add("names", absl::StrCat("has none or more than ", kMaxLists, " entries"));
    return {};
  }
  std::vector<std::string> ids = ParseIds("names", names, kPattern, violations);
  if (std::set<std::string>(names.begin(), names.end()).size() < static_cast<size_t>(names.size())) {
    violations.Add("names", "has an entry twice");
  }
  return ids;
}

template <typename Request>
std::optional<absl::Time> ReadTime(const Request& request, FieldViolations& violations) {
  if (!request.has_time()) return std::nullopt;
  return resource::ParseTimestamp("time", request.time(), violations);
}

// Completes an answer that shows readers the page; keeps of it only how it may be kept, if the caller has it already.
template <typename Response>
Response Finish(Response response, const FrontPage& page, const std::string& if_none_match) {
  const std::string etag = EtagOf(response);
  if (!if_none_match.empty() && if_none_match == etag) {
    response.Clear();
    response.set_not_modified(true);
  }
  *response.mutable_cache() = ToCacheProto(page);
  response.mutable_cache()->set_etag(etag);
  return response;
}

}  // namespace

void FrontPageService::Register(rpc::Service& curated_lists_service) {
  curated_lists_service.Unary("GetResolvedList", this, &FrontPageService::GetResolvedList);
  curated_lists_service.Unary("PreviewFrontPage", this, &FrontPageService::Preview);
  curated_lists_service.Unary("ReadCuratedList", this, &FrontPageService::ReadList);
  curated_lists_service.Unary("ReadFrontPage", this, &FrontPageService::Read);
}

absl::StatusOr<FrontPage> FrontPageService::Load(const Call& call, const std::vector<std::string>& ids,
                                                 std::optional<absl::Time> as_of) {
  return database_.Read(call.scope, [&](db::Transaction& tx) {
    db::HoldSnapshot(tx);
    return LoadFrontPage(tx, ids, as_of);
  });
}

absl::StatusOr<v1::GetResolvedListResponse> FrontPageService::GetResolvedList(
    const Call& call, const v1::GetResolvedListRequest& request) {
  FieldViolations violations;
  const std::string id = ParseId("name", request.name(), kPattern, violations);
  const std::optional<absl::Time> as_of = ReadTime(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const FrontPage page, Load(call, {id}, as_of));
  v1::GetResolvedListResponse response;
  *response.mutable_list() = ToPreviewedProto(page.lists[0], page);
  *response.mutable_time() = resource::ToTimestamp(page.time);
  return response;
}

absl::StatusOr<v1::PreviewFrontPageResponse> FrontPageService::Preview(const Call& call,
                                                                       const v1::PreviewFrontPageRequest& request) {
  FieldViolations violations;
  const std::vector<std::string> ids = ReadNames(request.names(), violations);
  const std::optional<absl::Time> as_of = ReadTime(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const FrontPage page, Load(call, ids, as_of));
  v1::PreviewFrontPageResponse response;
  for (const ListOnPage& list : page.lists) *response.add_lists() = ToPreviewedProto(list, page);
  *response.mutable_time() = resource::ToTimestamp(page.time);
  return response;
}

absl::StatusOr<v1::ReadCuratedListResponse> FrontPageService::ReadList(const Call& call,
                                                                       const v1::ReadCuratedListRequest& request) {
  FieldViolations violations;
  const std::string id = ParseId("name", request.name(), kPattern, violations);
  CheckIfNoneMatch(request.if_none_match(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const FrontPage page, Load(call, {id}, std::nullopt));
  v1::ReadCuratedListResponse response;
  *response.mutable_list() = ToResolvedProto(page.lists[0], page);
  return Finish(std::move(response), page, request.if_none_match());
}

absl::StatusOr<v1::ReadFrontPageResponse> FrontPageService::Read(const Call& call,
                                                                 const v1::ReadFrontPageRequest& request) {
  FieldViolations violations;
  const std::vector<std::string> ids = ReadNames(request.names(), violations);
  CheckIfNoneMatch(request.if_none_match(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const FrontPage page, Load(call, ids, std::nullopt));
  v1::ReadFrontPageResponse response;
  for (const ListOnPage& list : page.lists) *response.add_lists() = ToResolvedProto(list, page);
  return Finish(std::move(response), page, request.if_none_match());
}

}  // namespace masthead::articles
