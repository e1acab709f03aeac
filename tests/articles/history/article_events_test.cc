#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "services/articles/history/retention_store.h"
#include "services/articles/workers/schedule_worker.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Stub = v1::ArticlesService::Stub;

class ArticleEventsTest : public Newsroom {
 protected:
  grpc::Status TryList(const std::string& name, v1::ListArticleEventsResponse* response, const std::string& token,
                       const std::string& page_token = "") {
    v1::ListArticleEventsRequest request;
    request.set_parent(name);
    request.set_page_size(2);
    request.set_page_token(page_token);
    return Call(*editing_, &Stub::ListArticleEvents, request, response, token);
  }
  std::vector<v1::ArticleEvent> List(const std::string& name) {
    std::vector<v1::ArticleEvent> events;
    std::string token;
    do {
      v1::ListArticleEventsResponse response;
      EXPECT_THAT(TryList(name, &response, editor_, token), IsOk());
      events.insert(events.end(), response.article_events().begin(), response.article_events().end());
      token = response.next_page_token();
    } while (!token.empty());
    return events;
  }
  static std::vector<std::string> Methods(const std::vector<v1::ArticleEvent>& events) {
    std::vector<std::string> methods;
    for (const v1::ArticleEvent& event : events)
      methods.push_back(event.method().substr(event.method().rfind('.') + 1));
    return methods;
  }
};

TEST_F(ArticleEventsTest, TellWhoDidWhatFromWhichRevisionToWhich) {
  v1::Article article = Create(Draft("Crimea"));
  article.set_headline("Crimea now");
  const v1::Article saved = Update(article, {"headline"});
  constexpr char kRequest[] = "a3c1f7c2-77a1-4a0f-9f39-2d4a6f6a2b11";
  ASSERT_THAT(TryPublish(article.name(), saved.etag(), kRequest), IsOk());
  EXPECT_THAT(TryPublish(article.name(), "*"), IsOk()) << "changes nothing, and is not told";

  const std::vector<v1::ArticleEvent> events = List(article.name());

  ASSERT_THAT(Methods(events), ElementsAre("PublishArticle", "UpdateArticle", "CreateArticle"));
  EXPECT_EQ(events[0].request_id(), kRequest);
  EXPECT_THAT(events[0].actor(), HasSubstr("staffMembers/"));
  EXPECT_EQ(events[0].state_before(), v1::Article::DRAFT);
  EXPECT_EQ(events[0].state_after(), v1::Article::PUBLISHED);
  EXPECT_EQ(events[0].published_revision_before(), 0);
  EXPECT_EQ(events[0].published_revision_after(), 2);
  EXPECT_EQ(events[1].revision_before(), 1);
  EXPECT_EQ(events[1].revision_after(), 2);
  EXPECT_EQ(events[2].state_before(), v1::Article::STATE_UNSPECIFIED);
  EXPECT_EQ(events[2].revision_after(), 1);
}

TEST_F(ArticleEventsTest, TellOfTheScheduleAndOfDeletionAndOutliveThePurge) {
  const v1::Article article = Create(Draft("Crimea"));
  ASSERT_THAT(TrySchedule(article.name(), absl::Now() + absl::Hours(1)), IsOk());
  postgres_.MoveClock(absl::Hours(2));
  articles_.schedule_worker().Run({.deadline = absl::Now() + absl::Seconds(20)});
  ASSERT_THAT(TryUnpublish(article.name()), IsOk());
  ASSERT_THAT(Move(&Stub::DeleteArticle, article.name()), IsOk());
  v1::PurgeArticleRequest purge;
  purge.set_name(article.name());
  purge.set_etag("*");
  v1::PurgeArticleResponse purged;
  ASSERT_THAT(Call(*editing_, &Stub::PurgeArticle, purge, &purged, admin_), IsOk());

  const std::vector<v1::ArticleEvent> events = List(article.name());

  ASSERT_THAT(Methods(events),
              ElementsAre("PurgeArticle", "DeleteArticle", "UnpublishArticle", "", "ScheduleArticle", "CreateArticle"));
  EXPECT_TRUE(events[1].deleted());
  EXPECT_EQ(events[3].actor(), "") << "nobody did it: it was due";
  EXPECT_EQ(events[3].state_before(), v1::Article::SCHEDULED);
  EXPECT_EQ(events[3].state_after(), v1::Article::PUBLISHED);
}

TEST_F(ArticleEventsTest, AreForEditorsAndOfArticlesThatThereWere) {
  v1::ListArticleEventsResponse response;
  EXPECT_THAT(TryList("articles/nothing", &response, editor_),
              StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(TryList("articles/nothing", &response, server_.StaffToken({"reporter"})),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ArticleEventsTest, AndRevisionsGoWithAgeButNotWhatSomebodyReliesOn) {
  v1::Article article = Create(Draft("one"));
  article = Publish(article);
  for (const char* headline : {"two", "three", "four"}) {
    article.set_headline(headline);
    article = Update(article, {"headline"});
  }
  const auto revisions = [&] {
    return postgres_.QueryValue("SELECT string_agg(revision::text, ' ' ORDER BY revision) FROM article_revisions");
  };
  const auto clear = [&](absl::Duration kept) {
    const Scope scope = {.deadline = absl::Now() + absl::Seconds(20)};
    absl::StatusOr<bool> more = true;
    while (more.ok() && *more)
      more = ClearAwayHistory(postgres_.database(), scope, {.revisions = kept, .events = kept});
    EXPECT_THAT(more, IsOk());
  };
  clear(kLeastRevisionRetention);
  EXPECT_EQ(revisions(), "1 2 3 4");
  postgres_.MoveClock(kLeastRevisionRetention + absl::Hours(1));
  clear(absl::InfiniteDuration());
  EXPECT_EQ(revisions(), "1 2 3 4");
  clear(kLeastRevisionRetention);
  EXPECT_EQ(revisions(), "1 4") << "what readers have, and the working copy";
  EXPECT_EQ(List(article.name()).size(), 0);
}

}  // namespace
}  // namespace masthead::articles
