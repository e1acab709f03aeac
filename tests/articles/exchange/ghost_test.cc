#include "services/articles/exchange/ghost.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/articles/exchange/records.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

// Tables in an order in which nothing that a post refers to has come before it.
constexpr char kFile[] = R"json({"db":[{"meta":{"exported_on":1700000000000,"version":"6.0.0"},"data":{
  "posts":[
    {"id":"p1","uuid":"u-1","title":"Шторм &amp; порт","slug":"shtorm","html":"<p>Море.</p><img src=\"__GHOST_URL__/content/a.jpg\" alt=\"Хвилі\">",
     "feature_image":"__GHOST_URL__/content/f.jpg","status":"published","type":"post","visibility":"tiers","locale":null,"featured":0,
     "created_at":"2023-05-01T08:00:00.000Z","published_at":"2023-05-02T09:30:00.000Z","custom_excerpt":"Коротко.",
     "canonical_url":"https://elsewhere.example/storm"},
    {"id":"p2","uuid":"u-2","title":"Draft","slug":"draft","html":null,"lexical":"{}","status":"draft","type":"post","visibility":"paid"},
    {"id":"p3","uuid":"u-3","title":"About","slug":"about","html":"<p>Us.</p>","status":"published","type":"page"},
    {"id":"p4","uuid":"u-4","title":"Later","slug":"later","html":"<p>Soon.</p>","status":"scheduled","type":"post","visibility":"members",
     "published_at":"2099-01-01 00:00:00"}],
  "posts_authors":[{"id":"a2","post_id":"p1","author_id":"1","sort_order":1},{"id":"a1","post_id":"p1","author_id":"2","sort_order":0}],
  "posts_meta":[{"post_id":"p1","feature_image_alt":"Порт","feature_image_caption":"<i>Фото</i> Ада","meta_title":"SEO"}],
  "posts_products":[{"post_id":"p1","product_id":"t1"}],
  "posts_tags":[{"post_id":"p1","tag_id":"g1","sort_order":0},{"post_id":"p1","tag_id":"g2","sort_order":1}],
  "products":[{"id":"t1","slug":"supporter"}],
  "settings":[{"key":"x","value":"y"}],
  "tags":[{"id":"g1","name":"Weather","slug":"weather","visibility":"public"},{"id":"g2","name":"#hidden","slug":"hash-hidden"}],
  "users":[{"id":"1","name":"Ada","slug":"ada","bio":"Writes."},{"id":"2","name":"Олена","slug":"olena"}]
}}]})json";

class Ghost : public ::testing::Test {
 protected:
  Ghost() : reader_(MakeGhostReader()), records_(*reader_, kFile, 7) { EXPECT_THAT(records_.status, IsOk()); }

  Item Make(size_t i) {
    absl::StatusOr<Item> item =
        MakeGhostItem(records_.Of(kItems).at(i), {.language_code = "uk", .site_uri = "https://old.example/"},
                      [&](const std::string& table, const std::string& key) { return records_.Find(table, key); });
    EXPECT_THAT(item.status(), IsOk());
    return item.value_or(Item());
  }

  std::unique_ptr<RecordReader> reader_;
  Records records_;
};

TEST_F(Ghost, TakesAPostWithAllThatBelongsToIt) {
  const Item item = Make(0);
  const Article& article = item.article;
  EXPECT_EQ(item.source_id, "post p1");
  EXPECT_EQ(article.state, Article::State::kPublished);
  EXPECT_EQ(absl::FormatTime(*article.publish_time, absl::UTCTimeZone()), "2023-05-02T09:30:00+00:00");
  EXPECT_EQ(article.content.slug, "shtorm");
  EXPECT_EQ(article.content.dek, "Коротко.");
  EXPECT_THAT(article.alt_ids, ElementsAre(Pair("ghost", "u-1")));
  EXPECT_EQ(article.content.lead_image->uri, "https://old.example/content/f.jpg");
  EXPECT_EQ(article.content.lead_image->alt, "Порт");
  EXPECT_EQ(article.content.lead_image->caption, "Фото Ада");
  EXPECT_EQ(article.content.seo->title, "SEO");
  EXPECT_EQ(article.content.seo->canonical_uri, "https://elsewhere.example/storm");
  EXPECT_EQ(article.content.access.level, Access::Level::kPlans);
  EXPECT_THAT(article.content.access.plans, ElementsAre("tiers/supporter"));
  EXPECT_THAT(article.content.body, SizeIs(2));
  ASSERT_THAT(item.authors, SizeIs(2));
  EXPECT_EQ(item.authors[0].slug, "olena");
  EXPECT_EQ(item.authors[1].display_name, "Ada");
  ASSERT_THAT(item.tags, SizeIs(1));
  EXPECT_EQ(item.tags[0].slug, "weather");
  EXPECT_EQ(item.losses.by_kind().count("internal tag"), 1u);
  EXPECT_THAT(item.former_paths, ElementsAre("/shtorm"));
}

TEST_F(Ghost, KnowsDraftsPlansAndPages) {
  EXPECT_EQ(Make(1).article.state, Article::State::kDraft);
  EXPECT_EQ(Make(1).article.content.access.level, Access::Level::kMembers);
  EXPECT_THAT(Make(1).losses.by_kind(), SizeIs(1));  // Its text.
  EXPECT_TRUE(Make(2).skipped.has_value());
  EXPECT_EQ(Make(3).article.state, Article::State::kScheduled);
  EXPECT_EQ(Make(3).article.content.access.level, Access::Level::kRegistered);
}

TEST(GhostFile, TooLargeAPostIsOneItemThatIsRefused) {
  const auto reader = MakeGhostReader();
  const Records records(
      *reader,
      absl::StrCat(R"({"data":{"posts":[{"id":"1","html":")", std::string(kMaxRecordBytes, 'x'), R"("},{"id":"2"}]}})"),
      1 << 16);
  EXPECT_THAT(records.status, IsOk());
  EXPECT_THAT(records.Of(kItems), ElementsAre("", R"({"id":"2"})"));
}

TEST(GhostFile, OfAnotherKindIsRefused) {
  for (const char* file : {"<rss/>", R"({"db":[{"data":{}}]})", R"({"posts":[)", R"({"data":{"posts":[{"a":tru}]}})"}) {
    const auto reader = MakeGhostReader();
    EXPECT_THAT(Records(*reader, file, 5).status, StatusIs(absl::StatusCode::kInvalidArgument)) << file;
  }
}

TEST(GhostItem, OfWildTypesBreaksNothing) {
  for (const char* post : {"{}", R"({"id":[],"title":{},"html":7,"status":null,"published_at":[1]})",
                           R"({"id":1,"title":null,"html":true,"tags":"x","visibility":"tiers"})"}) {
    const absl::StatusOr<Item> item =
        MakeGhostItem(post, {}, [](const std::string&, const std::string&) { return std::vector<std::string>{"7"}; });
    EXPECT_THAT(item.status(), IsOk()) << post;
  }
}

}  // namespace
}  // namespace masthead::articles
