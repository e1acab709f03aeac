#include "services/articles/exchange/wordpress.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/articles/exchange/wxr_reader.h"
#include "tests/articles/exchange/records.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr char kHead[] = R"xml(<?xml version="1.0" encoding="UTF-8" ?>
<!-- made by hand -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old paper</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>
)xml";

constexpr char kPosts[] = R"xml(
<item><title>Harbour</title><wp:post_id>7</wp:post_id><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>
 <excerpt:encoded><![CDATA[By <b>Ada</b>]]></excerpt:encoded>
 <wp:attachment_url>https://old.example/wp-content/harbour.jpg</wp:attachment_url>
 <wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value><![CDATA[The "old" harbour]]></wp:meta_value></wp:postmeta></item>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>olena.k</wp:author_login><wp:author_email>o@old.example</wp:author_email>
 <wp:author_display_name><![CDATA[Олена К.]]></wp:author_display_name></wp:author>
<wp:category><wp:term_id>2</wp:term_id><wp:category_nicename>region</wp:category_nicename><wp:category_parent></wp:category_parent><wp:cat_name>Region</wp:cat_name></wp:category>
<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>odesa</wp:category_nicename><wp:category_parent>region</wp:category_parent><wp:cat_name>Одеса</wp:cat_name></wp:category>
<item><title>Storm &amp; harbour</title><link>https://old.example/2019/05/storm/</link><dc:creator><![CDATA[olena.k]]></dc:creator>
 <guid isPermaLink="false">https://older.example/?p=42</guid>
 <content:encoded><![CDATA[First line.

[caption id="a" width="300"]<a href="/x"><img src="/wp-content/b.jpg" alt="B" /></a> A <b>boat</b>[/caption]
[gallery ids="7,8"] [sic] [form id="3"] <script>x()</script>]]></content:encoded>
 <excerpt:encoded><![CDATA[<p>In short.</p>]]></excerpt:encoded>
 <wp:post_id>42</wp:post_id><wp:post_date_gmt>2019-05-04 10:00:00</wp:post_date_gmt><wp:post_name>storm</wp:post_name>
 <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
 <category domain="category" nicename="odesa"><![CDATA[Одеса]]></category><category domain="post_tag" nicename="weather">Weather</category>
 <category domain="category" nicename="news">News</category>
 <wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>
 <wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content>Nice</wp:comment_content></wp:comment></item>
<item><title>Blocks</title><link>https://old.example/?p=43</link><content:encoded><![CDATA[<!-- wp:paragraph -->
<p>Bottles in blocks, a
line.</p>
<!-- /wp:paragraph --><!-- wp:embed {"url":"https://youtu.be/x"} --><figure class="wp-block-embed"><div class="wp-block-embed__wrapper">
https://youtu.be/x
</div></figure><!-- /wp:embed -->]]></content:encoded><wp:post_id>43</wp:post_id><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>
 <wp:post_name>%d0%ba%d0%b8%d1%97%d0%b2</wp:post_name><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>Menu</title><wp:post_id>44</wp:post_id><wp:post_type>nav_menu_item</wp:post_type><wp:status>publish</wp:status></item>
<item><title>Gone</title><wp:post_id>45</wp:post_id><wp:post_type>post</wp:post_type><wp:status>trash</wp:status></item>
</channel></rss>
)xml";

class WordPress : public ::testing::Test {
 protected:
  WordPress() : reader_(MakeWxrReader()), records_(*reader_, absl::StrCat(kHead, kPosts), 11) {
    EXPECT_THAT(records_.status, IsOk());
  }
  Item Make(size_t i) {
    const auto lookup = [&](const std::string& table, const std::string& key) { return records_.Find(table, key); };
    EXPECT_EQ(SiteOf(lookup), "https://old.example");
    absl::StatusOr<Item> item =
        MakeWordPressItem(records_.Of(kItems).at(i), {.language_code = "uk", .site_uri = SiteOf(lookup)}, lookup);
    EXPECT_THAT(item.status(), IsOk());
    return item.value_or(Item());
  }

  std::unique_ptr<RecordReader> reader_;
  Records records_;
};

TEST_F(WordPress, TakesAPostOfTheClassicEditorWithItsShortcodes) {
  const Item item = Make(0);
  const Content& content = item.article.content;
  EXPECT_EQ(item.source_id, "post 42");
  EXPECT_EQ(content.headline, "Storm & harbour");
  EXPECT_EQ(content.slug, "storm");
  EXPECT_EQ(content.dek, "In short.");
  EXPECT_EQ(item.article.state, Article::State::kPublished);
  EXPECT_EQ(absl::FormatTime(*item.article.publish_time, absl::UTCTimeZone()), "2019-05-04T10:00:00+00:00");
  EXPECT_THAT(item.article.alt_ids,
              ElementsAre(Pair("guid", "https://older.example/?p=42"), Pair("wordpress", "old.example/42")));
  EXPECT_THAT(item.former_paths, ElementsAre("/2019/05/storm"));
  EXPECT_EQ(content.lead_image->uri, "https://old.example/wp-content/harbour.jpg");
  EXPECT_EQ(content.lead_image->alt, "The \"old\" harbour");
  EXPECT_EQ(content.lead_image->caption, "By Ada");
  ASSERT_THAT(content.body, SizeIs(4));
  EXPECT_EQ(std::get<Paragraph>(content.body[0].kind).text.text, "First line.");
  EXPECT_EQ(std::get<Image>(content.body[1].kind).caption, "A boat");
  EXPECT_EQ(std::get<Image>(content.body[2].kind).alt, "The \"old\" harbour");
  EXPECT_EQ(std::get<Paragraph>(content.body[3].kind).text.text, "[sic]");
  for (const char* kind : {"script", "shortcode", "image of a gallery", "comments"}) {
    EXPECT_EQ(item.losses.by_kind().count(kind), 1u) << kind;
  }
  ASSERT_THAT(item.section, SizeIs(2));
  EXPECT_EQ(item.section[0].slug, "region");
  EXPECT_EQ(item.section[1].display_name, "Одеса");
  EXPECT_THAT(item.tags, SizeIs(2));
  ASSERT_THAT(item.authors, SizeIs(1));
  EXPECT_EQ(item.authors[0].display_name, "Олена К.");
}

TEST_F(WordPress, TakesADraftMadeOfBlocks) {
  const Item item = Make(1);
  EXPECT_EQ(item.article.state, Article::State::kDraft);
  EXPECT_EQ(item.article.content.slug, "kyiv");
  ASSERT_THAT(item.article.content.body, SizeIs(2));
  EXPECT_EQ(std::get<Paragraph>(item.article.content.body[0].kind).text.text, "Bottles in blocks, a line.");
  EXPECT_EQ(std::get<Embed>(item.article.content.body[1].kind).provider, "youtube");
}

TEST_F(WordPress, SaysOfWhatIsNoArticleWhatItIs) {
  EXPECT_THAT(Make(2).skipped.value_or(""), HasSubstr("nav_menu_item"));
  EXPECT_TRUE(Make(3).skipped.has_value());
}

absl::Status Read(absl::string_view file) {
  const auto reader = MakeWxrReader();
  return Records(*reader, file, 13).status;
}

TEST(Wxr, RefusesMalformedXmlAtItsLine) {
  const absl::Status status = Read(absl::StrCat(kHead, "<item>\n<title>A</titel></item></channel></rss>"));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(status.message()), HasSubstr("line 8:"));
  for (const char* file : {"", "{}", "<html/>", "<rss><channel>", "<rss>\xFF</rss>", "<rss><a>&unknown;</a></rss>"}) {
    EXPECT_THAT(Read(file), StatusIs(absl::StatusCode::kInvalidArgument)) << file;
  }
}

TEST(Wxr, RefusesEveryDocumentType) {
  const absl::Time start = absl::Now();
  std::string bomb = "<!DOCTYPE rss [<!ENTITY a \"ha\">";
  for (char c = 'b'; c < 'z'; ++c) {
    std::string ten;
    for (int i = 0; i < 10; ++i) absl::StrAppend(&ten, "&", std::string(1, static_cast<char>(c - 1)), ";");
    absl::StrAppend(&bomb, "<!ENTITY ", std::string(1, c), " \"", ten, "\">");
  }
  for (const std::string& type :
       {bomb + "]><rss>&y;</rss>",
        std::string("<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss>&x;</rss>"),
        std::string("<!DOCTYPE rss SYSTEM \"http://evil.example/x.dtd\"><rss/>"),
        std::string("<!DOCTYPE rss><rss/>")}) {
    const absl::Status status = Read(type);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(std::string(status.message()), HasSubstr("document type"));
  }
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
}

TEST(Wxr, LeavesOutAnItemThatIsTooLarge) {
  const auto reader = MakeWxrReader();
  const std::string huge = absl::StrCat("<item><wp:post_id>1</wp:post_id><content:encoded><![CDATA[",
                                        std::string(kMaxRecordBytes + 1, 'x'), "]]></content:encoded></item>");
  const Records records(*reader, absl::StrCat(kHead, huge, "<item><wp:post_id>2</wp:post_id></item></channel></rss>"),
                        65'536);
  EXPECT_THAT(records.status, IsOk());
  ASSERT_THAT(records.Of(kItems), SizeIs(2));
  EXPECT_EQ(records.Of(kItems)[0], "");
}

}  // namespace
}  // namespace masthead::articles
