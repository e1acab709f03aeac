#include "services/articles/exchange/html_to_blocks.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/articles/article/block_rules.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Converted {
  std::vector<Block> blocks;
  Losses losses;

  template <typename Kind>
  const Kind& At(size_t i) const {
    return std::get<Kind>(blocks.at(i).kind);
  }
  int Lost(const std::string& kind) const {
    const auto found = losses.by_kind().find(kind);
    return found == losses.by_kind().end() ? 0 : found->second.count;
  }
};

// Whatever comes out must be what an article may hold.
Converted Convert(absl::string_view html, const HtmlSource& source = {.base_uri = "https://old.example/2019/storm"}) {
  Converted converted;
  absl::StatusOr<std::vector<Block>> blocks = HtmlToBlocks(html, source, converted.losses);
  EXPECT_THAT(blocks.status(), IsOk());
  if (!blocks.ok()) return converted;
  converted.blocks = *std::move(blocks);
  FieldViolations violations;
  std::vector<Block> checked = converted.blocks;
  CheckBody("body", checked, violations);
  EXPECT_THAT(violations.ToStatus(), IsOk()) << html;
  EXPECT_EQ(checked, converted.blocks) << "not in normal form";
  return converted;
}

Mark Bold(int start, int end) { return {.start = start, .end = end, .kind = Mark::Kind::kBold}; }

TEST(HtmlToBlocks, MakesParagraphsWithMarks) {
  const Converted made =
      Convert("<p>The <strong>storm</strong> is <a href=\"/map\">here</a>.</p>\n<p>\n</p><p>Go &amp; see&hellip;</p>");
  ASSERT_THAT(made.blocks, SizeIs(2));
  EXPECT_EQ(made.At<Paragraph>(0).text.text, "The storm is here.");
  EXPECT_THAT(made.At<Paragraph>(0).text.marks,
              ElementsAre(Bold(4, 9),
                          Mark{.start = 13, .end = 17, .kind = Mark::Kind::kLink, .href = "https://old.example/map"}));
  EXPECT_EQ(made.At<Paragraph>(1).text.text, "Go & see…");
  EXPECT_THAT(made.losses.by_kind(), IsEmpty());
}

TEST(HtmlToBlocks, CountsMarksInCodePointsOnEdgesOfGraphemes) {
  // A family of three is one character of five code points; the bold begins in its midst.
  const Converted made = Convert("<p>x\U0001F468\u200D<b>\U0001F469\u200D\U0001F467 y</b></p>");
  EXPECT_THAT(made.At<Paragraph>(0).text.marks, ElementsAre(Bold(1, 8)));
}

TEST(HtmlToBlocks, ComposesWhatIsDecomposedAndKeepsMarksInPlace) {
  // `ї` as `і` and a diaeresis, the diaeresis in the bold.
  const Converted made = Convert("<p>К\u0438\u0457в, \u0456\u0308ї <b>там</b></p><p>\u0456<b>\u0308x</b></p>");
  EXPECT_EQ(made.At<Paragraph>(0).text.text, "Київ, її там");
  EXPECT_THAT(made.At<Paragraph>(0).text.marks, ElementsAre(Bold(9, 12)));
  EXPECT_EQ(made.At<Paragraph>(1).text.text, "їx");
}

TEST(HtmlToBlocks, CollapsesWhiteSpaceAsBrowsersDo) {
  const Converted made = Convert("<p>  a\n\t b <b> c </b> d<br>\n e&nbsp;f </p>");
  EXPECT_EQ(made.At<Paragraph>(0).text.text, "a b c d\ne\u00A0f");
  EXPECT_THAT(made.At<Paragraph>(0).text.marks, ElementsAre(Bold(4, 5)));
}

TEST(HtmlToBlocks, MakesHeadingsListsQuotesCodeAndDividers) {
  const Converted made = Convert(
      "<h1>One</h1><h6>Six</h6><ul><li>a<ul><li>b</li><li><p>c</p></li></ul></li><li></li></ul><ol><li>1</li></ol>"
      "<blockquote><p>We know.</p><p>Now.</p><cite>Ada</cite></blockquote>"
      "<pre><code class=\"language-cpp\">int  x;\n  y();\n</code></pre><hr>");
  ASSERT_THAT(made.blocks, SizeIs(7));
  EXPECT_EQ(made.At<Heading>(0).level, 2);
  EXPECT_EQ(made.At<Heading>(1).level, 4);
  EXPECT_THAT(made.At<List>(2).items, SizeIs(3));
  EXPECT_EQ(made.Lost("list in a list"), 1);
  EXPECT_TRUE(made.At<List>(3).ordered);
  EXPECT_EQ(made.At<Quote>(4).text.text, "We know.\nNow.");
  EXPECT_EQ(made.At<Quote>(4).attribution, "Ada");
  EXPECT_EQ(made.At<Code>(5).text, "int  x;\n  y();");
  EXPECT_EQ(made.At<Code>(5).language, "cpp");
  EXPECT_TRUE(std::holds_alternative<Divider>(made.blocks[6].kind));
}

TEST(HtmlToBlocks, MakesImagesWithCaptionsAndGalleries) {
  const Converted made = Convert(
      "<p>Before <img src=\"/a b.jpg\" alt=\"A boat\" width=\"640\"> after</p>"
      "<figure><img src=\"https://cdn.example/c.jpg\"><figcaption>The <b>harbour</b></figcaption></figure>"
      "<figure class=\"kg-gallery-card\"><img src=\"/1.jpg\" alt=\"1\"><img src=\"/2.jpg\" alt=\"2\"></figure>"
      "<img src=\"data:image/png;base64,AAAA\">");
  ASSERT_THAT(made.blocks, SizeIs(5));
  EXPECT_EQ(made.At<Paragraph>(0).text.text, "Before");
  EXPECT_EQ(made.At<Image>(1).uri, "https://old.example/a%20b.jpg");
  EXPECT_EQ(made.At<Image>(1).width, 640);
  EXPECT_EQ(made.At<Image>(3).caption, "The harbour");
  EXPECT_THAT(made.At<Gallery>(4).images, SizeIs(2));
  EXPECT_EQ(made.Lost("no alternative text"), 1);
  EXPECT_EQ(made.Lost("image"), 1);
}

TEST(HtmlToBlocks, EmbedsKnownPlayersAndNobodyElse) {
  const Converted made = Convert(
      "<iframe src=\"//www.youtube.com/embed/x\"></iframe>"
      "<p>https://vimeo.com/1</p>"
      "<blockquote class=\"twitter-tweet\"><p>News!</p><a href=\"https://twitter.com/a/status/1\">May "
      "1</a></blockquote>"
      "<iframe src=\"https://evil.example/x\"></iframe><iframe src=\"https://youtube.com@evil.example/x\"></iframe>"
      "<iframe src=\"javascript:alert(1)\"></iframe><iframe srcdoc=\"<script>alert(1)</script>\"></iframe>");
  ASSERT_THAT(made.blocks, SizeIs(3));
  EXPECT_EQ(made.At<Embed>(0).uri, "https://www.youtube.com/embed/x");
  EXPECT_EQ(made.At<Embed>(1).provider, "vimeo");
  EXPECT_EQ(made.At<Embed>(2).uri, "https://twitter.com/a/status/1");
  EXPECT_EQ(made.Lost("embed"), 4);
}

TEST(HtmlToBlocks, DropsAndTellsWhatCouldRun) {
  const Converted made = Convert(
      "<script>alert(1)</script><style>p{}</style><p onclick=\"alert(1)\">Safe <a "
      "href=\"java\tscript:alert(1)\">words</a> "
      "<a href=\" JaVaScRiPt:alert(1)\">two</a> <a href=\"data:text/html,x\">three</a></p><svg onload=alert(1)></svg>"
      "<form><input autofocus onfocus=alert(1)></form><object data=x></object><math><mi>x</mi></math>");
  ASSERT_THAT(made.blocks, SizeIs(1));
  EXPECT_EQ(made.At<Paragraph>(0).text.text, "Safe words two three");
  EXPECT_THAT(made.At<Paragraph>(0).text.marks, IsEmpty());
  for (const char* kind : {"script", "style", "svg", "form", "object", "math"}) EXPECT_EQ(made.Lost(kind), 1) << kind;
  EXPECT_EQ(made.Lost("event handler"), 2);
  EXPECT_EQ(made.Lost("link"), 3);
}

TEST(HtmlToBlocks, MakesTablesOfEqualRows) {
  const Converted made = Convert(
      "<figure><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td></tr>"
      "<tr><td colspan=\"2\"><b>2</b></td></tr></tbody></table><figcaption>Numbers</figcaption></figure>");
  ASSERT_THAT(made.blocks, SizeIs(1));
  EXPECT_TRUE(made.At<Table>(0).has_header);
  EXPECT_THAT(made.At<Table>(0).rows, ElementsAre(SizeIs(2), SizeIs(2), SizeIs(2)));
  EXPECT_EQ(made.At<Table>(0).caption, "Numbers");
  EXPECT_EQ(made.Lost("merged table cells"), 1);
}

TEST(HtmlToBlocks, ReadsGhostsCardsMarkersAndGates) {
  const Converted made = Convert(
      "<p>Free.</p><!--members-only--><p>Paid.</p>"
      "<!--kg-gated-block:begin nonMember:true memberSegment:\"\" --><p>Join us.</p><!--kg-gated-block:end-->"
      "<!--kg-gated-block:begin nonMember:false memberSegment:\"status:-free\" "
      "--><p>Thanks.</p><!--kg-gated-block:end-->"
      "<div class=\"kg-card kg-callout-card\"><div class=\"kg-callout-emoji\">!</div>"
      "<div class=\"kg-callout-text\">Mind the <i>gap</i></div></div>"
      "<div class=\"kg-card kg-button-card\"><a href=\"https://a.example/\" class=\"kg-btn\">Press</a></div>");
  ASSERT_THAT(made.blocks, SizeIs(7));
  EXPECT_TRUE(std::holds_alternative<PaywallMarker>(made.blocks[1].kind));
  EXPECT_EQ(made.At<GatedBlocks>(3).audience, GatedBlocks::Audience::kNonMembers);
  EXPECT_EQ(made.At<GatedBlocks>(4).audience, GatedBlocks::Audience::kMembers);
  EXPECT_EQ(made.At<Callout>(5).text.text, "Mind the gap");
  EXPECT_EQ(made.At<Button>(6).href, "https://a.example/");
}

TEST(HtmlToBlocks, TakesBlankLinesForParagraphsWhereTheyCount) {
  const Converted made = Convert("One <b>two\nthree</b>\n\n\nfour", {.base_uri = "", .lines_count = true});
  ASSERT_THAT(made.blocks, SizeIs(2));
  EXPECT_EQ(made.At<Paragraph>(0).text.text, "One two\nthree");
  EXPECT_THAT(made.At<Paragraph>(0).text.marks, ElementsAre(Bold(4, 13)));
}

TEST(HtmlToBlocks, SplitsWhatIsLongerThanAParagraphMayBe) {
  std::string words;
  for (int i = 0; i < 9000; ++i) absl::StrAppend(&words, "слово ");
  const Converted made = Convert(absl::StrCat("<p><b>", words, "</b></p><pre>", std::string(50'000, 'x'), "</pre>"));
  ASSERT_THAT(made.blocks, SizeIs(6));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(made.At<Paragraph>(i).text.marks, SizeIs(1));
}

TEST(HtmlToBlocks, LeavesOutControlsAndWhatTurnsTextAround) {
  const Converted made = Convert(absl::string_view("<p>a\0b\x01 c\u202Ed&#x1F;&#0;</p>", 28));
  EXPECT_EQ(made.blocks.size(), 1u);
  EXPECT_EQ(made.At<Paragraph>(0).text.text.find('\0'), std::string::npos);
}

TEST(HtmlToBlocks, OfNothingIsNothing) {
  EXPECT_THAT(Convert("").blocks, IsEmpty());
  EXPECT_THAT(Convert("<!-- wp:paragraph --> \n<p>&nbsp;</p><ul></ul><table></table><blockquote></blockquote>").blocks,
              IsEmpty());
}

// What would cost a parser its memory, its stack or an hour.
TEST(HtmlToBlocks, RefusesWhatIsMadeToBeExpensive) {
  const auto repeated = [](absl::string_view piece, int times) {
    std::string html;
    for (int i = 0; i < times; ++i) absl::StrAppend(&html, piece);
    return html;
  };
  std::string distinct;
  for (int i = 0; i < 400; ++i) absl::StrAppend(&distinct, "<b id=", i, ">");
  const absl::Time start = absl::Now();
  for (const std::string& html : {std::string(3 << 20, 'x'), repeated("<div>", 300'000), repeated("<b><p>", 200'000),
                                  absl::StrCat(distinct, repeated("<p>x", 300'000)), repeated("<table><td>", 100'000),
                                  repeated("<a><div></div></x>", 100'000), repeated("<div></x>", 100'000)}) {
    Losses losses;
    EXPECT_THAT(HtmlToBlocks(html, {}, losses).status(), StatusIs(absl::StatusCode::kResourceExhausted));
  }
  Losses losses;
  EXPECT_THAT(HtmlToBlocks(repeated("<p>x<li>y", 20'000), {}, losses).status(), IsOk());
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
}

}  // namespace
}  // namespace masthead::articles
