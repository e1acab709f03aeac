#include "gmock/gmock.h"
#include "services/articles/taxonomy/section_store.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

// The newsroom's section `national`, and below it `war`, and below that `front`.
class SectionTreeServiceTest : public Newsroom {
 protected:
  using Stub = v1::TaxonomyService::Stub;

  void SetUp() override {
    ASSERT_THAT(CreateSection("war", "sections/national"), IsOk());
    ASSERT_THAT(CreateSection("front", "sections/war"), IsOk());
  }

  grpc::Status CreateSection(const std::string& id, const std::string& parent, const std::string& slug = "") {
    v1::CreateSectionRequest request;
    request.set_section_id(id);
    request.mutable_section()->set_display_name(id);
    request.mutable_section()->set_parent(parent);
    request.mutable_section()->set_slug(slug);
    v1::Section section;
    return Call(*taxonomy_, &Stub::CreateSection, request, &section, editor_);
  }
  grpc::Status MoveSection(const std::string& name, const std::string& parent) {
    v1::MoveSectionRequest request;
    request.set_name(name);
    request.set_etag("*");
    request.set_parent(parent);
    v1::Section section;
    return Call(*taxonomy_, &Stub::MoveSection, request, &section, editor_);
  }
  grpc::Status DeleteSection(const std::string& name) {
    v1::DeleteSectionRequest request;
    request.set_name(name);
    request.set_etag("*");
    google::protobuf::Empty nothing;
    return Call(*taxonomy_, &Stub::DeleteSection, request, &nothing, editor_);
  }
  v1::Section GetSection(const std::string& name) {
    v1::GetSectionRequest request;
    request.set_name(name);
    v1::Section section;
    EXPECT_THAT(Call(*taxonomy_, &Stub::GetSection, request, &section, editor_), IsOk());
    return section;
  }
  // The ID of the section that a path leads to; empty for none.
  std::string SectionAt(const std::string& path) {
    const absl::StatusOr<std::optional<Section>> section = postgres_.database().Read(
        Scope(absl::Now() + absl::Seconds(10)), [&](db::Transaction& tx) { return LoadSectionAt(tx, path); });
    EXPECT_THAT(section.status(), IsOk());
    return section->has_value() ? (**section).id : "";
  }
};

TEST_F(SectionTreeServiceTest, GivesASectionThePathOfItsAncestors) {
  EXPECT_EQ(GetSection("sections/front").url_path(), "/section/national/war/front");
  EXPECT_EQ(GetSection("sections/front").parent(), "sections/war");
}

TEST_F(SectionTreeServiceTest, MovesPathsWithTheSectionAndRedirectsTheFormerOnes) {
  const v1::Section before = GetSection("sections/front");
  ASSERT_THAT(MoveSection("sections/war", ""), IsOk());
  const v1::Section after = GetSection("sections/front");
  EXPECT_EQ(after.url_path(), "/section/war/front");
  EXPECT_NE(after.etag(), before.etag()) << "what is seen of it changed";
  EXPECT_EQ(SectionAt("war/front"), "front");
  EXPECT_EQ(SectionAt("national/war/front"), "front");
  EXPECT_EQ(SectionAt("national/war"), "war");

  std::vector<std::string> told;
  for (const v1::Event& event : Events()) {
    if (event.type() == "section.updated") told.push_back(event.section_changed().url_path());
  }
  EXPECT_THAT(told, ElementsAre("/section/war/front", "/section/war"));
}

TEST_F(SectionTreeServiceTest, EndsRedirectsWhereASectionMovesBack) {
  ASSERT_THAT(MoveSection("sections/war", ""), IsOk());
  ASSERT_THAT(MoveSection("sections/war", "sections/national"), IsOk());
  EXPECT_EQ(SectionAt("national/war/front"), "front");
  EXPECT_EQ(SectionAt("war/front"), "front");
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM section_redirects"), "2") << "those of the way out alone";
}

TEST_F(SectionTreeServiceTest, GivesAPathThatRedirectedToTheSectionThatTakesIt) {
  ASSERT_THAT(MoveSection("sections/war", ""), IsOk());
  ASSERT_THAT(CreateSection("civil-war", "sections/national", "war"), IsOk());
  EXPECT_EQ(SectionAt("national/war"), "civil-war");
}

TEST_F(SectionTreeServiceTest, MovesPathsWithASlug) {
  v1::UpdateSectionRequest request;
  request.mutable_section()->set_name("sections/war");
  request.mutable_section()->set_etag("*");
  request.mutable_section()->set_slug("invasion");
  v1::Section section;
  ASSERT_THAT(Call(*taxonomy_, &Stub::UpdateSection, request, &section, editor_), IsOk());
  EXPECT_EQ(GetSection("sections/front").url_path(), "/section/national/invasion/front");
  EXPECT_EQ(SectionAt("national/war/front"), "front");
}

TEST_F(SectionTreeServiceTest, RefusesWhatIsNoTree) {
  EXPECT_THAT(MoveSection("sections/national", "sections/front"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "SECTION_TREE"));
  EXPECT_THAT(MoveSection("sections/war", "sections/nowhere"),
              StatusIs(absl::StatusCode::kNotFound, "SECTION_NOT_FOUND"));
  ASSERT_THAT(CreateSection("east", "sections/front"), IsOk());
  EXPECT_THAT(CreateSection("village", "sections/east"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "SECTION_TREE"));
}

TEST_F(SectionTreeServiceTest, LetsASlugBeUsedUnderEachParent) {
  EXPECT_THAT(CreateSection("sport", ""), IsOk());
  EXPECT_THAT(CreateSection("sport-war", "sections/sport", "war"), IsOk());
  EXPECT_THAT(CreateSection("other-war", "sections/national", "war"),
              StatusIs(absl::StatusCode::kAlreadyExists, "SLUG_TAKEN"));
  EXPECT_THAT(MoveSection("sections/sport-war", "sections/national"),
              StatusIs(absl::StatusCode::kAlreadyExists, "SLUG_TAKEN"));
}

TEST_F(SectionTreeServiceTest, DeletesOnlyWhatNothingNames) {
  EXPECT_THAT(DeleteSection("sections/war"), StatusIs(absl::StatusCode::kFailedPrecondition, "IN_USE"));
  EXPECT_THAT(DeleteSection("sections/front"), IsOk());
  EXPECT_THAT(DeleteSection("sections/war"), IsOk());
  EXPECT_EQ(Events().back().type(), "section.deleted");
  Create(Draft("A story of the section"));
  EXPECT_THAT(DeleteSection("sections/national"), StatusIs(absl::StatusCode::kFailedPrecondition, "IN_USE"));
}

}  // namespace
}  // namespace masthead::articles
