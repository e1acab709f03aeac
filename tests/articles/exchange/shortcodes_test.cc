#include "services/articles/exchange/shortcodes.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;

// The file has the pictures 1 and 2.
std::string Expand(absl::string_view html, Losses& losses) {
  const auto picture = [](const std::string& id) {
    return id == "1" || id == "2" ? absl::StrCat("<img src=\"", id, ".jpg\">") : "";
  };
  return ExpandShortcodes(html, picture, losses);
}

std::string Expand(absl::string_view html) {
  Losses losses;
  std::string expanded = Expand(html, losses);
  EXPECT_THAT(losses.by_kind(), IsEmpty()) << html;
  return expanded;
}

TEST(Shortcodes, EmbedWhatTheyEncloseOrName) {
  constexpr char kEmbedded[] = "<iframe src=\"https://video.example/a-film-with-a-name-that-is-long\"></iframe>";
  EXPECT_EQ(Expand("[embed width=\"9\"] https://video.example/a-film-with-a-name-that-is-long [/embed]"), kEmbedded);
  EXPECT_EQ(Expand("[embed src=\"https://video.example/a-film-with-a-name-that-is-long\"]"), kEmbedded);
}

TEST(Shortcodes, BecomeTheElementsThatWordPressMakesOfThem) {
  EXPECT_EQ(Expand("a [caption id=\"x\"]<img src=\"b\"> A <b>boat</b>[/caption] c"),
            "a <figure><img src=\"b\"><figcaption> A <b>boat</b></figcaption></figure> c");
  EXPECT_EQ(Expand("[wp_caption caption=\"Old\"]<img src=\"b\">[/wp_caption]"),
            "<figure><img src=\"b\"><figcaption>Old</figcaption></figure>");
  EXPECT_EQ(Expand("[audio mp3='https://x.example/\"a.mp3']"), "<audio src=\"https://x.example/&quot;a.mp3\"></audio>");
  EXPECT_EQ(Expand("[gallery ids=\"1, 2\"]"),
            "<figure class=\"gallery\"><img src=\"1.jpg\"><img src=\"2.jpg\"></figure>");
}

TEST(Shortcodes, AreToldWhereTheyComeToNothing) {
  Losses losses;
  EXPECT_EQ(Expand("[gallery ids=\"1,7\"][gallery][form id=\"7\"]in[/form]", losses),
            "<figure class=\"gallery\"><img src=\"1.jpg\"></figure>in");
  EXPECT_THAT(losses.by_kind(),
              ElementsAre(Key("gallery without a list of images"), Key("image of a gallery"), Key("shortcode")));
  EXPECT_EQ(losses.by_kind().at("image of a gallery").example, "7");
}

TEST(Shortcodes, LeaveOtherBracketsAlone) {
  for (const char* text : {"He said [sic] so", "[", "[]", "a[1]", "[/", "[embed src=\"never closed", "[ a ]"}) {
    EXPECT_EQ(Expand(text), text);
  }
}

}  // namespace
}  // namespace masthead::articles
