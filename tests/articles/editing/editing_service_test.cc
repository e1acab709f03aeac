#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "gmock/gmock.h"
#include "services/articles/article/article_list_store.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ArticlesServiceTest : public Newsroom {};

TEST_F(ArticlesServiceTest, KeepsADraftWithItsBlocksAndTheirNames) {
  v1::Article article = Draft("Crimea");
  auto& text = *article.add_body()->mutable_paragraph()->mutable_text();
  text.set_text("Читати далі");
  v1::Mark& link = *text.add_marks();
  link.set_start(0);
  link.set_end(6);
  link.set_kind(v1::Mark::LINK);
  link.set_href("https://example.org/");
  article.add_body()->mutable_image()->set_uri("https://example.org/a.jpg");
  article.add_body()->mutable_paywall_marker();
  article.mutable_access()->set_level(v1::Access::PLANS);
  article.mutable_access()->add_plans("tiers/gold");
  article.mutable_breaking_until()->set_seconds(1900000000);
  article.mutable_dateline()->set_place("Kyiv");

  const v1::Article created = Create(article, "crimea");

  EXPECT_EQ(created.name(), "articles/crimea");
  EXPECT_EQ(created.state(), v1::Article::DRAFT);
  EXPECT_EQ(created.slug(), "crimea");
  EXPECT_EQ(created.url_path(), "/en/crimea");
  EXPECT_EQ(created.revision(), 1);
  EXPECT_EQ(created.word_count(), 1 + 2 + 2 + 2);
  std::set<std::string> ids;
  for (const v1::Block& block : created.body()) ids.insert(block.block_id());
  EXPECT_THAT(ids, SizeIs(4));
  EXPECT_EQ(Get(created.name()).SerializeAsString(), created.SerializeAsString());
}

TEST_F(ArticlesServiceTest, NamesEverythingThatIsWrongAtOnce) {
  v1::Article article;
  article.set_headline(std::string("a\0b", 3));
  article.set_section("tags/x");
  article.set_slug("Not A Slug");
  article.add_body();
  article.mutable_access()->set_level(static_cast<v1::Access::Level>(99));

  const grpc::Status status = TryCreate(article);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  for (const char* field : {"article.headline", "article.section", "article.slug", "article.body[0]",
                            "article.access.level", "article.language_code"}) {
    EXPECT_THAT(status.error_details(), HasSubstr(field));
  }
}

TEST_F(ArticlesServiceTest, RefusesReferencesToNothing) {
  v1::Article article = Draft("Crimea");
  article.set_section("sections/nowhere");
  article.add_tags("tags/nothing");
  article.add_bylines()->set_contributor("contributors/nobody");

  const grpc::Status status = TryCreate(article);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  for (const char* field : {"article.section", "article.tags[0]", "article.bylines[1].contributor"}) {
    EXPECT_THAT(status.error_details(), HasSubstr(field));
  }
}

TEST_F(ArticlesServiceTest, RefusesBlocksThatLeadToNothing) {
  v1::Article article = Draft("Crimea");
  article.add_body()->mutable_related()->add_articles("articles/nothing");
  v1::Gate& gate = *article.add_body()->mutable_gate();
  gate.set_audience(v1::Gate::MEMBERS);
  gate.add_blocks()->mutable_live_coverage()->set_live_coverage("liveCoverages/none");

  const grpc::Status status = TryCreate(article);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  for (const char* field :
       {"article.body[1].related.articles[0]", "article.body[2].gate.blocks[0].live_coverage.live_coverage"}) {
    EXPECT_THAT(status.error_details(), HasSubstr(field));
  }
}

TEST_F(ArticlesServiceTest, RefusesABodyThatIsTooLarge) {
  v1::Article article = Draft("Crimea");
  for (int i = 0; i < 60; ++i)
    article.add_body()->mutable_paragraph()->mutable_text()->set_text(std::string(19000, 'a'));

  EXPECT_THAT(TryCreate(article), StatusIs(absl::StatusCode::kResourceExhausted, "BODY_TOO_LARGE"));
}

TEST_F(ArticlesServiceTest, SavesABodyOfAllItMayHold) {
  v1::Article article = Draft("Crimea");
  for (int i = 0; i < 1999; ++i)
    article.add_body()->mutable_paragraph()->mutable_text()->set_text(std::string(490, 'a') + " b");

  const v1::Article created = Create(article);

  EXPECT_EQ(created.body_size(), 2000);
}

TEST_F(ArticlesServiceTest, MakesEachSaveARevision) {
  v1::Article article = Create(Draft("One"));
  article.set_headline("Two");
  article = Update(article, {"headline"});
  EXPECT_EQ(article.revision(), 2);

  v1::GetArticleRevisionRequest request;
  request.set_name(article.name() + "/revisions/1");
  v1::ArticleRevision revision;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::GetArticleRevision, request, &revision), IsOk());
  EXPECT_EQ(revision.snapshot().headline(), "One");
  EXPECT_EQ(revision.editor(), "staffMembers/test-staff");
  request.set_name(article.name() + "/revisions/latest");
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::GetArticleRevision, request, &revision), IsOk());
  EXPECT_EQ(revision.snapshot().headline(), "Two");
  request.set_name(article.name() + "/revisions/3");
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::GetArticleRevision, request, &revision),
              StatusIs(absl::StatusCode::kNotFound, "REVISION_NOT_FOUND"));

  v1::ListArticleRevisionsRequest list;
  list.set_parent(article.name());
  list.set_page_size(1);
  v1::ListArticleRevisionsResponse page;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ListArticleRevisions, list, &page), IsOk());
  EXPECT_EQ(page.article_revisions(0).name(), article.name() + "/revisions/2");
  list.set_page_token(page.next_page_token());
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ListArticleRevisions, list, &page), IsOk());
  EXPECT_EQ(page.article_revisions(0).name(), article.name() + "/revisions/1");
  EXPECT_THAT(page.next_page_token(), IsEmpty());
}

TEST_F(ArticlesServiceTest, WritesNothingWhenNothingChanges) {
  const v1::Article created = Create(Draft("One"));
  v1::Article same = created;
  for (v1::Block& block : *same.mutable_body()) block.clear_block_id();

  const v1::Article updated = Update(same, {"*"});

  EXPECT_EQ(updated.etag(), created.etag());
  EXPECT_EQ(updated.SerializeAsString(), created.SerializeAsString());
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM article_revisions"), "1");
}

TEST_F(ArticlesServiceTest, LosesNoUpdateToAnotherEditor) {
  const v1::Article created = Create(Draft("One"));
  std::atomic<int> saved = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> editors;
  for (int i = 0; i < 8; ++i) {
    editors.emplace_back([&, i] {
      v1::Article mine = created;
      mine.set_headline("Headline of " + std::to_string(i));
      const grpc::Status status = TryUpdate(mine, {"headline"});
      if (status.ok()) ++saved;
      if (!status.ok() && masthead::ErrorReason(testing::ToStatus(status)) == "ETAG_MISMATCH") ++refused;
    });
  }
  for (std::thread& editor : editors) editor.join();

  EXPECT_EQ(saved, 1);
  EXPECT_EQ(refused, 7);
  EXPECT_EQ(Get(created.name()).revision(), 2);
}

TEST_F(ArticlesServiceTest, NeedsTheEtag) {
  v1::Article article = Create(Draft("One"));
  article.clear_etag();
  EXPECT_THAT(TryUpdate(article, {"headline"}), StatusIs(absl::StatusCode::kInvalidArgument, "ETAG_REQUIRED"));
  EXPECT_THAT(TryPublish(article.name(), ""), StatusIs(absl::StatusCode::kInvalidArgument, "ETAG_REQUIRED"));
  EXPECT_THAT(TryPublish(article.name(), "\"77\""), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST_F(ArticlesServiceTest, LeavesOutputOnlyFieldsAlone) {
  v1::Article article = Draft("One");
  article.set_state(v1::Article::PUBLISHED);
  article.set_published_revision(7);
  article.mutable_publish_time()->set_seconds(1);

  const v1::Article created = Create(article);

  EXPECT_EQ(created.state(), v1::Article::DRAFT);
  EXPECT_FALSE(created.has_publish_time());
  EXPECT_THAT(EventTypes(), ::testing::Not(::testing::Contains("article.published")));
}

TEST_F(ArticlesServiceTest, RefusesATakenId) {
  Create(Draft("One"), "crimea");
  v1::CreateArticleRequest request;
  *request.mutable_article() = Draft("Two");
  request.set_article_id("crimea");
  v1::Article created;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::CreateArticle, request, &created),
              StatusIs(absl::StatusCode::kAlreadyExists, "ARTICLE_ID_TAKEN"));
}

TEST_F(ArticlesServiceTest, AnswersARepeatedCreateOnce) {
  v1::CreateArticleRequest request;
  *request.mutable_article() = Draft("One");
  request.set_request_id("0190a8d2-0000-7000-8000-000000000001");
  v1::Article first;
  v1::Article second;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::CreateArticle, request, &first), IsOk());
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::CreateArticle, request, &second), IsOk());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM articles"), "1");

  request.mutable_article()->set_headline("Another");
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::CreateArticle, request, &second),
              StatusIs(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
}

TEST_F(ArticlesServiceTest, ChangesNothingWhenOnlyAskedToValidate) {
  v1::CreateArticleRequest request;
  *request.mutable_article() = Draft("One");
  request.set_validate_only(true);
  v1::Article created;

  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::CreateArticle, request, &created), IsOk());

  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM articles"), "0");
}

TEST_F(ArticlesServiceTest, ListsTheLatestFirstEachOnce) {
  for (int i = 0; i < 5; ++i) Create(Draft("Story " + std::to_string(i)), "story-" + std::to_string(i));
  v1::ListArticlesRequest request;
  request.set_page_size(2);
  std::vector<std::string> names;
  do {
    v1::ListArticlesResponse page;
    ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page), IsOk());
    for (const v1::Article& article : page.articles()) {
      names.push_back(article.name());
      EXPECT_THAT(article.body(), IsEmpty());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());

  EXPECT_THAT(names, ElementsAre("articles/story-4", "articles/story-3", "articles/story-2", "articles/story-1",
                                 "articles/story-0"));
}

TEST_F(ArticlesServiceTest, FiltersByState) {
  Publish(Create(Draft("One"), "one"));
  Create(Draft("Two"), "two");
  v1::ListArticlesRequest request;
  request.set_filter("state = PUBLISHED AND section = \"sections/national\" AND language_code = en");
  v1::ListArticlesResponse page;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page), IsOk());
  ASSERT_EQ(page.articles_size(), 1);
  EXPECT_EQ(page.articles(0).name(), "articles/one");

  request.set_page_token("forged");
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page),
              StatusIs(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN"));
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ArticlesServiceTest, SaysHowManyThereAreOnlyIfAsked) {
  for (const char* id : {"one", "two", "three"}) Create(Draft(id), id);
  Publish(Create(Draft("four"), "four"));
  v1::ListArticlesRequest request;
  request.set_page_size(1);
  request.set_filter("state = DRAFT");
  v1::ListArticlesResponse page;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page), IsOk());
  EXPECT_EQ(page.total_size_estimate(), 0);

  request.set_estimate_total_size(true);
  for (int number = 1; number <= 3; ++number) {
    ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page), IsOk());
    EXPECT_EQ(page.total_size_estimate(), 3) << "on page " << number;
    request.set_page_token(page.next_page_token());
  }

  const auto filter = filter::Filter::Parse("state = DRAFT", ArticleFields());
  ASSERT_THAT(filter, IsOk());
  EXPECT_THAT(postgres_.database().Read(
                  {.deadline = absl::Now() + absl::Seconds(10)},
                  [&](db::Transaction& tx) { return absl::StatusOr<int>(CountArticles(tx, *filter, 2)); }),
              IsOkAndHolds(2));
}

TEST_F(ArticlesServiceTest, ListsInEveryOrderEachOnceAndUndoesItTheOtherWay) {
  for (const char* headline : {"Єва", "Енергія", "Яна", "Ґава", "Гора"}) {
    v1::Article draft = Draft(headline);
    draft.set_urgency(std::string(headline).size() % 3);
    Create(draft);
  }
  Publish(Create(Draft("Published"), "published"));
  for (const std::string field :
       {"create_time", "publish_time", "content_update_time", "update_time", "urgency", "headline"}) {
    std::map<std::string, std::vector<std::string>> listed;
    for (const std::string direction : {"", " desc"}) {
      v1::ListArticlesRequest request;
      request.set_page_size(2);
      request.set_order_by(field + direction);
      do {
        v1::ListArticlesResponse page;
        ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page), IsOk());
        for (const v1::Article& article : page.articles()) listed[direction].push_back(article.headline());
        request.set_page_token(page.next_page_token());
      } while (!request.page_token().empty());
    }
    EXPECT_EQ(listed[""].size(), 6U) << field;
    EXPECT_EQ(std::vector<std::string>(listed[" desc"].rbegin(), listed[" desc"].rend()), listed[""]) << field;
    if (field == "publish_time") {
      EXPECT_EQ(listed[""].front(), "Published");
    }
    if (field == "headline") {
      // The order of all languages at once: ґ is a г until all else is equal.
      EXPECT_THAT(listed[""], ElementsAre("Published", "Ґава", "Гора", "Енергія", "Єва", "Яна"));
    }
  }
}

TEST_F(ArticlesServiceTest, FiltersByWhatTheNewsroomKnows) {
  v1::Article draft = Draft("Світло у Харкові");
  draft.set_urgency(2);
  draft.set_type(v1::Article::ANALYSIS);
  draft.set_language_code("uk");
  draft.mutable_access()->set_level(v1::Access::REGISTERED);
  Create(draft, "light");
  Create(Draft("Other"), "other");
  const auto names = [&](const std::string& filter) {
    v1::ListArticlesRequest request;
    request.set_filter(filter);
    v1::ListArticlesResponse page;
    EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page), IsOk()) << filter;
    std::vector<std::string> listed;
    for (const v1::Article& article : page.articles()) listed.push_back(article.name());
    return listed;
  };
  for (const char* filter :
       {"headline:харкові", "urgency >= 1 AND urgency < 5", "type = ANALYSIS", "language_code != en",
        "access.level = REGISTERED", "-access.level = PUBLIC", "state = DRAFT urgency = 2", "NOT headline:other"}) {
    EXPECT_THAT(names(filter), ElementsAre("articles/light")) << filter;
  }
  EXPECT_THAT(names("publish_time:* OR schedule.publish_time:*"), IsEmpty());
  EXPECT_THAT(names("byline:contributors/news-desk digital_source = HUMAN breaking = false"), SizeIs(2));
  EXPECT_THAT(names("tags:tags/war OR places:places/kyiv OR additional_sections:sections/war"), IsEmpty());
}

TEST_F(ArticlesServiceTest, BindsPageTokensToFilterAndOrder) {
  for (int i = 0; i < 3; ++i) Create(Draft("Story"));
  v1::ListArticlesRequest request;
  request.set_page_size(1);
  request.set_filter("state = DRAFT");
  v1::ListArticlesResponse page;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page), IsOk());
  request.set_page_token(page.next_page_token());
  request.set_page_size(2);
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page), IsOk());
  request.set_order_by("headline");
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page),
              StatusIs(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN"));
  request.clear_order_by();
  request.set_filter("state != DRAFT");
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &page),
              StatusIs(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN"));
}

TEST_F(ArticlesServiceTest, DeletesADraftAndFreesItsSlug) {
  const v1::Article article = Create(Draft("Crimea"));
  v1::DeleteArticleRequest request;
  request.set_name(article.name());
  request.set_etag(article.etag());
  v1::Article deleted;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::DeleteArticle, request, &deleted), IsOk());
  EXPECT_TRUE(deleted.has_delete_time());

  v1::GetArticleRequest get;
  get.set_name(article.name());
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::GetArticle, get, &deleted),
              StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_EQ(Create(Draft("Crimea")).slug(), "crimea");
}

TEST_F(ArticlesServiceTest, AdmitsOnlyThoseWhoMay) {
  const v1::Article article = Create(Draft("Crimea"));
  v1::PublishArticleRequest request;
  request.set_name(article.name());
  request.set_etag("*");
  v1::Article published;
  const auto publish_as = [&](const std::string& token) {
    return Call(*editing_, &v1::ArticlesService::Stub::PublishArticle, request, &published, token);
  };
  EXPECT_THAT(publish_as(""), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(publish_as(server_.MemberToken("members/one", {"tiers/gold"})),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(publish_as(server_.StaffToken({"reporter"})), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(publish_as(server_.BackendToken({"articles.read"})), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(publish_as(server_.BackendToken({"articles.write"})), IsOk());
}

}  // namespace
}  // namespace masthead::articles
