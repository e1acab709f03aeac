#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

class TaxonomyServiceTest : public Newsroom {
 protected:
  using Stub = v1::TaxonomyService::Stub;

  grpc::Status CreateTag(const std::string& id, const std::string& display_name, v1::Tag* tag,
                         const std::string& slug = "") {
    v1::CreateTagRequest request;
    request.set_tag_id(id);
    request.mutable_tag()->set_display_name(display_name);
    request.mutable_tag()->set_slug(slug);
    return Call(*taxonomy_, &Stub::CreateTag, request, tag, editor_);
  }
};

TEST_F(TaxonomyServiceTest, KeepsADesk) {
  v1::GetContributorRequest request;
  request.set_name("contributors/news-desk");
  v1::Contributor desk;
  ASSERT_THAT(Call(*taxonomy_, &Stub::GetContributor, request, &desk, editor_), IsOk());
  EXPECT_EQ(desk.kind(), v1::Contributor::DESK);
  EXPECT_EQ(desk.contact_email(), "desk@example.org");
  request.set_name("contributors/nobody");
  EXPECT_THAT(Call(*taxonomy_, &Stub::GetContributor, request, &desk, editor_),
              StatusIs(absl::StatusCode::kNotFound, "CONTRIBUTOR_NOT_FOUND"));
}

TEST_F(TaxonomyServiceTest, SaysEverythingThatIsWrongWithAContributor) {
  v1::CreateContributorRequest request;
  request.set_contributor_id("Bad ID");
  request.mutable_contributor()->set_contact_email("nowhere");
  v1::Contributor contributor;
  const grpc::Status status = Call(*taxonomy_, &Stub::CreateContributor, request, &contributor, editor_);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  for (const char* field :
       {"contributor_id", "contributor.kind", "contributor.display_name", "contributor.contact_email"}) {
    EXPECT_THAT(status.error_details(), HasSubstr(field));
  }
}

TEST_F(TaxonomyServiceTest, MakesSlugsAndKeepsThemUnique) {
  v1::Tag tag;
  ASSERT_THAT(CreateTag("kyiv", "Київ", &tag), IsOk());
  EXPECT_EQ(tag.slug(), "kyiv");
  EXPECT_THAT(CreateTag("kyiv", "Other", &tag), StatusIs(absl::StatusCode::kAlreadyExists, "TAG_ID_TAKEN"));
  EXPECT_THAT(CreateTag("kyiv-2", "Kyiv", &tag), StatusIs(absl::StatusCode::kAlreadyExists, "SLUG_TAKEN"));
  ASSERT_THAT(CreateTag("kyiv-2", "Kyiv", &tag, "kyiv-region"), IsOk());

  v1::UpdateTagRequest request;
  request.mutable_tag()->set_name("tags/kyiv-2");
  request.mutable_tag()->set_etag(tag.etag());
  request.mutable_tag()->set_slug("kyiv");
  EXPECT_THAT(Call(*taxonomy_, &Stub::UpdateTag, request, &tag, editor_),
              StatusIs(absl::StatusCode::kAlreadyExists, "SLUG_TAKEN"));
}

TEST_F(TaxonomyServiceTest, ChangesASectionOnceAndTellsIt) {
  v1::UpdateSectionRequest request;
  request.mutable_section()->set_name("sections/national");
  request.mutable_section()->set_etag("*");
  request.mutable_section()->set_display_name("Ukraine");
  v1::Section section;
  ASSERT_THAT(Call(*taxonomy_, &Stub::UpdateSection, request, &section, editor_), IsOk());
  EXPECT_EQ(section.display_name(), "Ukraine");
  EXPECT_EQ(section.slug(), "national");
  const std::string etag = section.etag();
  ASSERT_THAT(Call(*taxonomy_, &Stub::UpdateSection, request, &section, editor_), IsOk());
  EXPECT_EQ(section.etag(), etag) << "nothing changed";
  request.mutable_section()->set_etag("\"1\"");
  EXPECT_THAT(Call(*taxonomy_, &Stub::UpdateSection, request, &section, editor_),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));

  const std::vector<v1::Event> events = Events();
  EXPECT_EQ(events.back().type(), "section.updated");
  EXPECT_EQ(events.back().section_changed().display_name(), "Ukraine");
  EXPECT_EQ(events.size(), 3) << "section, desk, and the one change";
}

TEST_F(TaxonomyServiceTest, TellsNoNameOfAPerson) {
  v1::CreateContributorRequest request;
  request.mutable_contributor()->set_kind(v1::Contributor::PERSON);
  request.mutable_contributor()->set_display_name("Olena Secretname");
  v1::Contributor contributor;
  ASSERT_THAT(Call(*taxonomy_, &Stub::CreateContributor, request, &contributor, editor_), IsOk());
  EXPECT_EQ(Events().back().type(), "contributor.created");
  EXPECT_THAT(Events().back().SerializeAsString(), Not(HasSubstr("Secretname")));
}

TEST_F(TaxonomyServiceTest, PagesInTheOrderOfNames) {
  v1::Tag tag;
  for (const char* id : {"c", "a", "b"}) ASSERT_THAT(CreateTag(id, id, &tag), IsOk());
  v1::ListTagsRequest request;
  request.set_page_size(2);
  std::string names;
  do {
    v1::ListTagsResponse page;
    ASSERT_THAT(Call(*taxonomy_, &Stub::ListTags, request, &page, editor_), IsOk());
    for (const v1::Tag& listed : page.tags()) names += listed.slug();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(names, "abc");
}

TEST_F(TaxonomyServiceTest, IsNotForReaders) {
  v1::ListContributorsResponse response;
  EXPECT_THAT(Call(*taxonomy_, &Stub::ListContributors, v1::ListContributorsRequest(), &response, ""),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(Call(*taxonomy_, &Stub::ListContributors, v1::ListContributorsRequest(), &response,
                   server_.MemberToken("members/one")),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace masthead::articles
