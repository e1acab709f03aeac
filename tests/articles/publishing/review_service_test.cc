#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using Stub = v1::ArticlesService::Stub;

// Beside the usual service one of a house that requires review, on the same database.
class ReviewServiceTest : public Newsroom {
 protected:
  template <typename Request>
  grpc::Status Strictly(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, v1::Article*),
                        const std::string& name, const std::string& token, v1::Article* article = nullptr) {
    Request request;
    request.set_name(name);
    request.set_etag("*");
    v1::Article ignored;
    return Call(*strict_editing_, method, request, article != nullptr ? article : &ignored, token);
  }

  Articles strict_{postgres_.database(), Clock::System(), key_, {.rules = {.require_review = true}}};
  testing::TestServer strict_server_{strict_.services()};
  std::unique_ptr<Stub> strict_editing_ = v1::ArticlesService::NewStub(strict_server_.Channel());
  const std::string olena_ = strict_server_.StaffToken({"reporter"}, "staffMembers/olena");
  const std::string petro_ = strict_server_.StaffToken({"editor"}, "staffMembers/petro");
  const std::string iryna_ = strict_server_.StaffToken({"editor"}, "staffMembers/iryna");
};

TEST_F(ReviewServiceTest, BringsAnArticleFromItsWriterOverAReviewerToReaders) {
  const v1::Article draft = Create(Draft("Crimea"));
  EXPECT_THAT(Strictly(&Stub::PublishArticle, draft.name(), petro_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REVIEW_REQUIRED"));
  v1::Article article;
  ASSERT_THAT(Strictly(&Stub::SubmitForReview, draft.name(), olena_, &article), IsOk());
  EXPECT_EQ(article.state(), v1::Article::IN_REVIEW);
  EXPECT_EQ(article.review().requested_by(), "staffMembers/olena");
  EXPECT_FALSE(Strictly(&Stub::ApproveArticle, draft.name(), olena_).ok());

  ASSERT_THAT(Strictly(&Stub::ApproveArticle, draft.name(), petro_, &article), IsOk());
  EXPECT_EQ(article.state(), v1::Article::APPROVED);
  EXPECT_EQ(article.review().decision(), v1::Review::APPROVED);
  EXPECT_EQ(article.review().decided_by(), "staffMembers/petro");
  ASSERT_THAT(Strictly(&Stub::PublishArticle, draft.name(), petro_, &article), IsOk());
  EXPECT_EQ(article.state(), v1::Article::PUBLISHED);
  EXPECT_FALSE(article.has_review());
}

TEST_F(ReviewServiceTest, ASaveMakesAnApprovedArticleADraftAgain) {
  const v1::Article draft = Create(Draft("Crimea"));
  ASSERT_THAT(Strictly(&Stub::SubmitForReview, draft.name(), olena_), IsOk());
  v1::Article article;
  ASSERT_THAT(Strictly(&Stub::ApproveArticle, draft.name(), petro_, &article), IsOk());
  article.set_headline("Crimea, changed");

  EXPECT_EQ(Update(article, {"headline"}).state(), v1::Article::DRAFT);
  EXPECT_THAT(Strictly(&Stub::PublishArticle, draft.name(), petro_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REVIEW_REQUIRED"));
}

TEST_F(ReviewServiceTest, LetsOnlyWhoWasAskedDecide) {
  const v1::Article draft = Create(Draft("Crimea"));
  v1::SubmitForReviewRequest submit;
  submit.set_name(draft.name());
  submit.set_etag(draft.etag());
  submit.set_assignee("petro");
  v1::Article article;
  EXPECT_THAT(Edit(&Stub::SubmitForReview, submit, &article),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  submit.set_assignee("staffMembers/petro");
  ASSERT_THAT(Edit(&Stub::SubmitForReview, submit, &article), IsOk());

  EXPECT_THAT(Strictly(&Stub::ApproveArticle, draft.name(), iryna_),
              StatusIs(absl::StatusCode::kPermissionDenied, "REVIEW_ASSIGNED"));
  v1::RequestChangesRequest changes;
  changes.set_name(draft.name());
  changes.set_etag("*");
  EXPECT_THAT(Call(*strict_editing_, &Stub::RequestChanges, changes, &article, petro_),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  changes.set_comment("Who says so?");
  ASSERT_THAT(Call(*strict_editing_, &Stub::RequestChanges, changes, &article, petro_), IsOk());
  EXPECT_EQ(article.state(), v1::Article::DRAFT);
  EXPECT_EQ(article.review().comment(), "Who says so?");
}

}  // namespace
}  // namespace masthead::articles
