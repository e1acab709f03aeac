#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

class RevisionsServiceTest : public Newsroom {
 protected:
  using Stub = v1::ArticlesService::Stub;

  // Revision 2 has another headline, a second paragraph and other access.
  void SetUp() override {
    article_ = Create(Draft("First words"));
    article_.set_headline("Second thoughts");
    article_.add_body()->mutable_paragraph()->mutable_text()->set_text("One more thing.");
    article_.mutable_access()->set_level(v1::Access::REGISTERED);
    article_ = Update(article_, {"headline", "body", "access"});
  }
  std::string Name(const std::string& number) { return article_.name() + "/revisions/" + number; }

  v1::Article article_;
};

TEST_F(RevisionsServiceTest, TellsWhichFieldsAndBlocksChanged) {
  v1::DiffArticleRevisionsRequest request;
  request.set_name(Name("latest"));
  request.set_base(Name("1"));
  v1::DiffArticleRevisionsResponse diff;
  ASSERT_THAT(Edit(&Stub::DiffArticleRevisions, request, &diff), IsOk());
  EXPECT_THAT(diff.changed_fields(), ElementsAre("access", "body", "headline", "slug"));
  ASSERT_EQ(diff.block_changes_size(), 1);
  EXPECT_EQ(diff.block_changes(0).kind(), v1::BlockChange::ADDED);
  EXPECT_EQ(diff.block_changes(0).after().paragraph().text().text(), "One more thing.");
  EXPECT_EQ(diff.block_changes(0).before_index(), -1);

  request.set_base(Name("7"));
  EXPECT_THAT(Edit(&Stub::DiffArticleRevisions, request, &diff),
              StatusIs(absl::StatusCode::kNotFound, "REVISION_NOT_FOUND"));
  request.set_base("articles/another/revisions/1");
  EXPECT_THAT(Edit(&Stub::DiffArticleRevisions, request, &diff),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(RevisionsServiceTest, GoesBackByANewRevisionAndLeavesAccessAloneUnlessAsked) {
  v1::RollbackArticleRequest request;
  request.set_name(Name("1"));
  request.set_etag(article_.etag());
  v1::Article back;
  ASSERT_THAT(Edit(&Stub::RollbackArticle, request, &back), IsOk());
  EXPECT_EQ(back.headline(), "First words");
  EXPECT_EQ(back.body_size(), 1);
  EXPECT_EQ(back.revision(), 3);
  EXPECT_EQ(back.access().level(), v1::Access::REGISTERED);
  EXPECT_THAT(Edit(&Stub::RollbackArticle, request, &back), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));

  request.set_etag(back.etag());
  request.mutable_fields()->add_paths("access");
  ASSERT_THAT(Edit(&Stub::RollbackArticle, request, &back), IsOk());
  EXPECT_EQ(back.access().level(), v1::Access::PUBLIC);
  const std::string etag = back.etag();
  request.set_etag(etag);
  ASSERT_THAT(Edit(&Stub::RollbackArticle, request, &back), IsOk());
  EXPECT_EQ(back.etag(), etag) << "nothing was left to restore";
}

}  // namespace
}  // namespace masthead::articles
