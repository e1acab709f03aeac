// The gRPC face of taxonomy: each RPC one method.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/articles/v1/taxonomy_service.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/taxonomy/catalogue.h"
#include "services/articles/taxonomy/kinds.h"

namespace masthead::articles {

class TaxonomyService {
 public:
  TaxonomyService(db::Database& database, Announcer& announcer, const crypto::MacKey& key);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;
  using Empty = google::protobuf::Empty;

  absl::StatusOr<v1::Contributor> GetContributor(const Call&, const v1::GetContributorRequest&);
  absl::StatusOr<v1::ListContributorsResponse> ListContributors(const Call&, const v1::ListContributorsRequest&);
  absl::StatusOr<v1::Contributor> CreateContributor(const Call&, const v1::CreateContributorRequest&);
  absl::StatusOr<v1::Contributor> UpdateContributor(const Call&, const v1::UpdateContributorRequest&);
  absl::StatusOr<Empty> DeleteContributor(const Call&, const v1::DeleteContributorRequest&);

  absl::StatusOr<v1::Section> GetSection(const Call&, const v1::GetSectionRequest&);
  absl::StatusOr<v1::ListSectionsResponse> ListSections(const Call&, const v1::ListSectionsRequest&);
  absl::StatusOr<v1::Section> CreateSection(const Call&, const v1::CreateSectionRequest&);
  absl::StatusOr<v1::Section> UpdateSection(const Call&, const v1::UpdateSectionRequest&);
  absl::StatusOr<v1::Section> MoveSection(const Call&, const v1::MoveSectionRequest&);
  absl::StatusOr<Empty> DeleteSection(const Call&, const v1::DeleteSectionRequest&);

  absl::StatusOr<v1::Tag> GetTag(const Call&, const v1::GetTagRequest&);
  absl::StatusOr<v1::ListTagsResponse> ListTags(const Call&, const v1::ListTagsRequest&);
  absl::StatusOr<v1::Tag> CreateTag(const Call&, const v1::CreateTagRequest&);
  absl::StatusOr<v1::Tag> UpdateTag(const Call&, const v1::UpdateTagRequest&);
  absl::StatusOr<v1::Tag> MergeTags(const Call&, const v1::MergeTagsRequest&);
  absl::StatusOr<Empty> DeleteTag(const Call&, const v1::DeleteTagRequest&);

  absl::StatusOr<v1::Place> GetPlace(const Call&, const v1::GetPlaceRequest&);
  absl::StatusOr<v1::ListPlacesResponse> ListPlaces(const Call&, const v1::ListPlacesRequest&);
  absl::StatusOr<v1::Place> CreatePlace(const Call&, const v1::CreatePlaceRequest&);
  absl::StatusOr<v1::Place> UpdatePlace(const Call&, const v1::UpdatePlaceRequest&);
  absl::StatusOr<Empty> DeletePlace(const Call&, const v1::DeletePlaceRequest&);

  db::Database& database_;
  Announcer& announcer_;
  const paging::PageTokens page_tokens_;
  Catalogue<ContributorKind> contributors_;
  Catalogue<SectionKind> sections_;
  Catalogue<TagKind> tags_;
  Catalogue<PlaceKind> places_;
  rpc::Service service_;
};

}  // namespace masthead::articles
