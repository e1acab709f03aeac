#include <map>

#include "gmock/gmock.h"
#include "services/articles/editing/tag_edit.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kChanged = v1::BulkEditResult::CHANGED;
constexpr auto kUnchanged = v1::BulkEditResult::UNCHANGED;
constexpr auto kNotTried = v1::BulkEditResult::NOT_TRIED;

class BulkEditTest : public Newsroom {
 protected:
  BulkEditTest() {
    for (const char* id : {"war", "crimea", "energy"}) {
      v1::CreateTagRequest tag;
      tag.set_tag_id(id);
      tag.mutable_tag()->set_display_name(id);
      v1::Tag created;
      EXPECT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateTag, tag, &created, editor_), IsOk());
    }
    request_.set_filter("section = \"sections/national\"");
    request_.set_max_affected(100);
  }

  grpc::Status BulkEdit() { return Edit(&v1::ArticlesService::Stub::BulkEditArticles, request_, &response_); }

  std::map<std::string, v1::BulkEditResult::Outcome> Outcomes() {
    std::map<std::string, v1::BulkEditResult::Outcome> outcomes;
    for (const v1::BulkEditResult& result : response_.results()) outcomes[result.article()] = result.outcome();
    return outcomes;
  }

  v1::BulkEditArticlesRequest request_;
  v1::BulkEditArticlesResponse response_;
};

TEST_F(BulkEditTest, EditsWhatFitsTheFilterAndTellsOfEach) {
  Create(Draft("One"), "one");
  v1::Article urgent = Draft("Two");
  urgent.set_urgency(3);
  Create(urgent, "two");
  v1::Article ukrainian = Draft("Three");
  ukrainian.set_language_code("uk");
  Create(ukrainian, "three");
  request_.set_filter("section = \"sections/national\" AND language_code = \"en\"");
  request_.mutable_article()->set_urgency(3);
  request_.mutable_update_mask()->add_paths("urgency");

  ASSERT_THAT(BulkEdit(), IsOk());

  EXPECT_EQ(response_.matched_count(), 2);
  EXPECT_EQ(response_.changed_count(), 1);
  EXPECT_EQ(Outcomes().at("articles/one"), kChanged);
  EXPECT_EQ(Outcomes().at("articles/two"), kUnchanged);
  EXPECT_EQ(Get("articles/one").urgency(), 3);
  EXPECT_EQ(Get("articles/two").revision(), 1);
  EXPECT_EQ(Get("articles/three").urgency(), 0);
}

TEST_F(BulkEditTest, LeavesThePrimaryTagWhereItIs) {
  v1::Article tagged = Draft("One");
  tagged.add_tags("tags/war");
  tagged.add_tags("tags/crimea");
  Create(tagged, "one");
  Create(Draft("Two"), "two");
  request_.add_add_tags("tags/energy");
  request_.add_add_tags("tags/war");
  request_.add_remove_tags("tags/crimea");

  ASSERT_THAT(BulkEdit(), IsOk());

  EXPECT_THAT(Get("articles/one").tags(), ElementsAre("tags/war", "tags/energy"));
  EXPECT_THAT(Get("articles/two").tags(), ElementsAre("tags/energy", "tags/war"));
}

TEST_F(BulkEditTest, ChangesNothingBeyondWhatItMay) {
  for (int i = 0; i < 3; ++i) Create(Draft("Story"), "story-" + std::to_string(i));
  request_.add_add_tags("tags/war");
  request_.set_max_affected(2);
  const grpc::Status status = BulkEdit();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted, "BULK_TOO_LARGE"));
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM article_revisions"), "3");
}

TEST_F(BulkEditTest, TellsBeforehandHowManyAreMeant) {
  for (int i = 0; i < 12; ++i) Create(Draft("Story"), "story-" + std::to_string(i));
  request_.add_add_tags("tags/war");
  request_.set_validate_only(true);
  ASSERT_THAT(BulkEdit(), IsOk());
  EXPECT_EQ(response_.matched_count(), 12);
  EXPECT_THAT(response_.results(), SizeIs(10));
  EXPECT_EQ(response_.results(0).article(), "articles/story-11");
  EXPECT_EQ(response_.results(0).outcome(), kNotTried);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM article_revisions"), "12");
}

// What was chosen first stays chosen, in the version it had then.
TEST_F(BulkEditTest, SkipsWhatWasWrittenMeanwhileWhenItIsTakenUpAgain) {
  Create(Draft("One"), "one");
  Create(Draft("Two"), "two");
  request_.set_request_id("0190a8d2-0000-7000-8000-000000000001");
  request_.add_add_tags("tags/war");
  ASSERT_THAT(BulkEdit(), IsOk());
  EXPECT_EQ(response_.changed_count(), 2);

  Create(Draft("Three"), "three");
  v1::Article one = Get("articles/one");
  one.clear_tags();
  Update(one, {"tags"});
  // As if the call had ended after the first article.
  postgres_.QueryValue(
      "DELETE FROM idempotency WHERE method LIKE '%BulkEdit%' AND encode(response, 'escape') LIKE '%articles/one%' "
      "AND request_id <> '0190a8d2-0000-7000-8000-000000000001' "
      "RETURNING 1");
  ASSERT_THAT(BulkEdit(), IsOk());
  EXPECT_EQ(response_.matched_count(), 2);
  EXPECT_EQ(Outcomes().at("articles/two"), kChanged) << "the answer of the first time";
  EXPECT_EQ(Outcomes().at("articles/one"), v1::BulkEditResult::SKIPPED);
  EXPECT_EQ(Get("articles/two").revision(), 2);
  EXPECT_THAT(Get("articles/one").tags(), SizeIs(0));
}

TEST_F(BulkEditTest, RefusesWhatIsOneArticlesOwn) {
  request_.mutable_article()->set_slug("one-for-all");
  request_.mutable_update_mask()->add_paths("slug");
  EXPECT_THAT(BulkEdit(), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request_.mutable_update_mask()->Clear();
  request_.mutable_article()->Clear();
  EXPECT_THAT(BulkEdit(), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD")) << "nothing to do";
  request_.add_add_tags("tags/war");
  request_.set_filter("body = \"x\"");
  EXPECT_THAT(BulkEdit(), StatusIs(absl::StatusCode::kInvalidArgument, "BAD_FILTER"));
  request_.set_filter("");
  EXPECT_THAT(BulkEdit(), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(BulkEditTest, TellsOfEachThatCannotBeSo) {
  Create(Draft("One"), "one");
  request_.add_add_tags("tags/nothing");
  ASSERT_THAT(BulkEdit(), IsOk());
  EXPECT_EQ(Outcomes().at("articles/one"), v1::BulkEditResult::REFUSED);
  EXPECT_THAT(response_.results(0).error().DebugString(), HasSubstr("article.tags[0]"));
}

TEST_F(BulkEditTest, FindsArticlesByWhatTheyAreCalledElsewhere) {
  v1::Article article = Draft("One");
  (*article.mutable_alt_ids())["ghost"] = "5f1";
  (*article.mutable_labels())["desk"] = "war";
  article.add_tags("tags/war");
  Create(article, "one");
  Create(Draft("Two"), "two");
  request_.add_add_tags("tags/energy");
  request_.set_validate_only(true);
  for (const char* filter :
       {"alt_ids.ghost = \"5f1\"", "labels.desk = \"war\"", "labels.desk:*", "tags:\"tags/war\"",
        "state = DRAFT AND tags:\"tags/war\"", "byline:\"contributors/news-desk\" AND tags:\"tags/war\"",
        "type = NEWS AND NOT headline:\"two\"",
        "access.level = PUBLIC AND urgency < 1 AND breaking = false AND headline:\"ONE\""}) {
    request_.set_filter(filter);
    ASSERT_THAT(BulkEdit(), IsOk()) << filter;
    ASSERT_EQ(response_.matched_count(), 1) << filter;
    EXPECT_EQ(response_.results(0).article(), "articles/one") << filter;
  }
}

}  // namespace
}  // namespace masthead::articles
