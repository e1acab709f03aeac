#include "services/articles/taxonomy/taxonomy_service.h"

#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "common/resource/name.h"
#include "services/articles/article/article.h"
#include "services/articles/errors.h"
#include "services/articles/taxonomy/announcements.h"
#include "services/articles/taxonomy/taxonomy_proto.h"
#include "services/articles/taxonomy/taxonomy_store.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 200;
constexpr std::array<absl::string_view, 3> kMutableFields = {"display_name", "biography", "contact_email"};

absl::StatusOr<std::string> ParseId(absl::string_view field, const std::string& name) {
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, "contributors/*");
  if (ids.has_value()) return ids->front();
  FieldViolations violations;
  violations.Add(field, "is no name contributors/{contributor}");
  return violations.ToStatus();
}

void ParseFields(const v1::Contributor& proto, const std::set<std::string>& fields, Contributor& contributor) {
  if (fields.count("display_name") > 0) contributor.display_name = proto.display_name();
  if (fields.count("biography") > 0) contributor.biography = proto.biography();
  if (fields.count("contact_email") > 0) contributor.contact_email = proto.contact_email();
}

bool SameFields(const Contributor& a, const Contributor& b) {
  return a.display_name == b.display_name && a.biography == b.biography && a.contact_email == b.contact_email;
}

}  // namespace

TaxonomyService::TaxonomyService(db::Database& database, Announcer& announcer, const crypto::MacKey& key)
    : database_(database),
      announcer_(announcer),
      page_tokens_(key),
      service_(*v1::GetContributorRequest::descriptor()->file()->FindServiceByName("TaxonomyService")) {
  service_.Unary("GetContributor", this, &TaxonomyService::GetContributor);
  service_.Unary("ListContributors", this, &TaxonomyService::ListContributors);
  service_.Unary("CreateContributor", this, &TaxonomyService::CreateContributor);
  service_.Unary("UpdateContributor", this, &TaxonomyService::UpdateContributor);
  service_.Unary("GetSection", this, &TaxonomyService::GetSection);
  service_.Unary("ListSections", this, &TaxonomyService::ListSections);
  service_.Unary("CreateSection", this, &TaxonomyService::CreateSection);
  service_.Unary("UpdateSection", this, &TaxonomyService::UpdateSection);
  service_.Unary("GetTag", this, &TaxonomyService::GetTag);
  service_.Unary("ListTags", this, &TaxonomyService::ListTags);
  service_.Unary("CreateTag", this, &TaxonomyService::CreateTag);
  service_.Unary("UpdateTag", this, &TaxonomyService::UpdateTag);
}

absl::StatusOr<v1::Contributor> TaxonomyService::GetContributor(const Call& call,
                                                                const v1::GetContributorRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseId("name", request.name()));
  ASSIGN_OR_RETURN(const std::optional<Contributor> contributor,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadContributor(tx, id); }));
  if (!contributor.has_value()) return ContributorNotFound(request.name());
  return ToProto(*contributor);
}

absl::StatusOr<v1::ListContributorsResponse> TaxonomyService::ListContributors(
    const Call& call, const v1::ListContributorsRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  const std::string after = keys.empty() ? "" : keys[0];
  ASSIGN_OR_RETURN(std::vector<Contributor> page, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadContributors(tx, after, limit + 1);
  }));
  v1::ListContributorsResponse response;
  if (static_cast<int>(page.size()) > limit) {
    page.resize(limit);
    response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {page.back().id}));
  }
  for (const Contributor& contributor : page) *response.add_contributors() = ToProto(contributor);
  return response;
}

absl::StatusOr<v1::Contributor> TaxonomyService::CreateContributor(const Call& call,
                                                                   const v1::CreateContributorRequest& request) {
  FieldViolations violations;
  Contributor checked;
  checked.id = request.contributor_id().empty() ? ids::NewUuid() : request.contributor_id();
  if (!ids::IsResourceId(checked.id))
    violations.Add("contributor_id", "is not [a-z]([a-z0-9-]{0,61}[a-z0-9])? or a UUID");
  checked.kind = ParseKind(request.contributor().kind(), violations);
  ParseFields(request.contributor(), {kMutableFields.begin(), kMutableFields.end()}, checked);
  CheckContributor(checked, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Contributor>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Contributor> {
        Contributor contributor = checked;
        if (!InsertContributor(tx, contributor)) return ContributorIdTaken(ContributorName(contributor.id));
        AnnounceContributor(tx, announcer_, contributor, /*created=*/true);
        change = {.resource = ContributorName(contributor.id), .revision_before = 0, .revision_after = 1};
        return ToProto(contributor);
      });
}

absl::StatusOr<v1::Contributor> TaxonomyService::UpdateContributor(const Call& call,
                                                                   const v1::UpdateContributorRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseId("contributor.name", request.contributor().name()));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.contributor(), kMutableFields, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Contributor>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Contributor> {
        const std::optional<Contributor> before = LockContributor(tx, id);
        if (!before.has_value()) return ContributorNotFound(ContributorName(id));
        RETURN_IF_ERROR(resource::CheckEtag(request.contributor().etag(), before->version, ContributorName(id)));
        Contributor contributor = *before;
        ParseFields(request.contributor(), fields, contributor);
        FieldViolations wrong;
        CheckContributor(contributor, wrong);
        RETURN_IF_ERROR(wrong.ToStatus());
        change = {
            .resource = ContributorName(id), .revision_before = before->version, .revision_after = before->version};
        if (SameFields(contributor, *before)) return ToProto(*before);
        SaveContributor(tx, contributor);
        AnnounceContributor(tx, announcer_, contributor, /*created=*/false);
        change.revision_after = contributor.version;
        return ToProto(contributor);
      });
}

}  // namespace masthead::articles
