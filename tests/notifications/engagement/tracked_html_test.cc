// Links and pixels that count, and who follows them.
#include "services/notifications/engagement/tracked_html.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/notifications/engagement/visit.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kUrl[] = "https://site.example/en/talks?a=1&b=2";

class EngagementTokensTest : public ::testing::Test {
 protected:
  const crypto::MacKey key_ = *crypto::MacKey::FromBytes(std::string(32, 'k'));
  const EngagementTokens tokens_{{{1, key_.Derive("masthead engagement")}}, 1};
  const EngagementRef whole_ = {.message = (int64_t{1} << 48) - 1, .delivery = (int64_t{1} << 40) - 1, .variant = 9};
};

TEST_F(EngagementTokensTest, ComeBackAsTheyWereMade) {
  EXPECT_THAT(tokens_.OpenLink(tokens_.IssueLink(whole_, kUrl), kUrl), IsOkAndHolds(whole_));
  const EngagementRef nobody = {.message = 17};
  EXPECT_THAT(tokens_.OpenPixel(tokens_.IssuePixel(nobody)), IsOkAndHolds(nobody));
}

TEST_F(EngagementTokensTest, LeadNowhereElse) {
  const std::string token = tokens_.IssueLink(whole_, kUrl);
  EXPECT_EQ(token.size(), 40u);
  EXPECT_THAT(tokens_.OpenLink(token, "https://evil.example/"),
              StatusIs(StatusCode::kPermissionDenied, "TOKEN_INVALID"));
  EXPECT_THAT(tokens_.OpenPixel(token), StatusIs(StatusCode::kPermissionDenied, "TOKEN_INVALID"));
  EXPECT_THAT(tokens_.OpenLink("", kUrl), StatusIs(StatusCode::kPermissionDenied, "TOKEN_INVALID"));
  const EngagementTokens others({{1, crypto::MacKey::Random()}}, 1);
  EXPECT_THAT(others.OpenLink(token, kUrl), StatusIs(StatusCode::kPermissionDenied, "TOKEN_INVALID"));
  for (size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(tokens_.OpenLink(forged, kUrl), Not(IsOk())) << i;
  }
}

class TrackedHtmlTest : public EngagementTokensTest {
 protected:
  std::string Track(const std::string& html) const {
    return TrackHtml(html, "https://news.example", tokens_, {.message = 17});
  }
  std::string Link(const std::string& url, const std::string& encoded) const {
    return absl::StrCat("\"https://news.example/l/", tokens_.IssueLink({.message = 17}, url), "?u=", encoded, "\"");
  }
  std::string Pixel() const {
    return absl::StrCat("<img src=\"https://news.example/o/", tokens_.IssuePixel({.message = 17}),
                        "\" width=\"1\" height=\"1\" alt=\"\">");
  }
};

TEST_F(TrackedHtmlTest, LeadsLinksThroughTheNewsroomAndTouchesNothingElse) {
  EXPECT_EQ(Track("<!DOCTYPE html>\n<html><body  class='x'><P>Київ &amp; co<a title=\"t\" "
                  "HREF='https://a.example/?x=1&amp;y=2' id=b>go</a>"
                  "</BODY>\n</html>\n"),
            absl::StrCat("<!DOCTYPE html>\n<html><body  class='x'><P>Київ &amp; co<a title=\"t\" HREF=",
                         Link("https://a.example/?x=1&y=2", "https://a.example/%3Fx%3D1%26y%3D2"), " id=b>go</a>",
                         Pixel(), "</BODY>\n</html>\n"));
}

TEST_F(TrackedHtmlTest, CountsLinksToASiteThatBeginsAsOurPagesDo) {
  EXPECT_THAT(Track("<a href=\"https://news.example/en/talks\">x</a>"),
              HasSubstr(Link("https://news.example/en/talks", "https://news.example/en/talks")));
}

TEST_F(TrackedHtmlTest, LeavesLinksThatAreNotForCounting) {
  for (const char* href :
       {"mailto:desk@news.example", "#part", "/relative", "\x1aunsubscribe_url\x1a", "javascript:alert(1)",
        "https://news.example/u/token", "https://приклад.укр/", "https://a.example/a b", ""}) {
    const std::string html = absl::StrCat("<a href=\"", href, "\">x</a>");
    EXPECT_EQ(Track(html), absl::StrCat(html, Pixel())) << href;
  }
  const std::string text = "<p>Not a link: href=\"https://a.example/\"</p>";
  EXPECT_EQ(Track(text), absl::StrCat(text, Pixel()));
}

TEST_F(TrackedHtmlTest, RewritesALinkOnceThatTheParserHoldsTwice) {
  const std::string tracked = Track("<a href=\"https://a.example/\"><p>x<div><a href=https://b.example/>y</a></div>");
  EXPECT_THAT(tracked, HasSubstr(Link("https://a.example/", "https://a.example/")));
  EXPECT_THAT(tracked, HasSubstr(Link("https://b.example/", "https://b.example/")));
  EXPECT_THAT(tracked, Not(HasSubstr("=https://b.example/>")));
}

TEST(Visit, TellsProgramsFromReaders) {
  const char* const kFirefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
  EXPECT_FALSE(IsByMachine({.method = "GET", .user_agent = kFirefox, .purpose = ""}));
  EXPECT_TRUE(IsByMachine({.method = "HEAD", .user_agent = kFirefox, .purpose = ""}));
  EXPECT_TRUE(IsByMachine({.method = "GET", .user_agent = kFirefox, .purpose = "prefetch;prerender"}));
  for (const char* machine :
       {"", "Mozilla/5.0", "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "curl/8.5.0",
        "python-requests/2.31"}) {
    EXPECT_TRUE(IsByMachine({.method = "GET", .user_agent = machine, .purpose = ""})) << machine;
  }
}

}  // namespace
}  // namespace masthead::notifications
