#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BatchServiceTest : public Newsroom {
 protected:
  grpc::Status BatchUpdate() { return Edit(&v1::ArticlesService::Stub::BatchUpdateArticles, updates_, &updated_); }
  void AddUpdate(v1::Article article, const std::string& headline) {
    article.set_headline(headline);
    v1::ArticleUpdate& update = *updates_.add_updates();
    *update.mutable_article() = article;
    update.mutable_update_mask()->add_paths("headline");
  }

  v1::BatchUpdateArticlesRequest updates_;
  v1::BatchUpdateArticlesResponse updated_;
};

TEST_F(BatchServiceTest, GetsAllOrNone) {
  Create(Draft("One"), "one");
  Create(Draft("Two"), "two");
  v1::BatchGetArticlesRequest request;
  for (const char* name : {"articles/two", "articles/one", "articles/two"}) request.add_names(name);
  v1::BatchGetArticlesResponse response;
  const auto get = [&] { return Edit(&v1::ArticlesService::Stub::BatchGetArticles, request, &response); };
  ASSERT_THAT(get(), IsOk());
  ASSERT_EQ(response.articles_size(), 3);
  EXPECT_EQ(response.articles(0).name(), "articles/two");
  EXPECT_EQ(response.articles(1).name(), "articles/one");
  EXPECT_THAT(response.articles(0).body(), IsEmpty());
  request.set_view(v1::ARTICLE_VIEW_FULL);
  ASSERT_THAT(get(), IsOk());
  EXPECT_EQ(response.articles(1).SerializeAsString(), Get("articles/one").SerializeAsString());

  request.add_names("articles/nothing");
  EXPECT_THAT(get(), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  request.clear_names();
  EXPECT_THAT(get(), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  for (int i = 0; i < 101; ++i) request.add_names("articles/one");
  EXPECT_THAT(get(), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(BatchServiceTest, SavesAllOrNone) {
  const v1::Article one = Create(Draft("One"), "one");
  const v1::Article two = Create(Draft("Two"), "two");
  AddUpdate(two, "Deux");
  AddUpdate(one, "Un");
  ASSERT_THAT(BatchUpdate(), IsOk());
  EXPECT_EQ(updated_.articles(0).headline(), "Deux");
  EXPECT_EQ(updated_.articles(1).headline(), "Un");
  EXPECT_EQ(updated_.articles(1).revision(), 2);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM audit_event WHERE method LIKE '%BatchUpdateArticles'"), "2")
      << "each article has its own";

  updates_.clear_updates();
  AddUpdate(Get("articles/one"), "Eins");
  AddUpdate(two, "Zwei");
  const grpc::Status status = BatchUpdate();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(status.error_message(), HasSubstr("updates[1]"));
  EXPECT_EQ(Get("articles/one").headline(), "Un");
}

TEST_F(BatchServiceTest, TellsWhatIsWrongWithEachUpdate) {
  const v1::Article one = Create(Draft("One"), "one");
  AddUpdate(one, "two\nlines");
  AddUpdate(one, "One");
  const grpc::Status status = BatchUpdate();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(status.error_details(), HasSubstr("updates[0].article.headline"));
  EXPECT_THAT(status.error_details(), HasSubstr("updates[1].article.name"));
}

}  // namespace
}  // namespace masthead::articles
