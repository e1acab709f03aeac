// Bringing archives in, through the front door.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/errors.h"
#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/articles/exchange/archives.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using Importing = Archives;

int Lost(const v1::ImportedItem& item, const std::string& kind) {
  for (const v1::ImportLoss& loss : item.losses()) {
    if (loss.kind() == kind) return loss.count();
  }
  return 0;
}

TEST_F(Importing, KeepsTimesSlugsAndAlternativeIdsAndTellsNobody) {
  const Imported imported = Archives::Import(
      GhostSettings(), GhostFile({GhostPost("1", "A storm", "the-storm", "<p>Sea.</p><script>x</script>")}), 10);
  ASSERT_THAT(imported.status, IsOk());
  ASSERT_THAT(imported.Outcomes(), ElementsAre("CREATED"));
  EXPECT_EQ(Lost(imported.items[0], "script"), 1);
  EXPECT_EQ(imported.summary.created(), 1);

  const v1::Article article = Get(imported.items[0].name());
  EXPECT_EQ(article.etag(), imported.items[0].etag());
  EXPECT_EQ(article.state(), v1::Article::PUBLISHED);
  EXPECT_EQ(article.slug(), "the-storm");
  EXPECT_EQ(article.bylines(0).contributor(), "contributors/ada");
  EXPECT_EQ(article.section(), "sections/national");
  EXPECT_EQ(absl::FormatTime(TimeOf(article.publish_time()), absl::UTCTimeZone()), "2023-05-02T09:30:00+00:00");
  EXPECT_EQ(absl::FormatTime(TimeOf(article.create_time()), absl::UTCTimeZone()), "2023-05-01T08:00:00+00:00");
  EXPECT_EQ(article.content_update_time().seconds(), article.publish_time().seconds());

  v1::ReadArticleResponse read;
  EXPECT_THAT(Read("/en/the-storm", &read), IsOk());
  EXPECT_TRUE(read.access().granted());
  int published = 0;
  for (const v1::Event& event : Events()) {
    if (event.type() != "article.published") continue;
    ++published;
    EXPECT_TRUE(event.article_published().imported());
    EXPECT_TRUE(event.article_published().first_publication());
  }
  EXPECT_EQ(published, 1);
}

TEST_F(Importing, RepeatedChangesNothing) {
  const std::string file =
      GhostFile({GhostPost("1", "One", "one", "<p>See <a href=\"https://old.example/two/\">two</a>.</p>"),
                 GhostPost("2", "Two", "two", "<p>Second.</p>", R"({"status":"draft"})"),
                 GhostPost("3", "Three", "three", "<p>Later.</p>",
                           R"({"status":"scheduled","published_at":"2099-01-01T00:00:00.000Z"})")});
  const Imported first = Archives::Import(GhostSettings(), file);
  ASSERT_THAT(first.status, IsOk());
  EXPECT_THAT(first.Outcomes(), ElementsAre("CREATED", "CREATED", "CREATED"));
  EXPECT_EQ(first.summary.relinked(), 1);
  std::vector<std::string> before;
  for (const v1::ImportedItem& item : first.items) before.push_back(Get(item.name()).SerializeAsString());
  const size_t events = Events().size();

  const Imported second = Archives::Import(GhostSettings(), file);
  EXPECT_THAT(second.Outcomes(), ElementsAre("UNCHANGED", "UNCHANGED", "UNCHANGED"));
  EXPECT_EQ(second.summary.relinked(), 0);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(Get(second.items[i].name()).SerializeAsString(), before[i]);
    EXPECT_EQ(second.items[i].etag(), Get(second.items[i].name()).etag());
  }
  EXPECT_THAT(Events(), SizeIs(events));
  EXPECT_EQ(Find("ghost", "u-2").state(), v1::Article::DRAFT);
  EXPECT_EQ(Find("ghost", "u-3").state(), v1::Article::SCHEDULED);
}

TEST_F(Importing, LeadsInternalLinksToTheirNewPlacesOnceAllAreThere) {
  const Imported imported = Archives::Import(
      GhostSettings(),
      GhostFile({GhostPost("1", "One", "one",
                           "<p><a href=\"/two/#part\">two</a> <a href=\"https://old.example/nowhere/\">gone</a> "
                           "<a href=\"https://else.example/two/\">else</a></p>"),
                 GhostPost("2", "Two", "two", "<p>Back to <a href=\"__GHOST_URL__/one/\">one</a>.</p>")}));
  ASSERT_THAT(imported.status, IsOk());
  EXPECT_EQ(imported.summary.relinked(), 2);
  const v1::Article one = Find("ghost", "u-1");
  const auto& marks = one.body(0).paragraph().text().marks();
  ASSERT_EQ(marks.size(), 3);
  EXPECT_EQ(marks[0].href(), "https://news.example/en/two#part");
  EXPECT_EQ(marks[1].href(), "https://old.example/nowhere/");
  EXPECT_EQ(marks[2].href(), "https://else.example/two/");
  EXPECT_EQ(one.published_revision(), one.revision());
  v1::ReadArticleResponse read;
  EXPECT_THAT(Read("/en/two", &read), IsOk());
  EXPECT_EQ(read.article().body(0).paragraph().text().marks(0).href(), "https://news.example/en/one");
}

TEST_F(Importing, FollowsItsSourceUntilSomebodyEditsHere) {
  const auto file = [](const std::string& words) {
    return GhostFile({GhostPost("1", "One", "one", absl::StrCat("<p>", words, "</p>"))});
  };
  Archives::Import(GhostSettings(), file("First."));
  const Imported updated = Archives::Import(GhostSettings(), file("Second."));
  EXPECT_THAT(updated.Outcomes(), ElementsAre("UPDATED"));
  v1::Article article = Find("ghost", "u-1");
  EXPECT_EQ(article.body(0).paragraph().text().text(), "Second.");
  EXPECT_EQ(article.slug(), "one");
  EXPECT_EQ(article.published_revision(), 2);

  article.set_dek("Edited here.");
  Update(article, {"dek"});
  const Imported third = Archives::Import(GhostSettings(), file("Third."));
  EXPECT_THAT(third.Outcomes(), ElementsAre("SKIPPED"));
  EXPECT_THAT(third.items[0].message(), HasSubstr("edited here"));
  EXPECT_EQ(Find("ghost", "u-1").dek(), "Edited here.");
}

TEST_F(Importing, RefusesOneItemAndGoesOnWithTheOthers) {
  const std::string huge(3 << 20, 'x');
  const Imported imported = Archives::Import(
      GhostSettings(),
      GhostFile({GhostPost("1", "Huge", "huge", huge), GhostPost("2", "Same", "same", "<p>a</p>"),
                 GhostPost("3", "Same", "same", "<p>b</p>"), GhostPost("4", "Empty", "empty", ""),
                 GhostPost("5", "", "no-title", "<p>c</p>"),
                 GhostPost("6", "Page", "page", "<p>d</p>", R"({"type":"page"})"),
                 GhostPost("7", "Deep", "deep", absl::StrReplaceAll(std::string(5000, 'x'), {{"x", "<div>"}}))}));
  ASSERT_THAT(imported.status, IsOk());
  EXPECT_THAT(imported.Outcomes(),
              ElementsAre("REFUSED", "CREATED", "CREATED", "CREATED", "REFUSED", "SKIPPED", "REFUSED"));
  EXPECT_EQ(imported.items[0].reason(), "BODY_TOO_LARGE");
  EXPECT_EQ(Lost(imported.items[2], "slug as it was"), 1);
  EXPECT_EQ(Find("ghost", "u-3").slug(), "same-2");
  EXPECT_EQ(imported.items[4].reason(), "PUBLISH_CHECKS_FAILED");
  EXPECT_EQ(imported.items[6].reason(), "BODY_TOO_LARGE");
  EXPECT_EQ(imported.summary.refused(), 3);
}

TEST_F(Importing, OnlyToLookWritesNothing) {
  v1::ImportArticlesRequest settings = GhostSettings();
  settings.set_validate_only(true);
  const Imported imported = Archives::Import(
      settings, GhostFile({GhostPost("1", "One", "one", "<p>x</p><iframe src=\"//evil.example\"></iframe>")}));
  EXPECT_THAT(imported.Outcomes(), ElementsAre("CREATED"));
  EXPECT_EQ(Lost(imported.items[0], "embed"), 1);
  v1::ListArticlesResponse none;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, v1::ListArticlesRequest(), &none), IsOk());
  EXPECT_THAT(none.articles(), IsEmpty());
  EXPECT_THAT(EventTypes(), Not(Contains("article.published")));
}

TEST_F(Importing, ThatBreaksOffIsResumedBySendingTheFileAgain) {
  std::vector<std::string> posts;
  for (int i = 0; i < 20; ++i) {
    posts.push_back(GhostPost(absl::StrCat(i), absl::StrCat("Post ", i), absl::StrCat("post-", i), "<p>x</p>"));
  }
  for (const char* point : {"articles.import.written=throw@8", "articles.import.received=throw@1",
                            "idempotency.before_commit=throw@3", "db.commit=done_then_throw@9"}) {
    const failpoint::ScopedFailpoints armed(point);
    Archives::Import(GhostSettings(), GhostFile(posts));
  }
  const Imported again = Archives::Import(GhostSettings(), GhostFile(posts));
  ASSERT_THAT(again.status, IsOk());
  EXPECT_EQ(again.summary.created() + again.summary.unchanged(), 20);
  EXPECT_GT(again.summary.unchanged(), 6);
  EXPECT_THAT(ArticleEvents(), SizeIs(20));
  EXPECT_THAT(Archives::Import(GhostSettings(), GhostFile(posts)).Outcomes(), Each(std::string("UNCHANGED")));
}

TEST_F(Importing, OfWordPressMakesSectionsTagsAndBylines) {
  v1::ImportArticlesRequest settings = GhostSettings();
  settings.set_format(v1::ImportArticlesRequest::WXR);
  settings.clear_site_uri();
  const std::string file =
      R"xml(<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:base_site_url>https://old.example</wp:base_site_url>
    <wp:category><wp:category_nicename>region</wp:category_nicename><wp:cat_name>Region</wp:cat_name></wp:category>
    <wp:category><wp:category_nicename>odesa</wp:category_nicename><wp:category_parent>region</wp:category_parent><wp:cat_name>Odesa</wp:cat_name></wp:category>
    <item><title>Port</title><link>https://old.example/2019/port/</link><dc:creator>olena.k</dc:creator><wp:post_id>5</wp:post_id>
    <wp:post_date_gmt>2019-05-04 10:00:00</wp:post_date_gmt><wp:post_name>port</wp:post_name><wp:status>publish</wp:status>
    <wp:post_type>post</wp:post_type><content:encoded><![CDATA[<p>See <a href="/2019/port/">this</a>.</p>]]></content:encoded>
    <category domain="category" nicename="odesa">Odesa</category><category domain="post_tag" nicename="sea">Sea</category></item>
    <item><title>Pages</title><wp:post_type>page</wp:post_type></item></channel></rss>)xml";
  const Imported imported = Archives::Import(settings, file, 100);
  ASSERT_THAT(imported.status, IsOk());
  EXPECT_THAT(imported.Outcomes(), ElementsAre("CREATED", "SKIPPED"));
  const v1::Article article = Find("wordpress", "old.example/5");
  EXPECT_EQ(article.section(), "sections/odesa");
  EXPECT_THAT(article.tags(), ElementsAre("tags/sea"));
  EXPECT_EQ(article.bylines(0).contributor(), "contributors/olena-k");
  EXPECT_EQ(article.body(0).paragraph().text().marks(0).href(), "https://news.example/en/port");
  EXPECT_THAT(EventTypes(), Contains("section.created"));
  EXPECT_THAT(EventTypes(), Contains("tag.created"));
  EXPECT_THAT(Archives::Import(settings, file).Outcomes(), ElementsAre("UNCHANGED", "SKIPPED"));
}

TEST_F(Importing, RefusesAFileOfAnotherFormatAndSettingsThatAreWrong) {
  EXPECT_EQ(ErrorReason(Archives::Import(GhostSettings(), "<rss/>").status), "IMPORT_MALFORMED");
  EXPECT_EQ(ErrorReason(Archives::Import(GhostSettings(), R"({"db":[{"data":{"posts":[)").status), "IMPORT_MALFORMED");
  EXPECT_EQ(ErrorReason(Archives::Import({}, "{}").status), "INVALID_FIELD");
  v1::ImportArticlesRequest settings = GhostSettings();
  settings.set_section("sections/none");
  EXPECT_EQ(ErrorReason(Archives::Import(settings, "{}").status), "INVALID_FIELD");
  settings = GhostSettings();
  settings.set_language_code("");
  EXPECT_EQ(ErrorReason(Archives::Import(settings, "{}").status), "INVALID_FIELD");
}

TEST_F(Importing, OfADeletedArticleDoesNotBringItBack) {
  const std::string file = GhostFile({GhostPost("1", "One", "one", "<p>x</p>", R"({"status":"draft"})")});
  Archives::Import(GhostSettings(), file);
  v1::DeleteArticleRequest gone;
  gone.set_name(Find("ghost", "u-1").name());
  gone.set_etag("*");
  v1::Article deleted;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::DeleteArticle, gone, &deleted), IsOk());
  EXPECT_THAT(Archives::Import(GhostSettings(), file).Outcomes(), ElementsAre("SKIPPED"));
}

}  // namespace
}  // namespace masthead::articles
