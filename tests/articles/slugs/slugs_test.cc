#include <atomic>
#include <set>
#include <thread>

#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class SlugsTest : public Newsroom {
 protected:
  v1::Article Rename(v1::Article article, const std::string& slug) {
    article = Get(article.name());
    article.set_slug(slug);
    return Update(article, {"slug"});
  }

  std::string RedirectOf(const std::string& path) {
    v1::ReadArticleResponse read;
    const grpc::Status status = Read(path, &read);
    if (!status.ok()) return masthead::ErrorReason(testing::ToStatus(status));
    return read.has_redirect() ? read.redirect().url_path() : "article";
  }
};

TEST_F(SlugsTest, EveryOneOfManyCreatorsOfAHeadlineGetsASlug) {
  std::vector<std::string> slugs(8);
  std::vector<std::thread> reporters;
  for (int i = 0; i < 8; ++i) {
    reporters.emplace_back([&, i] { slugs[i] = Create(Draft("Explosion in Kyiv")).slug(); });
  }
  for (std::thread& reporter : reporters) reporter.join();

  EXPECT_THAT(std::set<std::string>(slugs.begin(), slugs.end()), SizeIs(8));
  EXPECT_EQ(std::set<std::string>(slugs.begin(), slugs.end()).count("explosion-in-kyiv"), 1);
  EXPECT_EQ(std::set<std::string>(slugs.begin(), slugs.end()).count("explosion-in-kyiv-8"), 1);
}

TEST_F(SlugsTest, AChosenSlugThatIsTakenIsToldAtSaveWithItsHolderAndAnother) {
  const v1::Article holder = Create(Draft("Crimea"));
  v1::Article article = Draft("Another");
  article.set_slug("crimea");

  const grpc::Status status = TryCreate(article);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAlreadyExists, "SLUG_TAKEN"));
  EXPECT_THAT(status.error_details(), HasSubstr(holder.name()));
  EXPECT_THAT(status.error_details(), HasSubstr("crimea-2"));
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM articles"), "1");
}

TEST_F(SlugsTest, AreUniquePerLanguage) {
  v1::Article article = Draft("Crimea");
  EXPECT_EQ(Create(article).url_path(), "/en/crimea");
  article.set_language_code("uk");
  article.set_headline("Кримea");
  article.set_slug("crimea");
  EXPECT_EQ(Create(article).url_path(), "/uk/crimea");
}

TEST_F(SlugsTest, FollowTheHeadlineUntilTheFirstPublicationAndNeverAfter) {
  v1::Article article = Create(Draft("Місто Київ"));
  EXPECT_EQ(article.slug(), "misto-kyiv");
  article.set_headline("Місто Харків");
  article = Update(article, {"headline"});
  EXPECT_EQ(article.slug(), "misto-kharkiv");
  EXPECT_EQ(Create(Draft("Місто Київ")).slug(), "misto-kyiv") << "the former one is free again";

  article = Publish(article);
  article.set_headline("Місто Одеса");
  article = Update(article, {"headline"});
  EXPECT_EQ(article.slug(), "misto-kharkiv");
  article.clear_slug();
  EXPECT_EQ(Update(article, {"slug"}).slug(), "misto-kharkiv");
}

TEST_F(SlugsTest, AChangeTakesEffectWithThePublicationAndLeavesARedirect) {
  v1::Article article = Publish(Create(Draft("Alpha")));
  Rename(article, "beta");
  EXPECT_EQ(RedirectOf("/en/alpha"), "article");
  EXPECT_EQ(RedirectOf("/en/beta"), "ARTICLE_NOT_FOUND") << "reserved is not public";

  Publish(article);
  EXPECT_EQ(RedirectOf("/en/alpha"), "/en/beta");
  EXPECT_EQ(RedirectOf("/en/beta"), "article");
}

TEST_F(SlugsTest, ChainsOfRedirectsCollapseAndLoopsCannotBe) {
  v1::Article article = Publish(Create(Draft("Alpha")));
  Publish(Rename(article, "beta"));
  Publish(Rename(article, "gamma"));
  EXPECT_EQ(RedirectOf("/en/alpha"), "/en/gamma");
  EXPECT_EQ(RedirectOf("/en/beta"), "/en/gamma");

  Publish(Rename(article, "alpha"));
  EXPECT_EQ(RedirectOf("/en/alpha"), "article");
  EXPECT_EQ(RedirectOf("/en/beta"), "/en/alpha");
  EXPECT_EQ(RedirectOf("/en/gamma"), "/en/alpha");
}

TEST_F(SlugsTest, ARedirectIsTakenOnlyOnDemand) {
  v1::Article article = Publish(Create(Draft("Alpha")));
  Publish(Rename(article, "beta"));
  EXPECT_EQ(Create(Draft("Alpha")).slug(), "alpha-2") << "a made slug never takes a redirect";
  v1::CreateArticleRequest request;
  *request.mutable_article() = Draft("Another");
  request.mutable_article()->set_slug("alpha");
  v1::Article created;
  const grpc::Status status = Edit(&v1::ArticlesService::Stub::CreateArticle, request, &created);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAlreadyExists, "SLUG_TAKEN"));

  request.set_reclaim_slug(true);
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::CreateArticle, request, &created), IsOk());
  Publish(created);
  EXPECT_EQ(RedirectOf("/en/alpha"), "article");

  request.mutable_article()->set_slug("beta");
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::CreateArticle, request, &created),
              StatusIs(absl::StatusCode::kAlreadyExists, "SLUG_TAKEN"))
      << "what is live is never taken";
}

}  // namespace
}  // namespace masthead::articles
