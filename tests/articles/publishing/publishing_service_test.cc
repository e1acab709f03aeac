#include <atomic>
#include <thread>

#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using PublishingTest = Newsroom;

TEST_F(PublishingTest, AnnouncesAPublicationWithFactsAndWithoutText) {
  v1::Article draft = Draft("SECRETHEADLINE");
  draft.mutable_breaking_until()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(1)));
  const v1::Article published = Publish(Create(draft, "crimea"));

  EXPECT_EQ(published.state(), v1::Article::PUBLISHED);
  EXPECT_EQ(published.published_revision(), 1);
  const v1::Event event = Events().back();
  EXPECT_EQ(event.type(), "article.published");
  EXPECT_EQ(event.resource(), "articles/crimea");
  EXPECT_TRUE(event.article_published().first_publication());
  const v1::ArticleFacts& facts = event.article_published().facts();
  EXPECT_EQ(facts.section(), "sections/national");
  EXPECT_THAT(facts.contributors(), ElementsAre("contributors/news-desk"));
  EXPECT_TRUE(facts.breaking());
  EXPECT_EQ(facts.url_path(), "/en/secretheadline");
  EXPECT_EQ(facts.language_code(), "en");
  EXPECT_THAT(event.SerializeAsString(), Not(HasSubstr("SECRETHEADLINE")));
  EXPECT_THAT(event.SerializeAsString(), Not(HasSubstr("desk@example.org")));
}

TEST_F(PublishingTest, TellsOnceHoweverOftenItIsAsked) {
  const v1::Article article = Create(Draft("Crimea"));
  const std::string request_id = "0190a8d2-0000-7000-8000-000000000002";
  v1::Article first;
  v1::Article again;
  ASSERT_THAT(TryPublish(article.name(), article.etag(), request_id, &first), IsOk());
  ASSERT_THAT(TryPublish(article.name(), article.etag(), request_id, &again), IsOk());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  // Also without the request_id: what is public already is not published again.
  ASSERT_THAT(TryPublish(article.name(), "*", "", &again), IsOk());
  EXPECT_EQ(again.etag(), first.etag());

  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published"));
}

TEST_F(PublishingTest, LetsOneOfManyWin) {
  const v1::Article article = Create(Draft("Crimea"));
  std::atomic<int> winners = 0;
  std::vector<std::thread> editors;
  for (int i = 0; i < 8; ++i) {
    editors.emplace_back([&] { winners += TryPublish(article.name(), article.etag()).ok() ? 1 : 0; });
  }
  for (std::thread& editor : editors) editor.join();

  EXPECT_EQ(winners, 1);
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published"));
}

TEST_F(PublishingTest, KeepsTheLiveCopyWhileTheDraftIsEdited) {
  v1::Article article = Publish(Create(Draft("Crimea")));
  article.set_headline("Crimea, corrected");
  article = Update(article, {"headline"});
  EXPECT_TRUE(article.has_unpublished_changes());
  EXPECT_EQ(article.state(), v1::Article::PUBLISHED);

  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(article.name(), &read), IsOk());
  EXPECT_EQ(read.article().headline(), "Crimea");

  article = Publish(article, /*substantive=*/true);
  EXPECT_FALSE(article.has_unpublished_changes());
  ASSERT_THAT(Read(article.name(), &read), IsOk());
  EXPECT_EQ(read.article().headline(), "Crimea, corrected");
  EXPECT_EQ(read.article().revision(), 2);
  EXPECT_LT(TimeOf(article.publish_time()), TimeOf(article.content_update_time()));
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published", "article.updated"));
}

TEST_F(PublishingTest, NamesFormerSectionTagsAndPathOfAnUpdate) {
  v1::CreateTagRequest tag;
  tag.set_tag_id("war");
  tag.mutable_tag()->set_display_name("War");
  v1::Tag created_tag;
  ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateTag, tag, &created_tag, editor_), IsOk());
  v1::Article draft = Draft("Crimea");
  draft.add_tags("tags/war");
  v1::Article article = Publish(Create(draft));
  article.clear_tags();
  article.set_slug("crimea-2023");
  Publish(Update(article, {"tags", "slug"}));

  EXPECT_THAT(Events().back().article_updated().former_keys(), ElementsAre("tags/war", "path:/en/crimea"));
}

TEST_F(PublishingTest, WithdrawsFromReadersAtOnceAndBringsBackWithTheFirstTime) {
  const v1::Article article = Publish(Create(Draft("Crimea")));
  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(article.name(), &read), IsOk());

  ASSERT_THAT(TryUnpublish(article.name()), IsOk());
  EXPECT_THAT(Read(article.name(), &read), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Read(article.url_path(), &read), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(TryUnpublish(article.name()), StatusIs(absl::StatusCode::kFailedPrecondition, "BAD_STATE"));

  const v1::Article again = Publish(article);
  EXPECT_EQ(TimeOf(again.publish_time()), TimeOf(article.publish_time()));
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published", "article.unpublished", "article.published"));
  EXPECT_FALSE(Events().back().article_published().first_publication());
}

TEST_F(PublishingTest, RefusesWhatIsNotFitForReaders) {
  v1::Article draft;
  draft.set_language_code("uk");
  draft.mutable_lead_image()->set_uri("https://example.org/a.jpg");
  const grpc::Status status = TryPublish(Create(draft).name(), "*");

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, "PUBLISH_CHECKS_FAILED"));
  EXPECT_THAT(status.error_details(), HasSubstr("headline,section,byline,slug,lead_image_alt,lead_image_credit"));
}

TEST_F(PublishingTest, RefusesWhatLeadsToAnArticleThatWasDeleted) {
  Create(Draft("Before"), "before");
  v1::Article draft = Draft("Crimea");
  draft.add_body()->mutable_related()->add_articles("articles/before");
  const v1::Article article = Create(draft);
  ASSERT_THAT(Move(&v1::ArticlesService::Stub::DeleteArticle, "articles/before"), IsOk());
  v1::Article edited = article;
  edited.set_headline("Crimea now");
  ASSERT_THAT(TryUpdate(edited, {"headline"}), IsOk()) << "what it led to before does not hold up a save";

  const grpc::Status status = TryPublish(article.name(), "*");

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, "PUBLISH_CHECKS_FAILED"));
  EXPECT_THAT(status.error_details(), HasSubstr("article.body[1].related.articles[0]"));
  EXPECT_THAT(TrySchedule(article.name(), absl::Now() + absl::Hours(1)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PUBLISH_CHECKS_FAILED"));
}

TEST_F(PublishingTest, TellsOfEverySectionThatShowsItAndNoLongerDoes) {
  for (const char* id : {"war", "world"}) {
    v1::CreateSectionRequest section;
    section.set_section_id(id);
    section.mutable_section()->set_display_name(id);
    v1::Section created;
    ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateSection, section, &created, editor_), IsOk());
  }
  v1::Article draft = Draft("Crimea");
  draft.add_additional_sections("sections/war");
  v1::Article article = Publish(Create(draft));
  EXPECT_THAT(Events().back().article_published().facts().additional_sections(), ElementsAre("sections/war"));

  article.set_section("sections/world");
  article.set_additional_sections(0, "sections/national");
  Publish(Update(article, {"section", "additional_sections"}));

  const v1::ArticleUpdated updated = Events().back().article_updated();
  EXPECT_EQ(updated.facts().section(), "sections/world");
  EXPECT_THAT(updated.facts().additional_sections(), ElementsAre("sections/national"));
  EXPECT_THAT(updated.former_keys(), ElementsAre("sections/war")) << "national still shows it";
}

TEST_F(PublishingTest, PublishesNothingIfItFailsOnTheWay) {
  const v1::Article article = Create(Draft("Crimea"));
  {
    const failpoint::ScopedFailpoints broken("articles.publish.appended=throw");
    EXPECT_FALSE(TryPublish(article.name(), "*").ok());
  }
  EXPECT_EQ(Get(article.name()).state(), v1::Article::DRAFT);
  EXPECT_THAT(ArticleEvents(), ElementsAre());
  EXPECT_THAT(TryPublish(article.name(), article.etag()), IsOk());
}

}  // namespace
}  // namespace masthead::articles
