// Every limit of an article's fields and blocks: what is at it passes, what is one beyond it is told by its field.
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/articles/article/article_rules.h"
#include "services/articles/article/block_rules.h"
#include "services/articles/article/content_rules.h"
#include "tests/articles/article/violations.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// So many letters of two bytes each.
std::string Letters(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += "ї";
  return text;
}

std::vector<std::string> Ids(size_t count) {
  std::vector<std::string> ids;
  for (size_t i = 0; i < count; ++i) ids.push_back("id-" + std::to_string(i));
  return ids;
}

std::string Uri(size_t bytes) {
  std::string uri = "https://x.org/";
  return uri + std::string(bytes - uri.size(), 'a');
}

std::vector<std::string> Check(Article article) {
  FieldViolations violations;
  CheckWritten(article, violations);
  return violations.empty() ? std::vector<std::string>() : FieldsOf(violations);
}

// A field whose content may be so large.
struct FieldLimit {
  const char* field;
  size_t most;
  std::function<void(Article&, size_t)> fill;
};

void PrintTo(const FieldLimit& limit, std::ostream* out) { *out << limit.field; }

class LimitOf : public ::testing::TestWithParam<FieldLimit> {};

TEST_P(LimitOf, IsKept) {
  const FieldLimit& limit = GetParam();
  Article article;
  limit.fill(article, limit.most);
  EXPECT_THAT(Check(article), IsEmpty());
  limit.fill(article, limit.most + 1);
  EXPECT_THAT(Check(article), ElementsAre(limit.field));
}

INSTANTIATE_TEST_SUITE_P(
    Fields, LimitOf,
    ::testing::Values(
        FieldLimit{"article.headline", 300, [](Article& a, size_t n) { a.content.headline = Letters(n); }},
        FieldLimit{"article.short_headline", 120, [](Article& a, size_t n) { a.content.short_headline = Letters(n); }},
        FieldLimit{"article.kicker", 80, [](Article& a, size_t n) { a.content.kicker = Letters(n); }},
        FieldLimit{"article.dek", 1000, [](Article& a, size_t n) { a.content.dek = Letters(n); }},
        FieldLimit{"article.slug", 96, [](Article& a, size_t n) { a.content.slug = std::string(n, 'a'); }},
        FieldLimit{"article.bylines", 20, [](Article& a, size_t n) { a.content.bylines.resize(n); }},
        FieldLimit{"article.bylines[0].display_name_override", 200,
                   [](Article& a, size_t n) { a.content.bylines = {{.display_name_override = Letters(n)}}; }},
        FieldLimit{"article.dateline.place", 200,
                   [](Article& a, size_t n) { a.content.dateline = Dateline{Letters(n), ""}; }},
        FieldLimit{"article.source.name", 200, [](Article& a, size_t n) { a.content.source = Source{Letters(n)}; }},
        FieldLimit{"article.rights.holder", 200,
                   [](Article& a, size_t n) { a.content.rights = Rights{.holder = Letters(n)}; }},
        FieldLimit{"article.rights.notice", 300,
                   [](Article& a, size_t n) { a.content.rights = Rights{.notice = Letters(n)}; }},
        FieldLimit{"article.rights.usage_terms", 2000,
                   [](Article& a, size_t n) { a.content.rights = Rights{.usage_terms = Letters(n)}; }},
        FieldLimit{"article.additional_sections", 5,
                   [](Article& a, size_t n) { a.content.additional_section_ids = Ids(n); }},
        FieldLimit{"article.tags", 50, [](Article& a, size_t n) { a.content.tag_ids = Ids(n); }},
        FieldLimit{"article.places", 20, [](Article& a, size_t n) { a.content.place_ids = Ids(n); }},
        FieldLimit{"article.urgency", 9, [](Article& a, size_t n) { a.content.urgency = static_cast<int32_t>(n); }},
        FieldLimit{"article.lead_image.alt", 1000,
                   [](Article& a, size_t n) { a.content.lead_image = Image{.uri = Uri(20), .alt = Letters(n)}; }},
        FieldLimit{"article.seo.title", 300, [](Article& a, size_t n) { a.content.seo = Seo{.title = Letters(n)}; }},
        FieldLimit{"article.seo.description", 500,
                   [](Article& a, size_t n) { a.content.seo = Seo{.description = Letters(n)}; }},
        FieldLimit{"article.seo.canonical_uri", 2048,
                   [](Article& a, size_t n) { a.content.seo = Seo{.canonical_uri = Uri(n)}; }},
        FieldLimit{"article.social.title", 300,
                   [](Article& a, size_t n) { a.content.social = Social{.title = Letters(n)}; }},
        FieldLimit{"article.social.description", 500,
                   [](Article& a, size_t n) { a.content.social = Social{.description = Letters(n)}; }},
        FieldLimit{"article.content_warnings", 10,
                   [](Article& a, size_t n) {
                     a.content.content_warnings.assign(n, {ContentWarning::Kind::kDeath, ""});
                   }},
        FieldLimit{"article.content_warnings[0].text", 300,
                   [](Article& a, size_t n) {
                     a.content.content_warnings = {{ContentWarning::Kind::kOther, Letters(n)}};
                   }},
        FieldLimit{"article.access.plans", 20,
                   [](Article& a, size_t n) {
                     a.content.access = {.level = Access::Level::kPlans, .plans = Ids(n)};
                   }},
        FieldLimit{"article.access.preview_paragraphs", 100,
                   [](Article& a, size_t n) { a.content.access.preview_paragraphs = static_cast<int32_t>(n); }},
        FieldLimit{"article.custom_fields", (16 << 10) - 8,
                   [](Article& a, size_t n) { a.content.custom_fields = "{\"a\":\"" + std::string(n, 'x') + "\"}"; }},
        FieldLimit{"article.custom_fields", 64,
                   [](Article& a, size_t n) {
                     std::string json;
                     for (const std::string& id : Ids(n)) json += (json.empty() ? "{\"" : ",\"") + id + "\":null";
                     a.content.custom_fields = json + "}";
                   }},
        FieldLimit{"article.labels", 32,
                   [](Article& a, size_t n) {
                     a.labels.clear();
                     for (const std::string& id : Ids(n)) a.labels[id] = "x";
                   }},
        FieldLimit{"article.labels", 63, [](Article& a, size_t n) { a.labels = {{std::string(n, 'k'), "x"}}; }},
        FieldLimit{"article.labels", 63, [](Article& a, size_t n) { a.labels = {{"desk", Letters(n)}}; }},
        FieldLimit{"article.alt_ids", 10,
                   [](Article& a, size_t n) {
                     a.alt_ids.clear();
                     for (const std::string& id : Ids(n)) a.alt_ids[id] = "x";
                   }},
        FieldLimit{"article.alt_ids", 32, [](Article& a, size_t n) { a.alt_ids = {{std::string(n, 's'), "x"}}; }},
        FieldLimit{"article.alt_ids", 500, [](Article& a, size_t n) { a.alt_ids = {{"guid", std::string(n, 'x')}}; }},
        FieldLimit{"article.body", 2000, [](Article& a, size_t n) { a.content.body.assign(n, {"", Divider()}); }}));

// A block whose content may be so large.
struct BlockLimit {
  const char* field;
  size_t most;
  std::function<Block::Kind(size_t)> make;
};

void PrintTo(const BlockLimit& limit, std::ostream* out) { *out << limit.field; }

class LimitOfBlock : public ::testing::TestWithParam<BlockLimit> {};

TEST_P(LimitOfBlock, IsKept) {
  const BlockLimit& limit = GetParam();
  Article article;
  article.content.body = {{"a", limit.make(limit.most)}};
  EXPECT_THAT(Check(article), IsEmpty());
  article.content.body = {{"a", limit.make(limit.most + 1)}};
  EXPECT_THAT(Check(article), ElementsAre(std::string("article.body[0].") + limit.field));
}

RichText Rich(size_t letters) { return {Letters(letters), {}}; }

std::vector<std::vector<RichText>> Rows(size_t rows, size_t cells) {
  return std::vector<std::vector<RichText>>(rows, std::vector<RichText>(cells));
}

INSTANTIATE_TEST_SUITE_P(
    Blocks, LimitOfBlock,
    ::testing::Values(
        BlockLimit{"paragraph.text.text", 20'000, [](size_t n) { return Paragraph{Rich(n)}; }},
        BlockLimit{"paragraph.text.marks", 500,
                   [](size_t n) {
                     return Paragraph{{"ab", std::vector<Mark>(n, {0, 1, Mark::Kind::kBold, ""})}};
                   }},
        BlockLimit{"paragraph.text.marks[0].href", 2048,
                   [](size_t n) {
                     return Paragraph{{"ab", {{0, 1, Mark::Kind::kLink, Uri(n)}}}};
                   }},
        BlockLimit{"heading.text.text", 300, [](size_t n) { return Heading{Rich(n), 2}; }},
        BlockLimit{"heading.level", 4, [](size_t n) { return Heading{Rich(1), static_cast<int32_t>(n)}; }},
        BlockLimit{"image.uri", 2048, [](size_t n) { return Image{.uri = Uri(n)}; }},
        BlockLimit{"image.caption", 1000, [](size_t n) { return Image{.uri = Uri(20), .caption = Letters(n)}; }},
        BlockLimit{"image.credit", 300, [](size_t n) { return Image{.uri = Uri(20), .credit = Letters(n)}; }},
        BlockLimit{"image.licence", 300, [](size_t n) { return Image{.uri = Uri(20), .licence = Letters(n)}; }},
        BlockLimit{"image.width", 100'000,
                   [](size_t n) {
                     return Image{.uri = Uri(20), .width = static_cast<int32_t>(n)};
                   }},
        BlockLimit{"image.height", 100'000,
                   [](size_t n) {
                     return Image{.uri = Uri(20), .height = static_cast<int32_t>(n)};
                   }},
        BlockLimit{"image.focal_point", 1,
                   [](size_t n) {
                     return Image{.uri = Uri(20), .focal_point = FocalPoint{0, static_cast<double>(n)}};
                   }},
        BlockLimit{"quote.text.text", 20'000, [](size_t n) { return Quote{Rich(n), ""}; }},
        BlockLimit{"quote.attribution", 300, [](size_t n) { return Quote{Rich(1), Letters(n)}; }},
        BlockLimit{"list.items", 200, [](size_t n) { return List{std::vector<RichText>(n, Rich(1))}; }},
        BlockLimit{"list.items[0].text", 20'000, [](size_t n) { return List{{Rich(n)}}; }},
        BlockLimit{"embed.uri", 2048, [](size_t n) { return Embed{Uri(n)}; }},
        BlockLimit{"embed.provider", 60, [](size_t n) { return Embed{Uri(20), Letters(n)}; }},
        BlockLimit{"embed.fallback_text", 1000, [](size_t n) { return Embed{Uri(20), "", Letters(n)}; }},
        BlockLimit{"gallery.images", 50, [](size_t n) { return Gallery{std::vector<Image>(n, {.uri = Uri(20)})}; }},
        BlockLimit{"gallery.images[0].alt", 1000,
                   [](size_t n) {
                     return Gallery{{{.uri = Uri(20), .alt = Letters(n)}}};
                   }},
        BlockLimit{"gallery.caption", 1000, [](size_t n) { return Gallery{{{.uri = Uri(20)}}, Letters(n)}; }},
        BlockLimit{"video.uri", 2048, [](size_t n) { return Video{Uri(n)}; }},
        BlockLimit{"video.poster_uri", 2048, [](size_t n) { return Video{Uri(20), Uri(n)}; }},
        BlockLimit{"video.caption", 1000, [](size_t n) { return Video{Uri(20), "", Letters(n)}; }},
        BlockLimit{"video.credit", 300, [](size_t n) { return Video{Uri(20), "", "", Letters(n)}; }},
        BlockLimit{"video.transcript", 20'000, [](size_t n) { return Video{Uri(20), "", "", "", Letters(n)}; }},
        BlockLimit{"audio.uri", 2048, [](size_t n) { return Audio{Uri(n)}; }},
        BlockLimit{"audio.title", 300, [](size_t n) { return Audio{Uri(20), Letters(n)}; }},
        BlockLimit{"audio.duration_seconds", 86'400,
                   [](size_t n) {
                     return Audio{Uri(20), "", static_cast<int32_t>(n)};
                   }},
        BlockLimit{"audio.credit", 300, [](size_t n) { return Audio{Uri(20), "", 0, Letters(n)}; }},
        BlockLimit{"audio.transcript", 20'000, [](size_t n) { return Audio{Uri(20), "", 0, "", Letters(n)}; }},
        BlockLimit{"pull_quote.text.text", 1000, [](size_t n) { return PullQuote{Rich(n), ""}; }},
        BlockLimit{"pull_quote.attribution", 300, [](size_t n) { return PullQuote{Rich(1), Letters(n)}; }},
        BlockLimit{"table.rows", 500, [](size_t n) { return Table{Rows(n, 1)}; }},
        BlockLimit{"table.rows[0].cells", 20, [](size_t n) { return Table{Rows(1, n)}; }},
        BlockLimit{"table.rows[0].cells[0].text", 20'000, [](size_t n) { return Table{{{Rich(n)}}}; }},
        BlockLimit{"table.caption", 1000, [](size_t n) { return Table{Rows(1, 1), false, Letters(n)}; }},
        BlockLimit{"code.text", 20'000, [](size_t n) { return Code{Letters(n), "c++"}; }},
        BlockLimit{"code.language", 40, [](size_t n) { return Code{"x", std::string(n, 'a')}; }},
        BlockLimit{"button.text", 120, [](size_t n) { return Button{Letters(n), Uri(20)}; }},
        BlockLimit{"button.href", 2048, [](size_t n) { return Button{"Go", Uri(n)}; }},
        BlockLimit{"callout.text.text", 20'000, [](size_t n) { return Callout{Rich(n), ""}; }},
        BlockLimit{"callout.title", 300, [](size_t n) { return Callout{Rich(1), Letters(n)}; }},
        BlockLimit{"raw_html.html", 65'536, [](size_t n) { return RawHtml{std::string(n, 'x')}; }},
        BlockLimit{"related.articles", 10, [](size_t n) { return Related{Ids(n)}; }},
        BlockLimit{"gate.blocks", 200,
                   [](size_t n) {
                     return GatedBlocks{GatedBlocks::Audience::kMembers, {}, std::vector<Block>(n, {"", Divider()})};
                   }},
        BlockLimit{"gate.plans", 20, [](size_t n) {
                     return GatedBlocks{GatedBlocks::Audience::kPlans, Ids(n), {{"", Divider()}}};
                   }}));

struct Wrong {
  const char* field;
  Block::Kind kind;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.field; }

class WrongBlock : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongBlock, IsToldByItsField) {
  Article article;
  article.content.body = {{"a", GetParam().kind}};
  EXPECT_THAT(Check(article), ElementsAre(std::string("article.body[0].") + GetParam().field));
}

constexpr auto kMembers = GatedBlocks::Audience::kMembers;

INSTANTIATE_TEST_SUITE_P(
    Blocks, WrongBlock,
    ::testing::Values(
        Wrong{"paragraph.text.text", Paragraph{{" \n", {}}}}, Wrong{"heading.level", Heading{{"x", {}}, 1}},
        Wrong{"quote.text.text", Quote{}}, Wrong{"list.items", List{}}, Wrong{"embed.uri", Embed{"http://x.org"}},
        Wrong{"gallery.images", Gallery{}}, Wrong{"video.uri", Video{}}, Wrong{"audio.uri", Audio{"ftp://x.org"}},
        Wrong{"audio.duration_seconds", Audio{"https://x.org", "", -1}}, Wrong{"pull_quote.text.text", PullQuote{}},
        Wrong{"table.rows", Table{}}, Wrong{"table.rows[1].cells", Table{{{{"a", {}}, {"b", {}}}, {{"c", {}}}}}},
        Wrong{"code.text", Code{}}, Wrong{"code.language", Code{"x", "c plus"}},
        Wrong{"button.text", Button{"", "https://x.org"}}, Wrong{"button.href", Button{"Go", "javascript:alert(1)"}},
        Wrong{"callout.text.text", Callout{}}, Wrong{"raw_html.html", RawHtml{}},
        Wrong{"raw_html.html", RawHtml{std::string("a\0b", 3)}}, Wrong{"related.articles", Related{}},
        Wrong{"related.articles", Related{{"a", "a"}}}, Wrong{"gate.blocks", GatedBlocks{kMembers}},
        Wrong{"gate.plans", GatedBlocks{GatedBlocks::Audience::kPlans, {}, {{"", Divider()}}}},
        Wrong{"gate.plans", GatedBlocks{kMembers, {"tiers/a"}, {{"", Divider()}}}},
        Wrong{"gate.blocks[0].gate", GatedBlocks{kMembers, {}, {{"", GatedBlocks{kMembers, {}, {{"", Divider()}}}}}}},
        Wrong{"gate.blocks[0].paywall_marker", GatedBlocks{kMembers, {}, {{"", PaywallMarker()}}}},
        Wrong{"gate.blocks[0].block_id", GatedBlocks{kMembers, {}, {{"a", Divider()}}}},
        Wrong{"gate.blocks[0].paragraph.text.text", GatedBlocks{kMembers, {}, {{"", Paragraph{}}}}},
        Wrong{"image.focal_point",
              Image{.uri = "https://x.org", .focal_point = FocalPoint{std::numeric_limits<double>::quiet_NaN(), 0}}}));

TEST(Body, CountsBlocksInGates) {
  Article article;
  const Block gate = {"", GatedBlocks{kMembers, {}, std::vector<Block>(200, {"", Divider()})}};
  article.content.body.assign(9, gate);
  EXPECT_THAT(Check(article), IsEmpty());
  article.content.body.assign(10, gate);
  EXPECT_THAT(Check(article), ElementsAre("article.body")) << "10 gates and 2,000 blocks in them";
}

TEST(Article, NamesEachOnceAndNoneTwice) {
  const std::vector<std::string> twice = {"a", "a"};
  Article article;
  article.content.additional_section_ids = article.content.tag_ids = article.content.place_ids = twice;
  EXPECT_THAT(Check(article), ElementsAre("article.additional_sections", "article.tags", "article.places"));

  FieldViolations violations;
  CheckFieldsTogether({.section_id = "war", .additional_section_ids = {"war"}}, violations);
  EXPECT_THAT(FieldsOf(violations), ElementsAre("article.additional_sections"));
}

TEST(Article, IsHeldBackOnlyFromCountriesThatThereAre) {
  Article article;
  article.content.denied_countries = {"RU", "XX", "ru", "", "A ", "D "};
  constexpr char kField[] = "article.geo_restriction.deny_country_codes";
  EXPECT_THAT(Check(article),
              ElementsAre(std::string(kField) + "[1]", std::string(kField) + "[2]", std::string(kField) + "[3]",
                          std::string(kField) + "[4]", std::string(kField) + "[5]"));
}

TEST(Article, OpensItsArchiveOnlyAfterItWasFreeBefore) {
  Article article;
  article.content.access.free_until = absl::FromUnixSeconds(10);
  article.content.access.free_after = absl::FromUnixSeconds(10);
  EXPECT_THAT(Check(article), ElementsAre("article.access.free_after"));
  article.content.access.free_after = absl::FromUnixSeconds(11);
  EXPECT_THAT(Check(article), IsEmpty());
}

TEST(CustomFields, AreNormalisedInTheirKeysAndValues) {
  Article article;
  article.content.custom_fields = "{\"ке\u0438\u0306\":[\"\u0438\u0306\"]}";
  FieldViolations violations;
  CheckWritten(article, violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(article.content.custom_fields, "{\"ке\u0439\":[\"\u0439\"]}");
  article.content.custom_fields = R"({"a":{"b":["\u0000"]}})";
  EXPECT_THAT(Check(article), ElementsAre("article.custom_fields"));
}

TEST(Html, IsAddedOnlyWhereItWasNotBefore) {
  const std::vector<Block> with = {{"a", RawHtml{"<b>"}}};
  const std::vector<Block> gated = {{"g", GatedBlocks{kMembers, {}, {{"z", RawHtml{"<b>"}}}}}};
  EXPECT_TRUE(AddsRawHtml({}, with));
  EXPECT_TRUE(AddsRawHtml({}, gated));
  EXPECT_TRUE(AddsRawHtml(with, {{"a", RawHtml{"<i>"}}}));
  EXPECT_FALSE(AddsRawHtml(with, gated)) << "moved";
  EXPECT_FALSE(AddsRawHtml(with, {}));
}

}  // namespace
}  // namespace masthead::articles
