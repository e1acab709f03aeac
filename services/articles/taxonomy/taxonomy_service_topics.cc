#include "services/articles/taxonomy/taxonomy_service.h"
#include "services/articles/taxonomy/topics.h"

namespace masthead::articles {

absl::StatusOr<v1::Section> TaxonomyService::GetSection(const Call& call, const v1::GetSectionRequest& request) {
  return Topics<SectionKind>(database_, announcer_, page_tokens_).Get(call, request.name());
}

absl::StatusOr<v1::ListSectionsResponse> TaxonomyService::ListSections(const Call& call,
                                                                       const v1::ListSectionsRequest& request) {
  ASSIGN_OR_RETURN(const auto page, Topics<SectionKind>(database_, announcer_, page_tokens_).List(call, request));
  v1::ListSectionsResponse response;
  for (const Topic& topic : page.first) *response.add_sections() = ToSectionProto(topic);
  response.set_next_page_token(page.second);
  return response;
}

absl::StatusOr<v1::Section> TaxonomyService::CreateSection(const Call& call, const v1::CreateSectionRequest& request) {
  return Topics<SectionKind>(database_, announcer_, page_tokens_)
      .Create(call, request, request.section(), request.section_id());
}

absl::StatusOr<v1::Section> TaxonomyService::UpdateSection(const Call& call, const v1::UpdateSectionRequest& request) {
  return Topics<SectionKind>(database_, announcer_, page_tokens_).Update(call, request, request.section());
}

absl::StatusOr<v1::Tag> TaxonomyService::GetTag(const Call& call, const v1::GetTagRequest& request) {
  return Topics<TagKind>(database_, announcer_, page_tokens_).Get(call, request.name());
}

absl::StatusOr<v1::ListTagsResponse> TaxonomyService::ListTags(const Call& call, const v1::ListTagsRequest& request) {
  ASSIGN_OR_RETURN(const auto page, Topics<TagKind>(database_, announcer_, page_tokens_).List(call, request));
  v1::ListTagsResponse response;
  for (const Topic& topic : page.first) *response.add_tags() = ToTagProto(topic);
  response.set_next_page_token(page.second);
  return response;
}

absl::StatusOr<v1::Tag> TaxonomyService::CreateTag(const Call& call, const v1::CreateTagRequest& request) {
  return Topics<TagKind>(database_, announcer_, page_tokens_).Create(call, request, request.tag(), request.tag_id());
}

absl::StatusOr<v1::Tag> TaxonomyService::UpdateTag(const Call& call, const v1::UpdateTagRequest& request) {
  return Topics<TagKind>(database_, announcer_, page_tokens_).Update(call, request, request.tag());
}

}  // namespace masthead::articles
