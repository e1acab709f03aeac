// An embargo is no state: it is a time before which no reader learns of a revision by any way.
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "services/articles/workers/schedule_worker.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EmbargoTest : public Newsroom {
 protected:
  v1::Article Embargoed(const std::string& headline, absl::Duration for_how_long) {
    v1::Article draft = Draft(headline);
    const absl::Time end = absl::Now() + for_how_long;
    draft.mutable_embargo_until()->set_seconds(absl::ToUnixSeconds(end));
    return draft;
  }

  absl::StatusOr<int> PublishDue() {
    return articles_.schedule_worker().PublishDue({.deadline = absl::Now() + absl::Seconds(20)}, 50, 0);
  }

  std::vector<std::string> Listed() {
    v1::ListPublishedArticlesResponse response;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListPublishedArticles, v1::ListPublishedArticlesRequest(),
                     &response, ""),
                IsOk());
    std::vector<std::string> headlines;
    for (const v1::PublishedArticle& article : response.articles()) headlines.push_back(article.headline());
    return headlines;
  }

  std::vector<std::string> Alertable(const std::string& name) {
    v1::BatchGetAlertContentRequest request;
    request.add_names(name);
    v1::BatchGetAlertContentResponse response;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::BatchGetAlertContent, request, &response, editor_), IsOk());
    std::vector<std::string> headlines;
    for (const v1::AlertContent& content : response.contents()) headlines.push_back(content.headline());
    return headlines;
  }
};

TEST_F(EmbargoTest, HoldsAPublishedArticleBackByEveryWayOut) {
  const v1::Article article = Publish(Create(Embargoed("Crimea", absl::Hours(1))));
  EXPECT_EQ(article.state(), v1::Article::SCHEDULED);
  EXPECT_EQ(TimeOf(article.schedule().due_time()), TimeOf(article.embargo_until()));
  EXPECT_THAT(PublishDue(), IsOkAndHolds(0));

  v1::ReadArticleResponse read;
  EXPECT_THAT(Read(article.name(), &read), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Read(article.url_path(), &read), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Listed(), IsEmpty());
  EXPECT_THAT(Alertable(article.name()), IsEmpty());
  EXPECT_THAT(ArticleEvents(), IsEmpty());

  postgres_.MoveClock(absl::Hours(1));
  EXPECT_THAT(PublishDue(), IsOkAndHolds(1));

  ASSERT_THAT(Read(article.url_path(), &read), IsOk());
  EXPECT_EQ(TimeOf(read.article().publish_time()), TimeOf(article.embargo_until()));
  EXPECT_THAT(Listed(), ElementsAre("Crimea"));
  EXPECT_THAT(Alertable(article.name()), ElementsAre("Crimea"));
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published"));
}

TEST_F(EmbargoTest, EndsByItselfWithinASecond) {
  const v1::Article article = Publish(Create(Embargoed("Crimea", absl::Seconds(3))));
  articles_.StartWorkers();
  v1::ReadArticleResponse read;
  const absl::Time patience = absl::Now() + absl::Seconds(20);
  while (!Read(article.name(), &read).ok() && absl::Now() < patience) absl::SleepFor(absl::Milliseconds(10));
  const absl::Time seen = absl::Now();
  articles_.StopWorkers();

  EXPECT_EQ(read.article().headline(), "Crimea");
  EXPECT_GE(seen, TimeOf(article.embargo_until()));
  EXPECT_LE(seen - TimeOf(article.embargo_until()), absl::Seconds(1));
}

TEST_F(EmbargoTest, OfANewRevisionLeavesReadersTheFormerOne) {
  v1::Article article = Publish(Create(Draft("Crimea")));
  article.set_headline("Crimea, the verdict");
  *article.mutable_embargo_until() = Embargoed("", absl::Hours(1)).embargo_until();
  article = Publish(Update(article, {"headline", "embargo_until"}), /*substantive=*/true);
  EXPECT_EQ(article.state(), v1::Article::PUBLISHED);
  EXPECT_EQ(article.published_revision(), 1);

  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(article.name(), &read), IsOk());
  EXPECT_EQ(read.article().headline(), "Crimea");
  EXPECT_THAT(Listed(), ElementsAre("Crimea"));
  EXPECT_THAT(Alertable(article.name()), ElementsAre("Crimea"));

  postgres_.MoveClock(absl::Hours(1));
  ASSERT_THAT(PublishDue(), IsOkAndHolds(1));
  ASSERT_THAT(Read(article.name(), &read), IsOk());
  EXPECT_EQ(read.article().headline(), "Crimea, the verdict");
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published", "article.updated"));
}

TEST_F(EmbargoTest, OutlastsAnEarlierSchedule) {
  const std::string name = Create(Embargoed("Crimea", absl::Hours(2))).name();
  v1::Article article;
  ASSERT_THAT(TrySchedule(name, absl::Now() + absl::Hours(1), &article), IsOk());
  EXPECT_EQ(TimeOf(article.schedule().due_time()), TimeOf(article.embargo_until()));
  postgres_.MoveClock(absl::Minutes(90));
  EXPECT_THAT(PublishDue(), IsOkAndHolds(0));

  postgres_.MoveClock(absl::Minutes(30));
  EXPECT_THAT(PublishDue(), IsOkAndHolds(1));
  EXPECT_EQ(TimeOf(Get(name).publish_time()), TimeOf(article.embargo_until()));
}

TEST_F(EmbargoTest, CanBeCalledOffAndLifted) {
  v1::Article article = Publish(Create(Embargoed("Crimea", absl::Hours(1))));
  ASSERT_THAT(Move(&v1::ArticlesService::Stub::UnscheduleArticle, article.name(), &article), IsOk());
  EXPECT_EQ(article.state(), v1::Article::DRAFT);
  article.clear_embargo_until();

  EXPECT_EQ(Publish(Update(article, {"embargo_until"})).state(), v1::Article::PUBLISHED);
}

}  // namespace
}  // namespace masthead::articles
