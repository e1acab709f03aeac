#include "services/articles/rendering/html.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/articles/rendering/embed_hosts.h"

namespace masthead::articles {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Render(Block::Kind kind) { return RenderHtml({Block{"b1", std::move(kind)}}); }

TEST(Html, EscapesWhatHtmlWouldTakeForItsOwn) {
  EXPECT_EQ(Render(Paragraph{{"<script>alert('1' & \"2\")</script>", {}}}),
            "<p>&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;</p>\n");
}

TEST(Html, LeavesOutWhatXmlMayNotHold) {
  EXPECT_EQ(EscapeHtml(absl::string_view("a\0b\x01"
                                         "c\x0B"
                                         "d\x7F"
                                         "e\xEF\xBF\xBF"
                                         "f\xEF\xBF\xBE"
                                         "g\n\tї",
                                         21)),
            "abcdefg\n\tї");
}

TEST(Html, CountsMarksInCodePoints) {
  const RichText rich = {"Київ 🇺🇦 стоїть", {{5, 7, Mark::Kind::kBold, ""}, {8, 14, Mark::Kind::kItalic, ""}}};
  EXPECT_EQ(RenderHtml(rich), "Київ <strong>🇺🇦</strong> <em>стоїть</em>");
}

TEST(Html, NestsTagsWhereMarksOverlap) {
  const RichText rich = {"abcdef", {{0, 4, Mark::Kind::kBold, ""}, {2, 6, Mark::Kind::kItalic, ""}}};
  EXPECT_EQ(RenderHtml(rich), "<strong>ab<em>cd</em></strong><em>ef</em>");
}

TEST(Html, HasNoLinkWithinALink) {
  const RichText rich = {
      "abcdef", {{0, 4, Mark::Kind::kLink, "https://one.example"}, {2, 6, Mark::Kind::kLink, "https://two.example"}}};
  EXPECT_EQ(RenderHtml(rich), "<a href=\"https://one.example\">abcd</a><a href=\"https://two.example\">ef</a>");
}

TEST(Html, LeadsOnlyWhereLinksMayLead) {
  for (const std::string href :
       {"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "vbscript:x", "java\tscript:alert(1)",
        " javascript:alert(1)", "//evil.example", "https://a.example/\" onmouseover=\"x", "file:///etc/passwd"}) {
    const std::string html = RenderHtml(RichText{"here", {{0, 4, Mark::Kind::kLink, href}}});
    EXPECT_EQ(html, "here") << href;
    EXPECT_EQ(Render(Button{"here", href}), "<p>here</p>\n") << href;
    EXPECT_EQ(Render(Image{.uri = href, .alt = "x"}), "") << href;
  }
  for (const std::string href :
       {"https://a.example/?a=1&b=2", "http://a.example", "mailto:a@b.example", "tel:+380441234567"}) {
    const std::string escaped = absl::StrReplaceAll(href, {{"&", "&amp;"}});
    EXPECT_EQ(RenderHtml(RichText{"here", {{0, 4, Mark::Kind::kLink, href}}}), "<a href=\"" + escaped + "\">here</a>");
  }
}

TEST(Html, KeepsThePicturesOwnWords) {
  EXPECT_EQ(Render(Image{.uri = "https://img.example/1.jpg",
                         .alt = "A \"bridge\"",
                         .caption = "The bridge",
                         .credit = "O. B.",
                         .width = 800,
                         .height = 600}),
            "<figure><img src=\"https://img.example/1.jpg\" alt=\"A &quot;bridge&quot;\" width=\"800\" height=\"600\">"
            "<figcaption>The bridge <small>O. B.</small></figcaption></figure>\n");
}

TEST(Html, DropsHtmlAsItIsAndWhatIsStillGated) {
  EXPECT_EQ(Render(RawHtml{"<b>x</b>"}), "");
  EXPECT_EQ(Render(GatedBlocks{.blocks = {Block{"b2", Paragraph{{"hidden", {}}}}}}), "");
  EXPECT_EQ(Render(PaywallMarker{}), "");
}

TEST(Html, LinksToEmbedsOfKnownHostsOnly) {
  EXPECT_THAT(Render(Embed{"https://www.youtube.com/watch?v=1", "youtube", "The speech"}),
              HasSubstr("<a href=\"https://www.youtube.com/watch?v=1\">The speech</a>"));
  const std::string unknown = Render(Embed{"https://evil.example/x", "evil", "What it said"});
  EXPECT_THAT(unknown, Not(HasSubstr("evil")));
  EXPECT_THAT(unknown, HasSubstr("What it said"));
  for (const char* uri : {"https://youtube.com.evil.example/", "https://youtube.com@evil.example/",
                          "https://evil.example/youtube.com", "https://notyoutube.com/", "javascript:youtube.com"}) {
    EXPECT_FALSE(IsKnownEmbedHost(uri)) << uri;
  }
  EXPECT_TRUE(IsKnownEmbedHost("https://YouTube.com:443/watch"));
}

TEST(Html, NamesRelatedArticlesThatAreKnown) {
  const std::vector<Block> body = {Block{"b1", Related{{"known", "unknown"}}}};
  EXPECT_EQ(RenderHtml(body, {.related = {{"known", {"A & B", "https://paper.example/en/a"}}}}),
            "<ul><li><a href=\"https://paper.example/en/a\">A &amp; B</a></li></ul>\n");
  EXPECT_EQ(RenderHtml(body), "");
}

TEST(Html, ShowsTablesListsQuotesAndCode) {
  EXPECT_EQ(Render(Table{{{{"Year", {}}}, {{"2024", {}}}}, true, "Years"}),
            "<table><caption>Years</caption><thead><tr><th>Year</th></tr></thead><tbody><tr><td>2024</td></tr></"
            "tbody></table>\n");
  EXPECT_EQ(Render(List{{{"one", {}}, {"two", {}}}, true}), "<ol><li>one</li><li>two</li></ol>\n");
  EXPECT_EQ(Render(Quote{{"So\nit is", {}}, "Somebody"}),
            "<figure><blockquote><p>So<br>it is</p></blockquote><figcaption>Somebody</figcaption></figure>\n");
  EXPECT_EQ(Render(Code{"if (a < b)\n  c;", "c"}), "<pre><code>if (a &lt; b)\n  c;</code></pre>\n");
}

// Whatever the marks, all of the text is there in order, and every tag is closed in the order of opening.
TEST(Html, LosesNoTextHoweverMarksLie) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    RichText rich = {"абвгдеєжзи", {}};
    for (int i = random() % 6; i > 0; --i) {
      Mark mark = {static_cast<int32_t>(random() % 10), static_cast<int32_t>(random() % 12),
                   static_cast<Mark::Kind>(random() % 6), ""};
      if (mark.kind == Mark::Kind::kLink) mark.href = "https://a.example";
      rich.marks.push_back(mark);
    }
    const std::string html = RenderHtml(rich);
    std::string text;
    std::vector<std::string> open;
    for (size_t i = 0; i < html.size(); ++i) {
      if (html[i] != '<') {
        text += html[i];
        continue;
      }
      const size_t end = html.find('>', i);
      std::string tag = html.substr(i + 1, end - i - 1);
      i = end;
      if (tag[0] != '/') {
        tag = tag.substr(0, tag.find(' '));
        ASSERT_FALSE(tag == "a" && std::count(open.begin(), open.end(), "a") > 0) << html;
        open.push_back(tag);
      } else {
        ASSERT_FALSE(open.empty()) << html;
        ASSERT_EQ("/" + open.back(), tag) << html;
        open.pop_back();
      }
    }
    ASSERT_TRUE(open.empty()) << html;
    ASSERT_EQ(text, rich.text) << html;
  }
}

}  // namespace
}  // namespace masthead::articles
