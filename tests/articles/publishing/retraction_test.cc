// A retraction: readers find the notice at the article's address, and the article nowhere else.
#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Stub = v1::ArticlesService::Stub;

class RetractionTest : public Newsroom {
 protected:
  v1::Article Retract(const std::string& name) {
    v1::RetractArticleRequest request;
    request.set_name(name);
    request.set_etag("*");
    request.set_notice("We were wrong, and are sorry.");
    v1::Article retracted;
    EXPECT_THAT(Edit(&Stub::RetractArticle, request, &retracted), IsOk());
    return retracted;
  }

  int Listed() {
    v1::ListPublishedArticlesResponse response;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListPublishedArticles, v1::ListPublishedArticlesRequest(),
                     &response, ""),
                IsOk());
    return response.articles_size();
  }
};

TEST_F(RetractionTest, LeavesTheNoticeWhereTheArticleWas) {
  v1::Article draft = Draft("Crimea");
  draft.set_dek("SECRETDEK");
  draft.mutable_body(0)->mutable_paragraph()->mutable_text()->set_text("SECRETTEXT");
  const v1::Article article = Publish(Create(draft));
  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(article.url_path(), &read), IsOk());

  const v1::Article retracted = Retract(article.name());

  EXPECT_EQ(retracted.state(), v1::Article::RETRACTED);
  EXPECT_EQ(retracted.retraction().retracted_by(), "staffMembers/test-staff");
  for (const std::string& target : {article.name(), article.url_path()}) {
    ASSERT_THAT(Read(target, &read), IsOk());
    EXPECT_EQ(read.article().headline(), "Crimea");
    EXPECT_EQ(read.article().retraction().notice(), "We were wrong, and are sorry.");
    EXPECT_EQ(read.article().retraction().retracted_by(), "");
    EXPECT_EQ(read.article().body_size(), 0);
    EXPECT_THAT(read.SerializeAsString(), Not(HasSubstr("SECRET")));
  }
  EXPECT_EQ(Listed(), 0);
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published", "article.retracted"));
}

TEST_F(RetractionTest, IsEndedByTheAdminAlone) {
  const v1::Article article = Publish(Create(Draft("Crimea")));
  Retract(article.name());
  EXPECT_THAT(Move(&Stub::PublishArticle, article.name()),
              StatusIs(absl::StatusCode::kFailedPrecondition, "BAD_STATE"));
  EXPECT_FALSE(Move(&Stub::ReinstateArticle, article.name()).ok());
  v1::Article reinstated;
  ASSERT_THAT(Move(&Stub::ReinstateArticle, article.name(), &reinstated, admin_), IsOk());

  EXPECT_EQ(reinstated.state(), v1::Article::PUBLISHED);
  EXPECT_EQ(TimeOf(reinstated.publish_time()), TimeOf(article.publish_time()));
  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(article.url_path(), &read), IsOk());
  EXPECT_FALSE(read.article().has_retraction());
  EXPECT_EQ(read.article().body_size(), 1);
  EXPECT_EQ(Listed(), 1);
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published", "article.retracted", "article.reinstated"));
}

TEST_F(RetractionTest, NeedsANotice) {
  const v1::Article article = Publish(Create(Draft("Crimea")));

  EXPECT_THAT(Move(&Stub::RetractArticle, article.name()),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

}  // namespace
}  // namespace masthead::articles
