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
  grpc::Status MergeTags(const std::string& name, const std::vector<std::string>& sources, v1::Tag* tag) {
    v1::MergeTagsRequest request;
    request.set_name(name);
    request.set_etag("*");
    for (const std::string& source : sources) request.add_sources(source);
    return Call(*taxonomy_, &Stub::MergeTags, request, tag, editor_);
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

TEST_F(TaxonomyServiceTest, ShowsReadersTheTagThatTookAnothersPlace) {
  v1::Tag tag;
  ASSERT_THAT(CreateTag("kiev", "Kiev", &tag), IsOk());
  ASSERT_THAT(CreateTag("kyiv", "Kyiv", &tag), IsOk());
  v1::Article draft = Draft("Tagged twice");
  draft.add_tags("tags/kiev");
  draft.add_tags("tags/kyiv");
  const v1::Article article = Publish(Create(draft));
  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(article.name(), &read), IsOk());
  ASSERT_EQ(read.article().tags_size(), 2);

  ASSERT_THAT(MergeTags("tags/kyiv", {"tags/kiev"}, &tag), IsOk());
  EXPECT_EQ(Events().back().type(), "tag.merged");
  EXPECT_EQ(Events().back().tag_changed().merged_into(), "tags/kyiv");
  ASSERT_THAT(Read(article.name(), &read), IsOk());
  ASSERT_EQ(read.article().tags_size(), 1);
  EXPECT_EQ(read.article().tags(0).display_name(), "Kyiv");
  v1::Article changed = article;
  changed.set_kicker("Merged");
  const v1::Article saved = Update(changed, {"kicker"});
  EXPECT_EQ(saved.tags_size(), 1) << "a save writes the tag that remains";
  EXPECT_EQ(saved.tags(0), "tags/kyiv");

  v1::ListTagsResponse listed;
  ASSERT_THAT(Call(*taxonomy_, &Stub::ListTags, v1::ListTagsRequest(), &listed, editor_), IsOk());
  EXPECT_EQ(listed.tags_size(), 1);
}

TEST_F(TaxonomyServiceTest, ListsArticlesUnderTheTagThatRemainsAlsoThosePublishedLater) {
  v1::Tag tag;
  ASSERT_THAT(CreateTag("kiev", "Kiev", &tag), IsOk());
  ASSERT_THAT(CreateTag("kyiv", "Kyiv", &tag), IsOk());
  v1::Article draft = Draft("Published before");
  draft.add_tags("tags/kiev");
  Publish(Create(draft));
  draft.set_headline("Published after");
  const v1::Article later = Create(draft);
  ASSERT_THAT(MergeTags("tags/kyiv", {"tags/kiev"}, &tag), IsOk());
  Publish(later);
  EXPECT_EQ(postgres_.QueryValue("SELECT string_agg(tag_id, ',') FROM published_article_tags"), "kyiv,kyiv");
}

TEST_F(TaxonomyServiceTest, MergesNoTagTwiceAndLeadsChainsToTheLast) {
  v1::Tag tag;
  for (const char* id : {"a", "b", "c", "d"}) ASSERT_THAT(CreateTag(id, id, &tag), IsOk());
  ASSERT_THAT(MergeTags("tags/b", {"tags/a"}, &tag), IsOk());
  EXPECT_THAT(MergeTags("tags/b", {"tags/a"}, &tag), IsOk()) << "nothing is left to do";
  EXPECT_THAT(MergeTags("tags/c", {"tags/a"}, &tag), StatusIs(absl::StatusCode::kFailedPrecondition, "TAG_MERGED"));
  EXPECT_THAT(MergeTags("tags/a", {"tags/d"}, &tag), StatusIs(absl::StatusCode::kFailedPrecondition, "TAG_MERGED"));
  EXPECT_THAT(MergeTags("tags/d", {"tags/d"}, &tag), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(MergeTags("tags/d", {"tags/none"}, &tag), StatusIs(absl::StatusCode::kNotFound, "TAG_NOT_FOUND"));
  ASSERT_THAT(MergeTags("tags/c", {"tags/b"}, &tag), IsOk());
  v1::GetTagRequest request;
  request.set_name("tags/a");
  ASSERT_THAT(Call(*taxonomy_, &Stub::GetTag, request, &tag, editor_), IsOk());
  EXPECT_EQ(tag.merged_into(), "tags/c");
}

TEST_F(TaxonomyServiceTest, DeletesOnlyWhatNoArticleNames) {
  v1::Tag tag;
  ASSERT_THAT(CreateTag("kyiv", "Kyiv", &tag), IsOk());
  v1::Article draft = Draft("Tagged");
  draft.add_tags("tags/kyiv");
  v1::Article article = Create(draft);
  v1::DeleteTagRequest request;
  request.set_name("tags/kyiv");
  request.set_etag(tag.etag());
  google::protobuf::Empty nothing;
  EXPECT_THAT(Call(*taxonomy_, &Stub::DeleteTag, request, &nothing, editor_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "IN_USE"));
  article.clear_tags();
  Update(article, {"tags"});
  EXPECT_THAT(Call(*taxonomy_, &Stub::DeleteTag, request, &nothing, editor_), IsOk());

  v1::DeleteContributorRequest desk;
  desk.set_name("contributors/news-desk");
  desk.set_etag("*");
  EXPECT_THAT(Call(*taxonomy_, &Stub::DeleteContributor, desk, &nothing, editor_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "IN_USE"));
}

TEST_F(TaxonomyServiceTest, KeepsPlaces) {
  v1::CreatePlaceRequest request;
  request.set_place_id("kyiv");
  request.mutable_place()->set_display_name("Київ");
  request.mutable_place()->set_country_code("ua");
  request.mutable_place()->mutable_location()->set_latitude(91);
  v1::Place place;
  const grpc::Status status = Call(*taxonomy_, &Stub::CreatePlace, request, &place, editor_);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(status.error_details(), HasSubstr("place.country_code"));
  EXPECT_THAT(status.error_details(), HasSubstr("place.location.latitude"));
  request.mutable_place()->set_country_code("UA");
  request.mutable_place()->mutable_location()->set_latitude(50.45);
  request.mutable_place()->mutable_location()->set_longitude(30.52);
  ASSERT_THAT(Call(*taxonomy_, &Stub::CreatePlace, request, &place, editor_), IsOk());
  EXPECT_EQ(place.location().longitude(), 30.52);

  v1::UpdatePlaceRequest update;
  update.mutable_place()->set_name("places/kyiv");
  update.mutable_place()->set_etag(place.etag());
  update.mutable_update_mask()->add_paths("location");
  ASSERT_THAT(Call(*taxonomy_, &Stub::UpdatePlace, update, &place, editor_), IsOk());
  EXPECT_FALSE(place.has_location());
  v1::DeletePlaceRequest remove;
  remove.set_name("places/kyiv");
  remove.set_etag(place.etag());
  google::protobuf::Empty nothing;
  EXPECT_THAT(Call(*taxonomy_, &Stub::DeletePlace, remove, &nothing, editor_), IsOk());
  EXPECT_EQ(Events().back().type(), "place.deleted");
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
