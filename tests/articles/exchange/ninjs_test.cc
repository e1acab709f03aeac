#include "services/articles/exchange/ninjs.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/articles/exchange/records.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr char kThree[] = R"json([{"uri":"urn:news:1","type":"text","standard":{"name":"ninjs","version":"3.1"},
 "language":"en-gb","pubStatus":"usable","urgency":3,"firstCreated":"2024-02-01T10:00:00+02:00","versionCreated":"2024-02-02T10:00:00+02:00",
 "by":"Ada Lovelace","located":"Kyiv","headlines":[{"role":"short","value":"Storm"},{"role":"main","value":"A storm comes"}],
 "descriptions":[{"role":"summary","value":"<p>Soon.</p>"}],
 "bodies":[{"role":"main","contentType":"text/plain","value":"plain"},{"role":"main","contentType":"text/html","value":"<p>Rich <b>text</b>.</p>"}],
 "subjects":[{"name":"Weather","uri":"http://cv.iptc.org/newscodes/mediatopic/17000000"},{"uri":"x:1"}],
 "copyrightHolder":"The paper","usageTerms":"Not for toasters",
 "associations":[{"type":"picture","renditions":[{"href":"https://cdn.example/s.jpg","width":200,"height":100},
   {"href":"https://cdn.example/l.jpg","width":2000,"height":1000}],"descriptions":[{"role":"caption","value":"Clouds"}]}]}])json";

constexpr char kOne[] =
    R"json({"uri":"urn:news:2","type":"text","versioncreated":"2012-02-01T10:00:00Z","byline":"Desk",
 "headline":"Old","body_html":"<p>Old text.</p>","subject":[{"name":"Sport"}],
 "associations":{"main":{"type":"picture","renditions":{"original":{"href":"https://cdn.example/o.jpg"}}}}}
 {"uri":"urn:news:3","type":"picture"} {"uri":"urn:news:4","pubstatus":"canceled","type":"text"})json";

std::vector<std::string> Items(const char* file) {
  const auto reader = MakeNinjsReader();
  const Records records(*reader, file, 9);
  EXPECT_THAT(records.status, IsOk());
  return records.Of(kItems);
}

TEST(Ninjs, TakesADocumentOfToday) {
  ASSERT_THAT(Items(kThree), SizeIs(1));
  const Item item = MakeNinjsItem(Items(kThree)[0], {.language_code = "uk"}).value();
  const Content& content = item.article.content;
  EXPECT_EQ(content.headline, "A storm comes");
  EXPECT_EQ(content.dek, "Soon.");
  EXPECT_EQ(content.urgency, 3);
  EXPECT_EQ(item.article.language_code, "en-gb");
  EXPECT_EQ(content.dateline->place, "Kyiv");
  EXPECT_EQ(std::get<Paragraph>(content.body.at(0).kind).text.text, "Rich text.");
  EXPECT_EQ(content.lead_image->uri, "https://cdn.example/l.jpg");
  EXPECT_EQ(content.lead_image->alt, "Clouds");
  EXPECT_EQ(content.rights->holder, "The paper");
  EXPECT_EQ(item.article.state, Article::State::kPublished);
  EXPECT_EQ(absl::FormatTime(*item.article.publish_time, absl::UTCTimeZone()), "2024-02-01T08:00:00+00:00");
  EXPECT_GT(*item.article.content_update_time, *item.article.publish_time);
  EXPECT_THAT(item.article.alt_ids, ElementsAre(Pair("ninjs", "urn:news:1")));
  ASSERT_THAT(item.tags, SizeIs(1));
  EXPECT_EQ(item.authors.at(0).display_name, "Ada Lovelace");
}

TEST(Ninjs, TakesTheFirstVersionAndSkipsWhatIsNoArticle) {
  const std::vector<std::string> items = Items(kOne);
  ASSERT_THAT(items, SizeIs(3));
  const Item item = MakeNinjsItem(items[0], {.language_code = "uk"}).value();
  EXPECT_EQ(item.article.content.headline, "Old");
  EXPECT_EQ(item.article.language_code, "uk");
  EXPECT_EQ(item.article.content.lead_image->uri, "https://cdn.example/o.jpg");
  EXPECT_TRUE(MakeNinjsItem(items[1], {}).value().skipped.has_value());
  EXPECT_TRUE(MakeNinjsItem(items[2], {}).value().skipped.has_value());
}

TEST(Ninjs, NeedsAUri) {
  EXPECT_THAT(MakeNinjsItem("{}", {}).status(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MakeNinjsItem(R"({"uri":"a","headlines":7,"bodies":{"x":[]},"associations":[1]})", {}).status(), IsOk());
}

}  // namespace
}  // namespace masthead::articles
