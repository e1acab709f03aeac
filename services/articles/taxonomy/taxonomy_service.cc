#include "services/articles/taxonomy/taxonomy_service.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "services/articles/article/article.h"
#include "services/articles/errors.h"
#include "services/articles/taxonomy/announcements.h"

namespace masthead::articles {
namespace {

constexpr int kMaxSources = 20;

absl::StatusOr<std::vector<std::string>> ReadSources(const v1::MergeTagsRequest& request) {
  FieldViolations violations;
  if (request.sources().empty() || request.sources_size() > kMaxSources) {
    violations.Add("sources", absl::StrCat("are not 1 to ", kMaxSources));
  }
  const std::set<std::string> distinct(request.sources().begin(), request.sources().end());
  if (static_cast<int>(distinct.size()) != request.sources_size()) violations.Add("sources", "hold a tag twice");
  if (distinct.count(request.name()) > 0) violations.Add("sources", "hold the tag that stays");
  RETURN_IF_ERROR(violations.ToStatus());
  std::vector<std::string> ids;
  for (const std::string& source : request.sources()) {
    ASSIGN_OR_RETURN(ids.emplace_back(), Catalogue<TagKind>::ParseId("sources", source));
  }
  return ids;
}

}  // namespace

TaxonomyService::TaxonomyService(db::Database& database, Announcer& announcer, const crypto::MacKey& key)
    : database_(database),
      announcer_(announcer),
      page_tokens_(key),
      contributors_(database, announcer, page_tokens_),
      sections_(database, announcer, page_tokens_),
      tags_(database, announcer, page_tokens_),
      places_(database, announcer, page_tokens_),
      service_(*v1::GetContributorRequest::descriptor()->file()->FindServiceByName("TaxonomyService")) {
  service_.Unary("GetContributor", this, &TaxonomyService::GetContributor);
  service_.Unary("ListContributors", this, &TaxonomyService::ListContributors);
  service_.Unary("CreateContributor", this, &TaxonomyService::CreateContributor);
  service_.Unary("UpdateContributor", this, &TaxonomyService::UpdateContributor);
  service_.Unary("DeleteContributor", this, &TaxonomyService::DeleteContributor);
  service_.Unary("GetSection", this, &TaxonomyService::GetSection);
  service_.Unary("ListSections", this, &TaxonomyService::ListSections);
  service_.Unary("CreateSection", this, &TaxonomyService::CreateSection);
  service_.Unary("UpdateSection", this, &TaxonomyService::UpdateSection);
  service_.Unary("MoveSection", this, &TaxonomyService::MoveSection);
  service_.Unary("DeleteSection", this, &TaxonomyService::DeleteSection);
  service_.Unary("GetTag", this, &TaxonomyService::GetTag);
  service_.Unary("ListTags", this, &TaxonomyService::ListTags);
  service_.Unary("CreateTag", this, &TaxonomyService::CreateTag);
  service_.Unary("UpdateTag", this, &TaxonomyService::UpdateTag);
  service_.Unary("MergeTags", this, &TaxonomyService::MergeTags);
  service_.Unary("DeleteTag", this, &TaxonomyService::DeleteTag);
  service_.Unary("GetPlace", this, &TaxonomyService::GetPlace);
  service_.Unary("ListPlaces", this, &TaxonomyService::ListPlaces);
  service_.Unary("CreatePlace", this, &TaxonomyService::CreatePlace);
  service_.Unary("UpdatePlace", this, &TaxonomyService::UpdatePlace);
  service_.Unary("DeletePlace", this, &TaxonomyService::DeletePlace);
}

absl::StatusOr<v1::Contributor> TaxonomyService::GetContributor(const Call& call,
                                                                const v1::GetContributorRequest& request) {
  return contributors_.Get(call, request);
}

absl::StatusOr<v1::ListContributorsResponse> TaxonomyService::ListContributors(
    const Call& call, const v1::ListContributorsRequest& request) {
  v1::ListContributorsResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   contributors_.List(call, request, [&] { return response.add_contributors(); }));
  return response;
}

absl::StatusOr<v1::Contributor> TaxonomyService::CreateContributor(const Call& call,
                                                                   const v1::CreateContributorRequest& request) {
  return contributors_.Create(call, request, request.contributor(), request.contributor_id());
}

absl::StatusOr<v1::Contributor> TaxonomyService::UpdateContributor(const Call& call,
                                                                   const v1::UpdateContributorRequest& request) {
  return contributors_.Update(call, request, request.contributor());
}

absl::StatusOr<google::protobuf::Empty> TaxonomyService::DeleteContributor(
    const Call& call, const v1::DeleteContributorRequest& request) {
  return contributors_.Delete(call, request);
}

absl::StatusOr<v1::Section> TaxonomyService::GetSection(const Call& call, const v1::GetSectionRequest& request) {
  return sections_.Get(call, request);
}

absl::StatusOr<v1::ListSectionsResponse> TaxonomyService::ListSections(const Call& call,
                                                                       const v1::ListSectionsRequest& request) {
  v1::ListSectionsResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   sections_.List(call, request, [&] { return response.add_sections(); }));
  return response;
}

absl::StatusOr<v1::Section> TaxonomyService::CreateSection(const Call& call, const v1::CreateSectionRequest& request) {
  return sections_.Create(call, request, request.section(), request.section_id());
}

absl::StatusOr<v1::Section> TaxonomyService::UpdateSection(const Call& call, const v1::UpdateSectionRequest& request) {
  return sections_.Update(call, request, request.section());
}

absl::StatusOr<v1::Section> TaxonomyService::MoveSection(const Call& call, const v1::MoveSectionRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, sections_.ParseId("name", request.name()));
  std::string parent_id;
  if (!request.parent().empty()) {
    ASSIGN_OR_RETURN(parent_id, sections_.ParseId("parent", request.parent()));
  }
  return idempotency::Mutate<v1::Section>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Section> {
        const SectionTree tree = LockTree(tx);
        ASSIGN_OR_RETURN(const Section before, sections_.FindForChange(tx, id, request.etag(), change));
        if (!parent_id.empty() && tree.count(parent_id) == 0) return SectionNotFound(request.parent());
        if (parent_id == before.parent_id) return ToProto(before);
        RETURN_IF_ERROR(CheckPlaceInTree(tree, id, parent_id));
        Section section = before;
        section.parent_id = parent_id;
        RETURN_IF_ERROR(SectionKind::Save(tx, announcer_, before, section));
        Announce(tx, announcer_, section, Happening::kUpdated);
        change.revision_after = section.version;
        return ToProto(section);
      });
}

absl::StatusOr<google::protobuf::Empty> TaxonomyService::DeleteSection(const Call& call,
                                                                       const v1::DeleteSectionRequest& request) {
  return sections_.Delete(call, request);
}

absl::StatusOr<v1::Tag> TaxonomyService::GetTag(const Call& call, const v1::GetTagRequest& request) {
  return tags_.Get(call, request);
}

absl::StatusOr<v1::ListTagsResponse> TaxonomyService::ListTags(const Call& call, const v1::ListTagsRequest& request) {
  v1::ListTagsResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(), tags_.List(call, request, [&] { return response.add_tags(); }));
  return response;
}

absl::StatusOr<v1::Tag> TaxonomyService::CreateTag(const Call& call, const v1::CreateTagRequest& request) {
  return tags_.Create(call, request, request.tag(), request.tag_id());
}

absl::StatusOr<v1::Tag> TaxonomyService::UpdateTag(const Call& call, const v1::UpdateTagRequest& request) {
  return tags_.Update(call, request, request.tag());
}

absl::StatusOr<v1::Tag> TaxonomyService::MergeTags(const Call& call, const v1::MergeTagsRequest& request) {
  ASSIGN_OR_RETURN(const std::string target_id, tags_.ParseId("name", request.name()));
  ASSIGN_OR_RETURN(const std::vector<std::string> source_ids, ReadSources(request));
  return idempotency::Mutate<v1::Tag>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Tag> {
        std::vector<std::string> ids = source_ids;
        ids.push_back(target_id);
        std::map<std::string, Tag> locked;
        for (Tag& tag : LockTags(tx, ids)) locked.emplace(tag.id, std::move(tag));
        for (const std::string& id : ids) {
          if (locked.count(id) == 0) return TagNotFound(TagName(id));
        }
        ASSIGN_OR_RETURN(const Tag target, tags_.FindForChange(tx, target_id, request.etag(), change));
        if (!target.merged_into_id.empty()) return TagMerged(request.name(), TagName(target.merged_into_id));
        for (const std::string& id : source_ids) {
          Tag& source = locked.at(id);
          if (source.merged_into_id == target_id) continue;
          if (!source.merged_into_id.empty()) return TagMerged(TagName(id), TagName(source.merged_into_id));
          MergeTag(tx, source, target_id);
          Announce(tx, announcer_, source, Happening::kMerged);
        }
        return ToProto(target);
      });
}

absl::StatusOr<google::protobuf::Empty> TaxonomyService::DeleteTag(const Call& call,
                                                                   const v1::DeleteTagRequest& request) {
  return tags_.Delete(call, request);
}

absl::StatusOr<v1::Place> TaxonomyService::GetPlace(const Call& call, const v1::GetPlaceRequest& request) {
  return places_.Get(call, request);
}

absl::StatusOr<v1::ListPlacesResponse> TaxonomyService::ListPlaces(const Call& call,
                                                                   const v1::ListPlacesRequest& request) {
  v1::ListPlacesResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   places_.List(call, request, [&] { return response.add_places(); }));
  return response;
}

absl::StatusOr<v1::Place> TaxonomyService::CreatePlace(const Call& call, const v1::CreatePlaceRequest& request) {
  return places_.Create(call, request, request.place(), request.place_id());
}

absl::StatusOr<v1::Place> TaxonomyService::UpdatePlace(const Call& call, const v1::UpdatePlaceRequest& request) {
  return places_.Update(call, request, request.place());
}

absl::StatusOr<google::protobuf::Empty> TaxonomyService::DeletePlace(const Call& call,
                                                                     const v1::DeletePlaceRequest& request) {
  return places_.Delete(call, request);
}

}  // namespace masthead::articles
