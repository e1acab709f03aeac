#include "gmock/gmock.h"
#include "services/articles/workers/purge.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using Stub = v1::ArticlesService::Stub;

class DeletionTest : public Newsroom {
 protected:
  grpc::Status Purge(const std::string& name, const std::string& token) {
    v1::PurgeArticleRequest request;
    request.set_name(name);
    request.set_etag("*");
    v1::PurgeArticleResponse response;
    return Call(*editing_, &Stub::PurgeArticle, request, &response, token);
  }
};

TEST_F(DeletionTest, CanBeUndone) {
  const v1::Article article = Create(Draft("Crimea"), "crimea");
  v1::Article deleted;
  ASSERT_THAT(Move(&Stub::DeleteArticle, article.name(), &deleted), IsOk());
  EXPECT_EQ(TimeOf(deleted.purge_time()) - TimeOf(deleted.delete_time()), absl::Hours(30 * 24));
  EXPECT_THAT(Move(&Stub::PublishArticle, article.name()), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));

  v1::Article restored;
  ASSERT_THAT(Move(&Stub::UndeleteArticle, article.name(), &restored), IsOk());
  EXPECT_EQ(restored.state(), v1::Article::DRAFT);
  EXPECT_EQ(restored.slug(), "crimea");
  EXPECT_EQ(restored.revision(), 1);
  EXPECT_FALSE(restored.has_delete_time());
  EXPECT_THAT(Move(&Stub::UndeleteArticle, article.name()), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Move(&Stub::PublishArticle, article.name()), IsOk());
}

TEST_F(DeletionTest, GivesAwayTheSlugAndTakesTheNextOneWhenUndone) {
  const v1::Article article = Create(Draft("Crimea"));
  ASSERT_THAT(Move(&Stub::DeleteArticle, article.name()), IsOk());
  EXPECT_EQ(Create(Draft("Crimea")).slug(), "crimea");

  v1::Article restored;
  ASSERT_THAT(Move(&Stub::UndeleteArticle, article.name(), &restored), IsOk());

  EXPECT_EQ(restored.slug(), "crimea-2");
  EXPECT_EQ(restored.revision(), 2);
}

TEST_F(DeletionTest, IsNotForWhatReadersHave) {
  const v1::Article article = Publish(Create(Draft("Crimea")));

  EXPECT_THAT(Move(&Stub::DeleteArticle, article.name()), StatusIs(absl::StatusCode::kFailedPrecondition, "BAD_STATE"));
}

TEST_F(DeletionTest, PurgingNeedsTheAdminAndADeletedArticle) {
  const v1::Article article = Create(Draft("Crimea"));
  EXPECT_THAT(Purge(article.name(), admin_), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  ASSERT_THAT(Move(&Stub::DeleteArticle, article.name()), IsOk());

  EXPECT_FALSE(Purge(article.name(), editor_).ok());
  EXPECT_THAT(Purge(article.name(), admin_), IsOk());
  EXPECT_THAT(Purge(article.name(), admin_), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

TEST_F(DeletionTest, PurgingLeavesATombstoneAndTheAddressesReadersKnew) {
  v1::Article article = Publish(Create(Draft("Crimea"), "crimea"));
  ASSERT_THAT(TryUnpublish(article.name()), IsOk());
  article = Get(article.name());
  article.set_slug("crimea-draft");
  Update(article, {"slug"});
  ASSERT_THAT(Move(&Stub::DeleteArticle, article.name()), IsOk());

  ASSERT_THAT(Purge(article.name(), admin_), IsOk());

  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM article_revisions"), "0");
  EXPECT_EQ(postgres_.QueryValue("SELECT string_agg(slug, ' ') FROM article_slugs"), "crimea");
  EXPECT_EQ(postgres_.QueryValue("SELECT tombstone FROM articles WHERE id = 'crimea'"), "t");
  v1::CreateArticleRequest request;
  *request.mutable_article() = Draft("Another");
  request.set_article_id("crimea");
  v1::Article another;
  EXPECT_THAT(Edit(&Stub::CreateArticle, request, &another),
              StatusIs(absl::StatusCode::kAlreadyExists, "ARTICLE_ID_TAKEN"));
  v1::ReadArticleResponse read;
  ASSERT_THAT(Read("/en/crimea", &read), IsOk());
  EXPECT_TRUE(read.has_gone());
}

TEST_F(DeletionTest, IsForGoodAfterThirtyDays) {
  const v1::Article article = Create(Draft("Crimea"));
  ASSERT_THAT(Move(&Stub::DeleteArticle, article.name()), IsOk());
  const Scope scope = {.deadline = absl::Now() + absl::Seconds(20)};
  postgres_.MoveClock(absl::Hours(29 * 24));
  PurgeDeleted(postgres_.database(), scope);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM article_revisions"), "1");

  postgres_.MoveClock(absl::Hours(2 * 24));
  PurgeDeleted(postgres_.database(), scope);

  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM article_revisions"), "0");
}

TEST_F(DeletionTest, IsSeenByWhoeverAsksToSeeWhatWasDeleted) {
  const v1::Article kept = Create(Draft("Kept"));
  const v1::Article article = Create(Draft("Crimea"));
  v1::Article deleted;
  ASSERT_THAT(Move(&Stub::DeleteArticle, article.name(), &deleted), IsOk());
  const auto list = [&](bool show_deleted, const std::string& filter) {
    v1::ListArticlesRequest request;
    request.set_show_deleted(show_deleted);
    request.set_filter(filter);
    request.set_page_size(1);
    std::vector<v1::Article> articles;
    do {
      v1::ListArticlesResponse response;
      EXPECT_THAT(Edit(&Stub::ListArticles, request, &response), IsOk());
      articles.insert(articles.end(), response.articles().begin(), response.articles().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return articles;
  };
  ASSERT_EQ(list(false, "").size(), 1);
  EXPECT_EQ(list(false, "")[0].name(), kept.name());
  EXPECT_EQ(list(true, "").size(), 2);
  const std::vector<v1::Article> gone = list(true, "delete_time:*");
  ASSERT_EQ(gone.size(), 1);
  EXPECT_EQ(gone[0].name(), article.name());
  EXPECT_TRUE(gone[0].has_delete_time());
  EXPECT_TRUE(gone[0].has_purge_time());
  EXPECT_EQ(gone[0].etag(), deleted.etag());
  ASSERT_THAT(Purge(article.name(), admin_), IsOk());
  EXPECT_EQ(list(true, "").size(), 1);
}

}  // namespace
}  // namespace masthead::articles
