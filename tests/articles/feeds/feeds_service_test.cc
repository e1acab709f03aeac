#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "masthead/articles/v1/corrections_service.grpc.pb.h"
#include "masthead/articles/v1/curated_lists_service.grpc.pb.h"
#include "masthead/articles/v1/feeds_service.grpc.pb.h"
#include "masthead/articles/v1/live_coverage_service.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "pugixml.hpp"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Format = v1::RenderFeedRequest;
using Json = nlohmann::json;

constexpr v1::RenderFeedRequest::Format kFormats[] = {Format::RSS, Format::ATOM, Format::JSON_FEED, Format::NINJS};

class FeedsTest : public Newsroom {
 protected:
  using Stub = v1::FeedsService::Stub;

  grpc::Status Try(const v1::RenderFeedRequest& request, v1::RenderedDocument* rendered) {
    return Call(*feeds_, &Stub::RenderFeed, request, rendered, "");
  }
  v1::RenderedDocument Feed(v1::RenderFeedRequest request) {
    v1::RenderedDocument rendered;
    EXPECT_THAT(Try(request, &rendered), IsOk());
    return rendered;
  }
  v1::RenderedDocument Feed(v1::RenderFeedRequest::Format format) {
    v1::RenderFeedRequest request;
    request.set_format(format);
    return Feed(request);
  }
  std::string Text(v1::RenderFeedRequest::Format format) { return Feed(format).document().text(); }
  Json JsonFeed() { return Json::parse(Text(Format::JSON_FEED)); }

  v1::RenderedDocument Sitemap(const std::string& page = "") {
    v1::RenderSitemapRequest request;
    request.set_page(page);
    v1::RenderedDocument rendered;
    EXPECT_THAT(Call(*feeds_, &Stub::RenderSitemap, request, &rendered, ""), IsOk());
    return rendered;
  }
  std::string News() {
    v1::RenderedDocument rendered;
    EXPECT_THAT(Call(*feeds_, &Stub::RenderNewsSitemap, v1::RenderNewsSitemapRequest(), &rendered, ""), IsOk());
    return rendered.document().text();
  }
  std::string JsonLdText(const std::string& name) {
    v1::RenderJsonLdRequest request;
    request.set_name(name);
    v1::RenderedDocument rendered;
    EXPECT_THAT(Call(*feeds_, &Stub::RenderJsonLd, request, &rendered, ""), IsOk());
    return rendered.document().text();
  }
  Json JsonLd(const std::string& name) { return Json::parse(JsonLdText(name)); }

  v1::Article PublishNew(const std::string& headline) { return Publish(Create(Draft(headline))); }

  void Correct(const std::string& name, const std::string& text) {
    const auto corrections = v1::CorrectionsService::NewStub(channel_);
    v1::CreateCorrectionRequest request;
    request.set_parent(name);
    request.set_article_etag("*");
    request.mutable_correction()->set_kind(v1::Correction::CORRECTION);
    request.mutable_correction()->mutable_text()->set_text(text);
    v1::Correction correction;
    EXPECT_THAT(Call(*corrections, &v1::CorrectionsService::Stub::CreateCorrection, request, &correction, editor_),
                IsOk());
  }
  void Retract(const std::string& name, const std::string& notice) {
    v1::RetractArticleRequest request;
    request.set_name(name);
    request.set_etag("*");
    request.set_notice(notice);
    v1::Article retracted;
    EXPECT_THAT(Edit(&v1::ArticlesService::Stub::RetractArticle, request, &retracted), IsOk());
  }
  // As if readers first had it so long ago.
  void Age(const v1::Article& article, absl::Duration age) {
    const std::string time = absl::StrCat("db_now() - interval '", absl::ToInt64Seconds(age), " seconds'");
    const std::string id = article.name().substr(article.name().find('/') + 1);
    postgres_.Execute(absl::StrCat("UPDATE articles SET publish_time = ", time, " WHERE id = '", id, "'"));
    postgres_.Execute(
        absl::StrCat("UPDATE published_articles SET publish_time = ", time, " WHERE article_id = '", id, "'"));
  }

  v1::Article Gated(const std::string& headline) {
    v1::Article article = Draft(headline);
    article.mutable_access()->set_level(v1::Access::MEMBERS);
    article.add_body()->mutable_paywall_marker();
    article.add_body()->mutable_paragraph()->mutable_text()->set_text("Members read secretword.");
    return article;
  }
  // One that has much to be escaped, pictures with words of their own, and what must not leave.
  v1::Article Rich() {
    v1::Article article = Draft("Bridges ]]> & <i>fords</i> </script><script>alert(1)</script>");
    v1::Image& lead = *article.mutable_lead_image();
    lead.set_uri("https://img.example/lead.jpg?a=1&b=2");
    lead.set_alt("A bridge of \"stone\"");
    lead.set_caption("The bridge in May");
    lead.set_credit("O. B.");
    lead.set_width(800);
    lead.set_height(600);
    v1::Image& image = *article.add_body()->mutable_image();
    image.set_uri("https://img.example/ford.jpg");
    image.set_alt("A ford at dawn");
    v1::Embed& embed = *article.add_body()->mutable_embed();
    embed.set_uri("https://evil.example/frame");
    embed.set_provider("evil");
    v1::RichText& text = *article.add_body()->mutable_paragraph()->mutable_text();
    text.set_text("Перейти ]]> & назад");
    v1::Mark& link = *text.add_marks();
    link.set_end(7);
    link.set_kind(v1::Mark::LINK);
    link.set_href("https://a.example/?x=1&y=2");
    return article;
  }

  std::unique_ptr<Stub> feeds_ = v1::FeedsService::NewStub(channel_);
};

TEST_F(FeedsTest, TellTheLatestFirstInEveryFormat) {
  PublishNew("First story");
  PublishNew("Second story");
  for (const auto format : kFormats) {
    const std::string text = Text(format);
    EXPECT_LT(text.find("Second story"), text.find("First story")) << text;
    EXPECT_THAT(text, AllOf(HasSubstr("First paragraph."), HasSubstr("https://news.example/en/second-story"),
                            HasSubstr("The news desk")));
  }
}

TEST_F(FeedsTest, NameAnItemTheSameWhateverBecomesOfItsAddress) {
  v1::Article article = PublishNew("First story");
  const Json before = JsonFeed()["items"][0];
  article.set_slug("quite-another");
  Publish(Update(article, {"slug"}));
  const Json after = JsonFeed()["items"][0];
  EXPECT_EQ(before["id"], after["id"]);
  EXPECT_EQ(after["id"], article.uid());
  EXPECT_EQ(after["url"], "https://news.example/en/quite-another");
  EXPECT_THAT(Text(Format::RSS), HasSubstr(absl::StrCat("<guid isPermaLink=\"false\">", article.uid(), "</guid>")));
  EXPECT_THAT(Text(Format::ATOM), HasSubstr(absl::StrCat("<id>urn:uuid:", article.uid(), "</id>")));
}

TEST_F(FeedsTest, SpareWhoKeepsTheDocumentItsText) {
  const v1::Article article = PublishNew("First story");
  for (const auto format : kFormats) {
    v1::RenderFeedRequest request;
    request.set_format(format);
    const v1::RenderedDocument first = Feed(request);
    EXPECT_EQ(first.cache().scope(), v1::CachePolicy::PUBLIC);
    EXPECT_GT(first.cache().max_age().seconds(), 0);
    EXPECT_THAT(first.cache().surrogate_keys(), Contains("articles"));
    EXPECT_THAT(first.cache().surrogate_keys(), Contains(article.name()));
    EXPECT_TRUE(first.has_last_modified());
    request.set_if_none_match(first.cache().etag());
    const v1::RenderedDocument again = Feed(request);
    EXPECT_TRUE(again.has_not_modified());
    EXPECT_EQ(again.cache().etag(), first.cache().etag());
    EXPECT_FALSE(again.has_document());
  }
  v1::RenderFeedRequest request;
  request.set_format(Format::RSS);
  request.set_if_none_match(Feed(request).cache().etag());
  PublishNew("Second story");
  EXPECT_TRUE(Feed(request).has_document());
}

TEST_F(FeedsTest, AreOfASectionATagAContributorOrALanguage) {
  v1::CreateTagRequest create;
  create.set_tag_id("rivers");
  create.mutable_tag()->set_display_name("Rivers");
  v1::Tag tag;
  ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateTag, create, &tag, editor_), IsOk());
  v1::CreateSectionRequest culture;
  culture.set_section_id("culture");
  culture.mutable_section()->set_display_name("Culture");
  v1::Section section;
  ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateSection, culture, &section, editor_), IsOk());
  PublishNew("Plain");
  v1::Article tagged = Draft("Tagged");
  tagged.add_tags("tags/rivers");
  tagged.set_section("sections/culture");
  tagged.clear_bylines();
  tagged.add_bylines()->set_contributor("contributors/news-desk");
  Publish(Create(tagged));
  v1::Article ukrainian = Draft("Річки");
  ukrainian.set_language_code("uk");
  Publish(Create(ukrainian));

  const auto headlines = [&](const v1::RenderFeedRequest& request) {
    std::vector<std::string> found;
    const Json feed = Json::parse(Feed(request).document().text());
    for (const Json& item : feed["items"]) found.push_back(item["title"]);
    return found;
  };
  v1::RenderFeedRequest request;
  request.set_format(Format::JSON_FEED);
  EXPECT_THAT(headlines(request), ElementsAre("Річки", "Tagged", "Plain"));
  request.set_page_size(1);
  EXPECT_THAT(headlines(request), ElementsAre("Річки"));
  request.set_page_size(0);
  request.set_contributor("contributors/news-desk");
  EXPECT_THAT(headlines(request), ElementsAre("Річки", "Tagged", "Plain"));
  request.set_language_code("en");
  EXPECT_THAT(headlines(request), ElementsAre("Tagged", "Plain"));
  request.set_tag("tags/rivers");
  EXPECT_THAT(headlines(request), ElementsAre("Tagged"));
  EXPECT_THAT(Feed(request).cache().surrogate_keys(), Contains("tags/rivers"));
  request.set_section("sections/national");
  EXPECT_THAT(headlines(request), ElementsAre("Plain"));
  request.set_section("sections/unknown");
  v1::RenderedDocument rendered;
  EXPECT_THAT(Try(request, &rendered), StatusIs(absl::StatusCode::kNotFound, "SECTION_NOT_FOUND"));
}

TEST_F(FeedsTest, AreOfACuratedListInItsOrder) {
  const auto lists = v1::CuratedListsService::NewStub(channel_);
  const v1::Article first = PublishNew("First story");
  const v1::Article draft = Create(Draft("Draft"));
  const v1::Article second = PublishNew("Second story");
  v1::CreateCuratedListRequest create;
  create.set_curated_list_id("lead");
  create.mutable_curated_list()->set_display_name("Lead");
  create.mutable_curated_list()->set_kind(v1::CuratedList::MANUAL);
  create.mutable_curated_list()->set_max_items(5);
  v1::CuratedList list;
  ASSERT_THAT(Call(*lists, &v1::CuratedListsService::Stub::CreateCuratedList, create, &list, editor_), IsOk());
  v1::UpdateSlotsRequest slots;
  slots.set_name(list.name());
  slots.set_etag(list.etag());
  for (const v1::Article* article : {&first, &draft, &second}) slots.add_slots()->set_article(article->name());
  ASSERT_THAT(Call(*lists, &v1::CuratedListsService::Stub::UpdateSlots, slots, &list, editor_), IsOk());

  v1::RenderFeedRequest request;
  request.set_format(Format::JSON_FEED);
  request.set_curated_list("curatedLists/lead");
  const v1::RenderedDocument rendered = Feed(request);
  const Json feed = Json::parse(rendered.document().text());
  ASSERT_EQ(feed["items"].size(), 2) << "no reader has the draft";
  EXPECT_EQ(feed["items"][0]["title"], "First story");
  EXPECT_EQ(feed["items"][1]["title"], "Second story");
  EXPECT_THAT(rendered.cache().surrogate_keys(), Contains("curatedLists/lead"));

  request.set_language_code("uk");
  EXPECT_EQ(Json::parse(Feed(request).document().text())["items"].size(), 0);
  request.set_curated_list("curatedLists/unknown");
  v1::RenderedDocument refused;
  EXPECT_THAT(Try(request, &refused), StatusIs(absl::StatusCode::kNotFound, "CURATED_LIST_NOT_FOUND"));
}

TEST_F(FeedsTest, ShowThePreviewOfWhatIsNotOpenToAll) {
  const v1::Article gated = Publish(Create(Gated("For members")));
  v1::Article denied = Draft("Not everywhere");
  denied.set_dek("Not for every country.");
  denied.mutable_geo_restriction()->add_deny_country_codes("GB");
  Publish(Create(denied));
  for (const auto format : kFormats) {
    const std::string text = Text(format);
    EXPECT_THAT(text, AllOf(HasSubstr("For members"), HasSubstr("First paragraph."), Not(HasSubstr("secretword"))));
    EXPECT_THAT(text, AllOf(HasSubstr("Not everywhere"), Not(HasSubstr("Not for every country."))));
  }
  const Json json = JsonLd(gated.name());
  EXPECT_EQ(json["isAccessibleForFree"], false);
  EXPECT_EQ(json["hasPart"]["cssSelector"], ".masthead-gated");
  EXPECT_EQ(json["hasPart"]["isAccessibleForFree"], false);
  EXPECT_THAT(json.dump(), Not(HasSubstr("secretword")));
  EXPECT_EQ(JsonLd(PublishNew("Open").name())["isAccessibleForFree"], true);
}

TEST_F(FeedsTest, KeepEachPicturesOwnWordsAndDropWhatMightRun) {
  Publish(Create(Rich()));
  for (const auto format : kFormats) {
    const std::string text = Text(format);
    EXPECT_THAT(text, AllOf(HasSubstr("A ford at dawn"), HasSubstr("The bridge in May"), HasSubstr("O. B."),
                            Not(HasSubstr("evil.example")), Not(HasSubstr("<script>")), Not(HasSubstr("</script"))));
  }
  pugi::xml_document rss;
  ASSERT_TRUE(rss.load_string(Text(Format::RSS).c_str()));
  const pugi::xml_node item = rss.child("rss").child("channel").child("item");
  EXPECT_STREQ(item.child_value("title"), "Bridges ]]> & <i>fords</i> </script><script>alert(1)</script>");
  EXPECT_STREQ(item.child("media:content").child_value("media:description"), "A bridge of \"stone\"");
  EXPECT_STREQ(item.child("media:content").attribute("url").value(), "https://img.example/lead.jpg?a=1&b=2");
  EXPECT_THAT(item.child_value("content:encoded"),
              AllOf(HasSubstr("alt=\"A bridge of &quot;stone&quot;\""), HasSubstr("alt=\"A ford at dawn\""),
                    HasSubstr("<a href=\"https://a.example/?x=1&amp;y=2\">Перейти</a> ]]&gt; &amp; назад")));
}

TEST_F(FeedsTest, TellCorrections) {
  const v1::Article article = PublishNew("First story");
  const Json before = JsonFeed()["items"][0];
  postgres_.Execute("UPDATE articles SET content_update_time = content_update_time - interval '1 hour'");
  Correct(article.name(), "The river is the Desna.");
  const Json after = JsonFeed()["items"][0];
  EXPECT_THAT(after["content_html"].get<std::string>(), HasSubstr("The river is the Desna."));
  EXPECT_EQ(before["date_published"], after["date_published"]);
  EXPECT_GE(after["date_modified"], before["date_modified"]);
  const Json json = JsonLd(article.name());
  EXPECT_EQ(json["correction"][0]["@type"], "CorrectionComment");
  EXPECT_EQ(json["correction"][0]["text"], "The river is the Desna.");
}

TEST_F(FeedsTest, LeaveOfARetractedArticleItsNotice) {
  const v1::Article article = PublishNew("Wrong story");
  PublishNew("Later story");
  Retract(article.name(), "We were wrong.");
  for (const auto format : kFormats) {
    const std::string text = Text(format);
    EXPECT_THAT(text, AllOf(HasSubstr(article.uid()), HasSubstr("We were wrong."), HasSubstr("Later story")));
  }
  const Json item = JsonFeed()["items"][1];
  EXPECT_EQ(item["id"], article.uid());
  EXPECT_THAT(item.dump(), AllOf(Not(HasSubstr("First paragraph.")), Not(HasSubstr("What happened."))));
  EXPECT_EQ(Json::parse(Text(Format::NINJS))[1]["pubStatus"], "canceled");
  const Json json = JsonLd(article.name());
  EXPECT_EQ(json["creativeWorkStatus"], "Retracted");
  EXPECT_EQ(json["correction"][0]["text"], "We were wrong.");
  EXPECT_THAT(News(), Not(HasSubstr("wrong-story")));
}

TEST_F(FeedsTest, GiveEachOfSeveralArticlesItsOwnNoticeAndCorrections) {
  for (const char* id : {"one", "two", "three", "four"}) Publish(Create(Draft(id), id));
  Correct("articles/one", "The first was one.");
  Retract("articles/two", "We were wrong about two.");
  Correct("articles/three", "The third was three.");
  Retract("articles/four", "We were wrong about four.");
  const Json items = JsonFeed()["items"];
  ASSERT_EQ(items.size(), 4);
  const std::vector<std::string> told = {"wrong about four", "third was three", "wrong about two", "first was one"};
  for (size_t item = 0; item < told.size(); ++item) {
    for (const std::string& text : told) {
      EXPECT_EQ(items[item].dump().find(text) != std::string::npos, text == told[item]) << item << ": " << text;
    }
  }
}

TEST_F(FeedsTest, SayNothingOfWhatIsNotPublic) {
  Create(Draft("A draft"));
  v1::Article embargoed = Draft("Under embargo");
  embargoed.mutable_embargo_until()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(1)));
  const v1::Article held = Publish(Create(embargoed));
  const v1::Article withdrawn = PublishNew("Withdrawn");
  ASSERT_THAT(TryUnpublish(withdrawn.name()), IsOk());
  for (const auto format : kFormats) {
    EXPECT_THAT(Text(format), AllOf(Not(HasSubstr("draft")), Not(HasSubstr("embargo")), Not(HasSubstr("Withdrawn"))));
  }
  EXPECT_THAT(News(), AllOf(Not(HasSubstr("embargo")), Not(HasSubstr("withdrawn"))));
  EXPECT_THAT(Sitemap().document().text(), Not(HasSubstr("<loc>")));
  v1::RenderJsonLdRequest request;
  request.set_name(held.name());
  v1::RenderedDocument rendered;
  EXPECT_THAT(Call(*feeds_, &Stub::RenderJsonLd, request, &rendered, ""),
              StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

TEST_F(FeedsTest, FitIntoAMessageHoweverLongTheirArticlesAre) {
  for (int i = 0; i < 6; ++i) {
    v1::Article article = Draft(absl::StrCat("Long ", i));
    for (int j = 0; j < 40; ++j) {
      article.add_body()->mutable_paragraph()->mutable_text()->set_text(std::string(19'000, '&'));
    }
    Publish(Create(article));
  }
  for (const auto format : kFormats) {
    const std::string text = Text(format);
    EXPECT_LT(text.size(), 4u << 20);
    EXPECT_THAT(text, AllOf(HasSubstr("Long 0"), HasSubstr("Long 5"), HasSubstr("What happened.")));
  }
}

TEST_F(FeedsTest, MakeASitemapByMonths) {
  v1::Article first = PublishNew("First story");
  v1::Article hidden = Draft("Hidden story");
  hidden.mutable_seo()->set_no_index(true);
  Publish(Create(hidden));
  v1::Article elsewhere = Draft("Story elsewhere");
  elsewhere.mutable_seo()->set_canonical_uri("https://other.example/story");
  Publish(Create(elsewhere));
  postgres_.Execute("UPDATE articles SET publish_time = '2024-02-29T23:59:59Z'");
  const v1::Article next = PublishNew("Next month");
  postgres_.Execute(
      absl::StrCat("UPDATE articles SET publish_time = '2024-03-01T00:00:00Z' WHERE uid = '", next.uid(), "'"));
  EXPECT_THAT(Sitemap().document().text(), AllOf(HasSubstr("<loc>https://news.example/sitemaps/2024-02.xml</loc>"),
                                                 HasSubstr("<loc>https://news.example/sitemaps/2024-03.xml</loc>")));
  const std::string page = Sitemap("2024-02").document().text();
  EXPECT_THAT(page, AllOf(HasSubstr("<loc>https://news.example/en/first-story</loc>"), HasSubstr("<lastmod>"),
                          Not(HasSubstr("hidden")), Not(HasSubstr("elsewhere")), Not(HasSubstr("next-month"))));
  EXPECT_THAT(Sitemap("2024-03").document().text(), HasSubstr("next-month"));
  for (const std::string wrong :
       {"2024-04", "2024-2", "2024-02-1", "2024-02-2", "2024-13", "x", "2024-02-99999999999"}) {
    v1::RenderSitemapRequest request;
    request.set_page(wrong);
    v1::RenderedDocument rendered;
    EXPECT_THAT(Call(*feeds_, &Stub::RenderSitemap, request, &rendered, ""),
                StatusIs(absl::StatusCode::kNotFound, "SITEMAP_PAGE_NOT_FOUND"))
        << wrong;
  }
}

TEST_F(FeedsTest, CallNewsWhatReadersFirstHadInTheLast48Hours) {
  v1::Article old = PublishNew("Old story");
  const v1::Article recent = PublishNew("Recent story");
  Age(old, absl::Hours(48) + absl::Seconds(5));
  Age(recent, absl::Hours(48) - absl::Minutes(2));
  // An update makes no news of it.
  Publish(Update(old, {"headline"}), /*substantive=*/true);
  const std::string news = News();
  EXPECT_THAT(news, AllOf(HasSubstr("recent-story"), Not(HasSubstr("old-story"))));
  EXPECT_THAT(news, AllOf(HasSubstr("<news:name>The Paper</news:name>"), HasSubstr("<news:language>en</news:language>"),
                          HasSubstr("<news:title>Recent story</news:title>")));
}

TEST_F(FeedsTest, TellAtMostAThousandNews) {
  PublishNew("The story");
  postgres_.Execute(R"sql(
    INSERT INTO articles (id, uid, language_code, state, version, revision, section_id, published_revision, published_slug, publish_time,
                          content_update_time, create_time, update_time)
    SELECT 'copy-' || n, 'copy-' || n, language_code, state, version, revision, section_id, published_revision, 'copy-' || n,
           publish_time - interval '1 second' * n, content_update_time, create_time, update_time
    FROM articles, generate_series(1, 1005) AS n;
    INSERT INTO article_revisions (article_id, revision, head, body, word_count, editor, create_time)
    SELECT 'copy-' || n, revision, head, body, word_count, editor, create_time
    FROM article_revisions, generate_series(1, 1005) AS n)sql");
  const std::string news = News();
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(news.c_str()));
  int urls = 0;
  for (const pugi::xml_node url : document.child("urlset").children("url")) urls += url.child("loc") ? 1 : 0;
  EXPECT_EQ(urls, 1000);
  EXPECT_THAT(news, AllOf(HasSubstr("the-story"), Not(HasSubstr("copy-1005"))));
}

TEST_F(FeedsTest, TellOfLiveCoverage) {
  const auto live = v1::LiveCoverageService::NewStub(channel_);
  using LiveStub = v1::LiveCoverageService::Stub;
  v1::CreateLiveCoverageRequest create;
  create.set_live_coverage_id("storm");
  create.mutable_live_coverage()->set_headline("The storm");
  create.mutable_live_coverage()->set_language_code("en");
  v1::LiveCoverage coverage;
  ASSERT_THAT(Call(*live, &LiveStub::CreateLiveCoverage, create, &coverage, editor_), IsOk());
  v1::CreateLiveUpdateRequest add;
  add.set_parent("liveCoverages/storm");
  add.mutable_live_update()->set_headline("It came");
  add.mutable_live_update()->add_body()->mutable_paragraph()->mutable_text()->set_text("</script> roofs");
  add.mutable_live_update()->add_contributors("contributors/news-desk");
  v1::LiveUpdate update;
  ASSERT_THAT(Call(*live, &LiveStub::CreateLiveUpdate, add, &update, editor_), IsOk());
  EXPECT_THAT(JsonLdText("liveCoverages/storm"), Not(HasSubstr("</script")));
  const Json json = JsonLd("liveCoverages/storm");
  EXPECT_EQ(json["@type"], "LiveBlogPosting");
  EXPECT_EQ(json["liveBlogUpdate"][0]["headline"], "It came");
  EXPECT_EQ(json["liveBlogUpdate"][0]["articleBody"], "</script> roofs");
  EXPECT_EQ(json["liveBlogUpdate"][0]["author"][0]["name"], "The news desk");
  EXPECT_FALSE(json.contains("coverageEndTime"));
}

TEST_F(FeedsTest, RefuseWhatTheyCannotRender) {
  v1::RenderFeedRequest request;
  v1::RenderedDocument rendered;
  EXPECT_THAT(Try(request, &rendered), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.set_format(Format::RSS);
  request.set_self_url("javascript:alert(1)");
  EXPECT_THAT(Try(request, &rendered), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  const Articles unconfigured(postgres_.database(), Clock::System(), key_);
  testing::TestServer server(unconfigured.services());
  const auto feeds = v1::FeedsService::NewStub(server.Channel());
  request.clear_self_url();
  EXPECT_THAT(Call(*feeds, &Stub::RenderFeed, request, &rendered, ""),
              StatusIs(absl::StatusCode::kFailedPrecondition, "SITE_NOT_CONFIGURED"));
}

// For tests/articles/feeds/validate.py, which reads them with parsers and schemas that are not ours.
TEST_F(FeedsTest, AreGivenToOthersToValidate) {
  Publish(Create(Rich()));
  const v1::Article gated = Publish(Create(Gated("For members")));
  Correct(gated.name(), "A \"correction\" & more.");
  const v1::Article wrong = PublishNew("Wrong story");
  Retract(wrong.name(), "We were wrong.");
  v1::Article denied = Draft("Not everywhere");
  denied.mutable_geo_restriction()->add_deny_country_codes("GB");
  const v1::Article last = Publish(Create(denied));
  const std::filesystem::path folder = FEED_DOCUMENTS;
  std::filesystem::create_directories(folder);
  const auto write = [&](const std::string& name, const std::string& text) { std::ofstream(folder / name) << text; };
  for (const auto& [format, name] :
       std::map<v1::RenderFeedRequest::Format, std::string>{{Format::RSS, "feed.rss"},
                                                            {Format::ATOM, "feed.atom"},
                                                            {Format::JSON_FEED, "feed.json"},
                                                            {Format::NINJS, "ninjs.json"}}) {
    v1::RenderFeedRequest request;
    request.set_format(format);
    request.set_self_url(absl::StrCat("https://news.example/", name));
    write(name, Feed(request).document().text());
  }
  write("sitemap-index.xml", Sitemap().document().text());
  write("sitemap.xml",
        Sitemap(absl::FormatTime("%Y-%m", TimeOf(last.publish_time()), absl::UTCTimeZone())).document().text());
  write("news.xml", News());
  write("article.jsonld", JsonLdText(gated.name()));
  write("retracted.jsonld", JsonLdText(wrong.name()));
}

}  // namespace
}  // namespace masthead::articles
