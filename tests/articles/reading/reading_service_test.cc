#include <atomic>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
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

TEST_F(ReadingServiceTest, PagesSeeEachArticleOnceWhateverIsPublishedMeanwhile) {
  for (int i = 0; i < 5; ++i) Publish(Create(Draft("Story"), "story-" + std::to_string(i)));
  v1::ListPublishedArticlesRequest request;
  request.set_page_size(2);
  request.set_section("sections/national");
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
  const auto names = [&](const std::string& by_tag, const std::string& language) {
    v1::ListPublishedArticlesRequest request;
    request.set_tag(by_tag);
    request.set_language_code(language);
    v1::ListPublishedArticlesResponse page;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ListPublishedArticles, request, &page, ""), IsOk());
    std::vector<std::string> listed;
    for (const v1::PublishedArticle& article : page.articles()) listed.push_back(article.name());
    return listed;
  };
  EXPECT_THAT(names("tags/war", ""), ElementsAre("articles/tagged-uk", "articles/tagged"));
  EXPECT_THAT(names("tags/war", "en"), ElementsAre("articles/tagged"));
  EXPECT_THAT(names("", "uk"), ElementsAre("articles/tagged-uk"));
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
  for (int i = 0; i < 50; ++i) {
    crowd.emplace_back([&] {
      for (int j = 0; j < 10; ++j) {
        v1::ReadArticleResponse response;
        served += Read(article.url_path(), &response).ok() ? 1 : 0;
      }
    });
  }
  for (std::thread& reader : crowd) reader.join();

  EXPECT_EQ(served, 500);
  EXPECT_LE(ColdReads().Value() - before, 2);
}

}  // namespace
}  // namespace masthead::articles
