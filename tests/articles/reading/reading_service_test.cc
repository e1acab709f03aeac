#include "services/articles/reading/reading_service.h"

#include <atomic>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/articles/workers/cache_follower.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ReadingServiceTest : public Newsroom {
 protected:
  // Three paragraphs, the first of which is the preview.
  v1::Article Gated(v1::Access::Level level) {
    v1::Article article = Draft("Gated");
    article.clear_dek();
    article.add_body()->mutable_paragraph()->mutable_text()->set_text("SECRET second.");
    article.add_body()->mutable_paragraph()->mutable_text()->set_text("SECRET third.");
    article.mutable_access()->set_level(level);
    if (level == v1::Access::PLANS) article.mutable_access()->add_plans("tiers/gold");
    article.mutable_access()->set_preview_paragraphs(1);
    return article;
  }

  v1::ReadArticleResponse ReadAs(const std::string& name, const std::string& token) {
    v1::ReadArticleResponse response;
    EXPECT_THAT(Read(name, &response, token), IsOk());
    return response;
  }

  v1::ResolvePathResponse Resolve(const std::string& path) {
    v1::ResolvePathRequest request;
    request.set_url_path(path);
    v1::ResolvePathResponse response;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ResolvePath, request, &response, ""), IsOk());
    return response;
  }

  // Follows the feed once, which opens the cache.
  void FollowFeed(Articles& articles) { articles.cache_follower().Run({.deadline = absl::Now() + absl::Seconds(10)}); }

  // What the error says under `key`.
  std::string Metadata(const grpc::Status& status, const std::string& key) {
    google::rpc::Status details;
    google::rpc::ErrorInfo info;
    EXPECT_TRUE(details.ParseFromString(status.error_details()));
    for (const auto& detail : details.details()) {
      if (detail.UnpackTo(&info)) return info.metadata().at(key);
    }
    return "";
  }
};

TEST_F(ReadingServiceTest, ShowsAPublicArticleToEverybodyWithItsDesk) {
  const v1::Article article = Publish(Create(Draft("Crimea"), "crimea"));

  const v1::ReadArticleResponse read = ReadAs("/en/crimea", "");

  EXPECT_EQ(read.article().name(), "articles/crimea");
  EXPECT_EQ(read.article().body(0).paragraph().text().text(), "First paragraph.");
  EXPECT_EQ(read.article().bylines(0).display_name(), "The news desk");
  EXPECT_EQ(read.article().bylines(0).contact_email(), "desk@example.org");
  EXPECT_EQ(read.article().section().display_name(), "National");
  EXPECT_EQ(read.article().excerpt(), "What happened.");
  EXPECT_EQ(read.access().reason(), v1::ReadAccess::OPEN);
  EXPECT_EQ(read.cache().scope(), v1::CachePolicy::PUBLIC);
  EXPECT_THAT(read.cache().surrogate_keys(),
              ElementsAre("articles/crimea", "sections/national", "contributors/news-desk", "path:/en/crimea"));
  EXPECT_EQ(ReadAs(article.name(), server_.MemberToken("members/one")).SerializeAsString(), read.SerializeAsString());
}

TEST_F(ReadingServiceTest, ShowsThePreviewToThoseWhoMayNotReadAll) {
  const std::string registered = Publish(Create(Gated(v1::Access::REGISTERED))).name();
  const std::string plans = Publish(Create(Gated(v1::Access::PLANS))).name();
  FollowFeed(articles_);
  const std::string member = server_.MemberToken("members/one", {"tiers/silver"});
  const std::string gold = server_.MemberToken("members/two", {"tiers/gold"});
  for (int round = 0; round < 2; ++round) {  // From the database, then from memory.
    for (const auto& [name, token, reason] :
         {std::tuple(registered, std::string(), v1::ReadAccess::REGISTRATION_REQUIRED),
          std::tuple(plans, std::string(), v1::ReadAccess::PLAN_REQUIRED),
          std::tuple(plans, member, v1::ReadAccess::PLAN_REQUIRED),
          std::tuple(plans, server_.BackendToken({"articles.read"}), v1::ReadAccess::PLAN_REQUIRED)}) {
      const v1::ReadArticleResponse read = ReadAs(name, token);
      EXPECT_FALSE(read.access().granted());
      EXPECT_TRUE(read.access().preview_only());
      EXPECT_EQ(read.access().reason(), reason);
      EXPECT_EQ(read.article().body_size(), 1);
      EXPECT_EQ(read.cache().scope(), v1::CachePolicy::PRIVATE);
      EXPECT_THAT(read.SerializeAsString(), Not(HasSubstr("SECRET")));
    }
    for (const auto& [name, token] :
         {std::pair(registered, member), std::pair(plans, gold), std::pair(plans, editor_)}) {
      const v1::ReadArticleResponse read = ReadAs(name, token);
      EXPECT_EQ(read.access().reason(), v1::ReadAccess::ENTITLED);
      EXPECT_EQ(read.article().body_size(), 3);
      EXPECT_EQ(read.cache().scope(), v1::CachePolicy::PRIVATE);
    }
  }
  EXPECT_THAT(ReadAs(plans, "").access().plan_options(), ElementsAre("tiers/gold"));
}

TEST_F(ReadingServiceTest, RefusesBadCredentialsRatherThanTakingThemForNone) {
  const std::string name = Publish(Create(Draft("Crimea"))).name();
  v1::ReadArticleResponse response;
  EXPECT_THAT(Read(name, &response, "no-token"), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(ReadingServiceTest, ListsAndAlertsHoldNothingOfAHiddenBody) {
  const std::string name = Publish(Create(Gated(v1::Access::PLANS))).name();
  v1::ListPublishedArticlesResponse list;
  ASSERT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListPublishedArticles, v1::ListPublishedArticlesRequest(),
                   &list, editor_),
              IsOk());
  ASSERT_THAT(list.articles(), SizeIs(1));
  EXPECT_EQ(list.articles(0).excerpt(), "First paragraph.");
  EXPECT_THAT(list.articles(0).body(), IsEmpty());
  EXPECT_THAT(list.SerializeAsString(), Not(HasSubstr("SECRET")));

  const auto as_notifications = v1::ReadingService::NewStub(server_.ChannelAs("notifications"));
  v1::BatchGetAlertContentRequest request;
  request.add_names(name);
  request.add_names("articles/nothing");
  v1::BatchGetAlertContentResponse response;
  ASSERT_THAT(Call(*as_notifications, &v1::ReadingService::Stub::BatchGetAlertContent, request, &response, ""), IsOk());
  ASSERT_THAT(response.contents(), SizeIs(1));
  const v1::AlertContent& content = response.contents(0);
  EXPECT_EQ(content.headline(), "Gated");
  EXPECT_THAT(content.byline_names(), ElementsAre("The news desk"));
  EXPECT_EQ(content.contact_email(), "desk@example.org");
  EXPECT_EQ(content.section_display_name(), "National");
  EXPECT_EQ(content.url_path(), "/en/gated");
  EXPECT_THAT(response.not_public(), ElementsAre("articles/nothing"));
  EXPECT_THAT(response.SerializeAsString(), Not(HasSubstr("SECRET")));
  EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::BatchGetAlertContent, request, &response,
                   server_.MemberToken("members/one")),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ReadingServiceTest, AnAlertNamesEverySectionThatShowsTheArticle) {
  for (const char* id : {"war", "city"}) {
    v1::CreateSectionRequest request;
    request.set_section_id(id);
    request.mutable_section()->set_display_name(id);
    v1::Section created;
    ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateSection, request, &created, editor_), IsOk());
  }
  v1::Article draft = Draft("Crimea");
  draft.add_additional_sections("sections/war");
  draft.add_additional_sections("sections/city");
  const auto as_notifications = v1::ReadingService::NewStub(server_.ChannelAs("notifications"));
  v1::BatchGetAlertContentRequest request;
  request.add_names(Publish(Create(draft)).name());
  v1::BatchGetAlertContentResponse response;
  ASSERT_THAT(Call(*as_notifications, &v1::ReadingService::Stub::BatchGetAlertContent, request, &response, ""), IsOk());
  ASSERT_THAT(response.contents(), SizeIs(1));
  EXPECT_EQ(response.contents(0).section(), "sections/national");
  EXPECT_THAT(response.contents(0).additional_sections(), ElementsAre("sections/war", "sections/city"));
}

TEST_F(ReadingServiceTest, NeverShowsADraft) {
  const v1::Article draft = Create(Draft("Crimea"));
  v1::ReadArticleResponse response;
  EXPECT_THAT(Read(draft.name(), &response, editor_), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Read(draft.url_path(), &response), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

TEST_F(ReadingServiceTest, BoundsAnAbsenceByTheNextPlannedPublication) {
  v1::ReadArticleResponse response;
  EXPECT_EQ(Metadata(Read("/en/nothing", &response), "max_age_seconds"), "60");
  ASSERT_THAT(TrySchedule(Create(Draft("Soon")).name(), absl::Now() + absl::Seconds(7)), IsOk());

  const grpc::Status status = Read("/en/soon", &response);

  EXPECT_LE(std::stoi(Metadata(status, "max_age_seconds")), 7);
  EXPECT_EQ(Metadata(status, "surrogate_key"), "path:/en/soon");
}

TEST_F(ReadingServiceTest, SaysWhatIsWrongWithTheTarget) {
  v1::ReadArticleResponse response;
  for (const std::string& target : {std::string(), std::string("crimea"), std::string("sections/x"),
                                    std::string("/") + std::string(300, 'a'), std::string("/en/\0", 5)}) {
    EXPECT_THAT(Read(target, &response), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD")) << target;
  }
  for (const char* path : {"/", "/en", "/en/A", "/en/a/b", "/en/'; DROP TABLE articles", "/%00/x"}) {
    EXPECT_THAT(Read(path, &response), StatusIs(absl::StatusCode::kNotFound)) << path;
  }
}

TEST_F(ReadingServiceTest, TellsWhoeverRoutesReadersWhatStandsAtAPath) {
  v1::Article article = Publish(Create(Draft("Crimea")));
  article.set_slug("crimea-again");
  article = Publish(Update(article, {"slug"}));
  const auto resolve = [&](const std::string& path) { return Resolve(path); };
  EXPECT_EQ(resolve("/en/crimea-again").status(), 200);
  EXPECT_EQ(resolve("/en/crimea-again").article(), article.name());
  EXPECT_EQ(resolve("/en/crimea").status(), 301);
  EXPECT_EQ(resolve("/en/crimea").redirect().url_path(), "/en/crimea-again");
  EXPECT_EQ(resolve("/en/nothing").status(), 404);
  EXPECT_EQ(resolve("/en/nothing").cache().max_age().seconds(), 60);
  EXPECT_THAT(resolve("/en/nothing").cache().surrogate_keys(), ElementsAre("path:/en/nothing"));
  EXPECT_EQ(resolve("/no/article/here").status(), 404);

  ASSERT_THAT(TrySchedule(Create(Draft("Soon")).name(), absl::Now() + absl::Seconds(7)), IsOk());
  EXPECT_LE(resolve("/en/soon").cache().max_age().seconds(), 7);

  ASSERT_THAT(TryUnpublish(article.name()), IsOk());
  EXPECT_EQ(resolve("/en/crimea-again").status(), 404) << "it may come back";
  v1::DeleteArticleRequest remove;
  remove.set_name(article.name());
  remove.set_etag("*");
  v1::Article deleted;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::DeleteArticle, remove, &deleted), IsOk());
  EXPECT_EQ(resolve("/en/crimea-again").status(), 410);
  EXPECT_EQ(resolve("/en/crimea").status(), 410);
}

TEST_F(ReadingServiceTest, FindsTheSameByReadingAPathAsByResolvingIt) {
  v1::Article article = Publish(Create(Draft("Crimea")));
  article.set_slug("crimea-again");
  article = Publish(Update(article, {"slug"}));
  v1::Article gone = Publish(Create(Draft("Gone")));
  ASSERT_THAT(TryUnpublish(gone.name()), IsOk());
  ASSERT_THAT(Move(&v1::ArticlesService::Stub::DeleteArticle, gone.name()), IsOk());
  FollowFeed(articles_);
  for (int round = 0; round < 2; ++round) {  // From the database, then from memory.
    const v1::ReadArticleResponse moved = ReadAs("/en/crimea", "");
    EXPECT_EQ(moved.redirect().SerializeAsString(), Resolve("/en/crimea").redirect().SerializeAsString());
    EXPECT_EQ(moved.redirect().status(), 301);
    EXPECT_EQ(moved.redirect().url_path(), "/en/crimea-again");
    EXPECT_EQ(moved.cache().SerializeAsString(), Resolve("/en/crimea").cache().SerializeAsString());
    EXPECT_FALSE(moved.has_access());
    EXPECT_EQ(ReadAs("/en/crimea-again", "").article().name(), Resolve("/en/crimea-again").article());
    EXPECT_TRUE(ReadAs("/en/gone", "").has_gone());
    EXPECT_EQ(Resolve("/en/gone").status(), 410);
  }
  article.set_slug("crimea-once-more");
  article = Publish(Update(article, {"slug"}));
  EXPECT_EQ(ReadAs("/en/crimea", "").redirect().url_path(), "/en/crimea-once-more") << "no chain, and not the kept one";
}

TEST_F(ReadingServiceTest, LeadsToSectionsByTheirPathsAndByTheirFormerOnes) {
  EXPECT_EQ(Resolve("/section/national").status(), 200);
  EXPECT_EQ(Resolve("/section/national").section(), "sections/national");
  EXPECT_EQ(Resolve("/section/nowhere").status(), 404);
  v1::UpdateSectionRequest rename;
  rename.mutable_section()->set_name("sections/national");
  rename.mutable_section()->set_etag("*");
  rename.mutable_section()->set_slug("ukraine");
  v1::Section section;
  ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::UpdateSection, rename, &section, editor_), IsOk());

  EXPECT_EQ(Resolve("/section/ukraine").section(), "sections/national");
  const v1::ResolvePathResponse former = Resolve("/section/national");
  EXPECT_EQ(former.status(), 301);
  EXPECT_EQ(former.redirect().url_path(), "/section/ukraine");
  EXPECT_EQ(former.redirect().section(), "sections/national");
  EXPECT_THAT(former.cache().surrogate_keys(), ElementsAre("sections/national", "path:/section/national"));
  EXPECT_EQ(ReadAs("/section/national", "").redirect().SerializeAsString(), former.redirect().SerializeAsString());
  v1::ReadArticleResponse response;
  EXPECT_THAT(Read("/section/ukraine", &response), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

TEST_F(ReadingServiceTest, KeepsNoAbsenceBeyondTheNextPublicationWhichTellsThatPath) {
  const v1::Article gone = Publish(Create(Draft("Gone")));
  ASSERT_THAT(TryUnpublish(gone.name()), IsOk());
  ASSERT_THAT(Move(&v1::ArticlesService::Stub::DeleteArticle, gone.name()), IsOk());
  const v1::Article soon = Create(Draft("Soon"));
  ASSERT_THAT(TrySchedule(soon.name(), absl::Now() + absl::Seconds(7)), IsOk());
  const v1::ResolvePathResponse absent = Resolve("/en/soon");
  EXPECT_EQ(absent.status(), 404);
  EXPECT_LE(absent.cache().max_age().seconds(), 7);
  EXPECT_LE(Resolve("/en/gone").cache().max_age().seconds(), 7) << "its path may be taken";
  EXPECT_LE(ReadAs("/en/gone", "").cache().max_age().seconds(), 7);

  ASSERT_THAT(Move(&v1::ArticlesService::Stub::UnscheduleArticle, soon.name()), IsOk());
  Publish(Get(soon.name()));
  const std::vector<v1::Event> events = Events();
  ASSERT_EQ(events.back().type(), "article.published");
  EXPECT_THAT(absent.cache().surrogate_keys(),
              ElementsAre("path:" + events.back().article_published().facts().url_path()));
}

TEST_F(ReadingServiceTest, SparesACallerWhatItKeepsAlready) {
  v1::Article article = Publish(Create(Draft("Crimea")));
  const std::string gated = Publish(Create(Gated(v1::Access::REGISTERED))).name();
  FollowFeed(articles_);
  for (int round = 0; round < 2; ++round) {
    for (const std::string& name : {article.name(), gated}) {
      v1::ReadArticleRequest request;
      request.set_name(name);
      request.set_if_none_match(ReadAs(name, "").cache().etag());
      v1::ReadArticleResponse response;
      ASSERT_THAT(Call(*reading_, &v1::ReadingService::Stub::ReadArticle, request, &response, ""), IsOk());
      EXPECT_TRUE(response.has_not_modified());
      EXPECT_FALSE(response.has_article());
      EXPECT_EQ(response.cache().max_age().seconds(), 60);
      EXPECT_EQ(response.cache().etag(), request.if_none_match());
      if (name != gated) continue;
      ASSERT_THAT(Call(*reading_, &v1::ReadingService::Stub::ReadArticle, request, &response, editor_), IsOk());
      EXPECT_TRUE(response.has_article()) << "another reader, another answer";
    }
  }
}

TEST_F(ReadingServiceTest, BoundsAnAnswerByTheTimeAtWhichItChanges) {
  v1::Article draft = Gated(v1::Access::REGISTERED);
  draft.mutable_access()->mutable_free_until()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Seconds(20)));
  const std::string name = Publish(Create(draft)).name();
  FollowFeed(articles_);
  for (int round = 0; round < 2; ++round) {
    const v1::ReadArticleResponse read = ReadAs(name, "");
    EXPECT_EQ(read.access().reason(), v1::ReadAccess::OPEN);
    EXPECT_EQ(read.cache().scope(), v1::CachePolicy::PUBLIC);
    EXPECT_LE(read.cache().max_age().seconds(), 20);
  }
  draft = Get(name);
  draft.mutable_access()->mutable_free_until()->set_seconds(absl::ToUnixSeconds(absl::Now() - absl::Seconds(1)));
  Publish(Update(draft, {"access"}));
  EXPECT_EQ(ReadAs(name, "").access().reason(), v1::ReadAccess::REGISTRATION_REQUIRED);
}

TEST_F(ReadingServiceTest, ShowsOnlyTheHeadlineWhereAnArticleMustNotBeRead) {
  v1::Article draft = Draft("Libel");
  draft.mutable_geo_restriction()->add_deny_country_codes("GB");
  const std::string name = Publish(Create(draft)).name();
  FollowFeed(articles_);
  const auto read_in = [&](const std::string& country) {
    v1::ReadArticleRequest request;
    request.set_name(name);
    request.set_country_code(country);
    v1::ReadArticleResponse response;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ReadArticle, request, &response, ""), IsOk());
    return response;
  };
  for (int round = 0; round < 2; ++round) {
    for (const std::string country : {"GB", ""}) {
      EXPECT_EQ(read_in(country).access().reason(), v1::ReadAccess::GEO_RESTRICTED);
      EXPECT_EQ(read_in(country).article().headline(), "Libel");
      EXPECT_THAT(read_in(country).article().body(), IsEmpty());
    }
    EXPECT_EQ(read_in("UA").access().reason(), v1::ReadAccess::OPEN);
    EXPECT_EQ(read_in("UA").cache().scope(), v1::CachePolicy::PRIVATE);
  }
  v1::ReadArticleRequest request;
  request.set_name(name);
  request.set_country_code("gb");
  v1::ReadArticleResponse response;
  EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ReadArticle, request, &response, ""),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(ReadingServiceTest, NamesOfRelatedArticlesOnlyThoseThatArePublic) {
  const std::string first = Create(Draft("First")).name();
  v1::Article draft = Draft("Crimea");
  draft.add_body()->mutable_related()->add_articles(first);
  const std::string name = Publish(Create(draft)).name();
  FollowFeed(articles_);
  EXPECT_EQ(ReadAs(name, "").article().body_size(), 1);

  Publish(Get(first));
  ASSERT_EQ(ReadAs(name, "").article().body_size(), 2);
  EXPECT_THAT(ReadAs(name, "").article().body(1).related().articles(), ElementsAre(first));

  ASSERT_THAT(TryUnpublish(first), IsOk());
  EXPECT_EQ(ReadAs(name, "").article().body_size(), 1);
}

TEST_F(ReadingServiceTest, ListsWhatHasToDoWithAnArticleTheClosestFirst) {
  for (const char* id : {"war", "law"}) {
    v1::CreateTagRequest tag;
    tag.set_tag_id(id);
    tag.mutable_tag()->set_display_name(id);
    v1::Tag created;
    ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateTag, tag, &created, editor_), IsOk());
  }
  const auto publish = [&](const std::string& id, const std::vector<std::string>& tags, const std::string& language) {
    v1::Article draft = Draft(id);
    for (const std::string& tag : tags) draft.add_tags(tag);
    draft.set_language_code(language);
    Publish(Create(draft, id));
  };
  publish("both", {"tags/war", "tags/law"}, "en");
  publish("self", {"tags/war", "tags/law"}, "en");
  publish("one", {"tags/law"}, "en");
  publish("none", {}, "en");
  publish("ukrainian", {"tags/war", "tags/law"}, "uk");
  const auto related = [&](const std::string& name, int size) {
    v1::ListRelatedArticlesRequest request;
    request.set_name(name);
    request.set_page_size(size);
    v1::ListRelatedArticlesResponse response;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListRelatedArticles, request, &response, ""), IsOk());
    std::vector<std::string> names;
    for (const v1::PublishedArticle& article : response.articles()) names.push_back(article.name());
    return names;
  };
  EXPECT_THAT(related("articles/self", 0), ElementsAre("articles/both", "articles/one", "articles/none"));
  EXPECT_THAT(related("articles/self", 1), ElementsAre("articles/both"));
  EXPECT_THAT(related("articles/none", 0), ElementsAre("articles/one", "articles/self", "articles/both"));
  v1::ListRelatedArticlesRequest request;
  request.set_name("articles/nothing");
  v1::ListRelatedArticlesResponse response;
  EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListRelatedArticles, request, &response, ""),
              StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

TEST_F(ReadingServiceTest, PagesSeeEachArticleOnceWhateverIsPublishedMeanwhile) {
  for (int i = 0; i < 5; ++i) Publish(Create(Draft("Story"), "story-" + std::to_string(i)));
  v1::ListPublishedArticlesRequest request;
  request.set_page_size(2);
  request.set_filter("section = sections/national");
  std::vector<std::string> names;
  do {
    v1::ListPublishedArticlesResponse page;
    ASSERT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListPublishedArticles, request, &page, ""), IsOk());
    for (const v1::PublishedArticle& article : page.articles()) names.push_back(article.name());
    Publish(Create(Draft("Meanwhile")));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());

  EXPECT_THAT(names, ElementsAre("articles/story-4", "articles/story-3", "articles/story-2", "articles/story-1",
                                 "articles/story-0"));
  request.set_page_token("x");
  v1::ListPublishedArticlesResponse page;
  EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListPublishedArticles, request, &page, ""),
              StatusIs(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN"));
}

TEST_F(ReadingServiceTest, ListsASectionWithAllThatIsUnderIt) {
  for (const auto& [id, parent] :
       {std::pair("war", "sections/national"), std::pair("front", "sections/war"), std::pair("sport", "")}) {
    v1::CreateSectionRequest request;
    request.set_section_id(id);
    request.mutable_section()->set_display_name(id);
    request.mutable_section()->set_parent(parent);
    v1::Section section;
    ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateSection, request, &section, editor_), IsOk());
    v1::Article article = Draft(id);
    article.set_section(section.name());
    Publish(Create(article));
  }
  Publish(Create(Draft("national")));
  const auto listed = [&](const std::string& filter) {
    v1::ListPublishedArticlesRequest request;
    request.set_filter(filter);
    v1::ListPublishedArticlesResponse response;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListPublishedArticles, request, &response, ""), IsOk());
    std::vector<std::string> headlines;
    for (const v1::PublishedArticle& article : response.articles()) headlines.push_back(article.headline());
    v1::ListArticlesRequest working;
    working.set_filter(filter);
    v1::ListArticlesResponse copies;
    EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, working, &copies), IsOk());
    EXPECT_EQ(copies.articles_size(), response.articles_size()) << filter;
    return headlines;
  };
  EXPECT_THAT(listed("section_tree = sections/national"), ElementsAre("national", "front", "war"));
  EXPECT_THAT(listed("section_tree = sections/war"), ElementsAre("front", "war"));
  EXPECT_THAT(listed("section_tree != sections/war"), ElementsAre("national", "sport"));
  EXPECT_THAT(listed("section_tree = sections/nowhere"), IsEmpty());
}

TEST_F(ReadingServiceTest, ListsByTagAndLanguage) {
  v1::CreateTagRequest tag;
  tag.set_tag_id("war");
  tag.mutable_tag()->set_display_name("War");
  v1::Tag created;
  ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateTag, tag, &created, editor_), IsOk());
  v1::Article draft = Draft("Tagged");
  draft.add_tags("tags/war");
  Publish(Create(draft, "tagged"));
  draft.set_language_code("uk");
  Publish(Create(draft, "tagged-uk"));
  Publish(Create(Draft("Other"), "other"));
  const auto names = [&](const std::string& filter) {
    v1::ListPublishedArticlesRequest request;
    request.set_filter(filter);
    v1::ListPublishedArticlesResponse page;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListPublishedArticles, request, &page, ""), IsOk());
    std::vector<std::string> listed;
    for (const v1::PublishedArticle& article : page.articles()) listed.push_back(article.name());
    return listed;
  };
  EXPECT_THAT(names("tags:\"tags/war\""), ElementsAre("articles/tagged-uk", "articles/tagged"));
  EXPECT_THAT(names("tags:tags/war language_code = en"), ElementsAre("articles/tagged"));
  EXPECT_THAT(names("language_code = uk"), ElementsAre("articles/tagged-uk"));
  EXPECT_THAT(names("NOT tags:tags/war"), ElementsAre("articles/other"));
  EXPECT_THAT(names("byline:contributors/news-desk AND access_level = PUBLIC AND type = NEWS AND breaking = false"),
              SizeIs(3));
  EXPECT_THAT(names("content_update_time > \"2000-01-01T00:00:00Z\" publish_time > \"2999-01-01T00:00:00Z\""),
              IsEmpty());
}

TEST_F(ReadingServiceTest, ReadersFilterByNothingThatIsHiddenFromThem) {
  for (const char* filter :
       {"state = DRAFT", "body = x", "headline:x", "labels.desk = night", "update_time > 2026-01-01T00:00:00Z",
        "editor = x", "word_count > 1", "create_time > 2026-01-01T00:00:00Z"}) {
    v1::ListPublishedArticlesRequest request;
    request.set_filter(filter);
    v1::ListPublishedArticlesResponse page;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListPublishedArticles, request, &page, ""),
                StatusIs(absl::StatusCode::kInvalidArgument, "BAD_FILTER"))
        << filter;
  }
  for (const char* order : {"headline", "body", "word_count desc"}) {
    v1::ListPublishedArticlesRequest request;
    request.set_order_by(order);
    v1::ListPublishedArticlesResponse page;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListPublishedArticles, request, &page, ""),
                StatusIs(absl::StatusCode::kInvalidArgument, "BAD_ORDER_BY"))
        << order;
  }
}

TEST_F(ReadingServiceTest, AnswersFromMemoryOnceTheFeedIsFollowed) {
  const v1::Article article = Publish(Create(Draft("Crimea")));
  FollowFeed(articles_);
  ReadAs(article.name(), "");
  postgres_.Execute("UPDATE contributors SET display_name = 'changed behind our back'");

  EXPECT_EQ(ReadAs(article.name(), "").article().bylines(0).display_name(), "The news desk");
}

TEST_F(ReadingServiceTest, AReaderSeesAnEditorsChangeAtOnceOnTheSameReplica) {
  v1::Article article = Publish(Create(Draft("Crimea")));
  FollowFeed(articles_);
  EXPECT_EQ(ReadAs(article.name(), "").article().headline(), "Crimea");
  article.set_headline("Crimea again");
  Publish(Update(article, {"headline"}));
  EXPECT_EQ(ReadAs(article.name(), "").article().headline(), "Crimea again");

  v1::UpdateContributorRequest request;
  request.mutable_contributor()->set_name("contributors/news-desk");
  request.mutable_contributor()->set_etag("*");
  request.mutable_contributor()->set_display_name("The desk, renamed");
  v1::Contributor contributor;
  ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::UpdateContributor, request, &contributor, editor_), IsOk());
  EXPECT_EQ(ReadAs(article.name(), "").article().bylines(0).display_name(), "The desk, renamed");
}

TEST_F(ReadingServiceTest, AReplicaHearsOfTheOthersPublicationsByTheFeed) {
  v1::Article article = Publish(Create(Draft("Crimea")));
  Articles replica(postgres_.database(), Clock::System(), key_);
  testing::TestServer other(replica.services());
  const auto reading = v1::ReadingService::NewStub(other.Channel());
  const auto read_there = [&](v1::ReadArticleResponse& response) {
    v1::ReadArticleRequest request;
    request.set_name(article.name());
    return Call(*reading, &v1::ReadingService::Stub::ReadArticle, request, &response, "");
  };
  FollowFeed(replica);
  v1::ReadArticleResponse response;
  ASSERT_THAT(read_there(response), IsOk());

  ASSERT_THAT(TryUnpublish(article.name()), IsOk());
  ASSERT_THAT(read_there(response), IsOk()) << "kept until the feed is followed";
  FollowFeed(replica);
  EXPECT_THAT(read_there(response), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ReadingServiceTest, ACrowdCostsTheDatabaseOneRead) {
  const v1::Article article = Publish(Create(Draft("Crimea")));
  FollowFeed(articles_);
  const double before = ColdReads().Value();
  std::atomic<int> served = 0;
  std::vector<std::thread> crowd;
  for (int i = 0; i < 500; ++i) {
    crowd.emplace_back([&] {
      v1::ReadArticleResponse response;
      served += Read(article.url_path(), &response).ok() ? 1 : 0;
    });
  }
  for (std::thread& reader : crowd) reader.join();

  EXPECT_EQ(served, 500);
  EXPECT_LE(ColdReads().Value() - before, 2);
}

}  // namespace
}  // namespace masthead::articles
