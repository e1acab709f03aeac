#include "common/filter/filter.h"

#include "absl/strings/str_cat.h"
#include "common/filter/syntax.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::filter {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Fields& StoryFields() {
  static const Fields fields({
      Enum("state", "s.state", {"DRAFT", "PUBLISHED"}),
      Enum("access.level", "s.level", {"PUBLIC", "PLANS"}),
      Integer("urgency", "s.urgency"),
      Boolean("breaking", "s.breaking"),
      Optional(Time("publish_time", "s.publish_time")),
      Text("language_code", "s.language_code"),
      Phrase("headline", "s.headline"),
      Name("section", "s.section_id", "sections/*"),
      NameList("tags", "s.tag_ids @> ARRAY[{}]", "tags/*"),
      NameMatch("section_tree", "s.section_path LIKE '%/' || {} || '/%'", "sections/*"),
      Map("labels", "s.labels->>{}"),
      Lookup(Map("alt_ids", "s.alt_ids->>{}"), "s.id = (SELECT id FROM alt_ids WHERE scheme = {} AND value = {})"),
  });
  return fields;
}

struct Compiled {
  std::string sql;
  std::vector<std::string> values;
};

Compiled Compile(absl::string_view text) {
  const absl::StatusOr<Filter> filter = Filter::Parse(text, StoryFields());
  EXPECT_THAT(filter, IsOk()) << text;
  db::Parameters parameters;
  if (!filter.ok()) return {};
  std::string sql = filter->ToSql(parameters);
  return {sql, parameters.values()};
}

// `field` at `column`, as the error tells it.
void ExpectRefused(absl::string_view text, absl::string_view field, int column, absl::string_view what = "") {
  const absl::Status status = Filter::Parse(text, StoryFields()).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "BAD_FILTER")) << text;
  EXPECT_EQ(ErrorMetadata(status, "field"), field) << text;
  EXPECT_EQ(ErrorMetadata(status, "column"), absl::StrCat(column)) << text << ": " << status.message();
  EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(what)));
}

TEST(Filter, LooksAnIdUpWhereAnIndexCan) {
  const Compiled is = Compile("alt_ids.ghost = \"12\"");
  EXPECT_EQ(is.sql, "((s.id = (SELECT id FROM alt_ids WHERE scheme = $1::text AND value = $2::text)))");
  EXPECT_EQ(is.values, (std::vector<std::string>{"ghost", "12"}));
  EXPECT_THAT(Compile("alt_ids.ghost != \"12\"").sql, HasSubstr("value = $2::text)) IS NOT TRUE)"));
  EXPECT_THAT(Compile("alt_ids.ghost:*").sql, HasSubstr("(s.alt_ids->>$1::text) IS NOT NULL"));
}

TEST(Filter, LetsEverythingPassWhenEmpty) {
  for (const char* text : {"", "  \n"}) EXPECT_EQ(Compile(text).sql, "TRUE");
  db::Parameters parameters;
  EXPECT_EQ(Filter().ToSql(parameters), "TRUE");
}

TEST(Filter, PutsEveryValueIntoAParameter) {
  const Compiled compiled = Compile("state = PUBLISHED AND urgency <= 3");
  EXPECT_EQ(compiled.sql, "(((s.state) = $1::text) AND ((s.urgency) <= $2::bigint))");
  EXPECT_THAT(compiled.values, ElementsAre("PUBLISHED", "3"));
}

TEST(Filter, NumbersItsParametersAfterThoseOfTheStatement) {
  const absl::StatusOr<Filter> filter = Filter::Parse("urgency = 1", StoryFields());
  ASSERT_THAT(filter, IsOk());
  db::Parameters parameters;
  parameters.Add("first");
  EXPECT_EQ(filter->ToSql(parameters), "((s.urgency) = $2::bigint)");
}

TEST(Filter, BindsOrMoreCloselyThanAnd) {
  EXPECT_EQ(Compile("urgency = 1 AND urgency = 2 OR urgency = 3").sql,
            Compile("urgency=1 (urgency=2 OR urgency=3)").sql);
  EXPECT_NE(Compile("urgency = 1 AND urgency = 2 OR urgency = 3").sql,
            Compile("(urgency = 1 AND urgency = 2) OR urgency = 3").sql);
}

TEST(Filter, JoinsWhatStandsSideBySideByAnd) {
  EXPECT_EQ(Compile("urgency = 1 breaking = true").sql, Compile("urgency = 1 AND breaking = true").sql);
}

TEST(Filter, NegatesWithNotAndWithAMinus) {
  EXPECT_EQ(Compile("NOT urgency = 1").sql, "(((s.urgency) = $1::bigint) IS NOT TRUE)");
  EXPECT_EQ(Compile("-urgency = 1").sql, Compile("NOT urgency = 1").sql);
  EXPECT_EQ(Compile("NOT(urgency = 1)").sql, Compile("NOT urgency = 1").sql);
}

TEST(Filter, ReadsEveryType) {
  EXPECT_THAT(Compile("access.level != PLANS").values, ElementsAre("PLANS"));
  EXPECT_EQ(Compile("breaking = true").sql, "((s.breaking) = $1::boolean)");
  EXPECT_EQ(Compile("language_code != uk").sql, "((s.language_code) IS DISTINCT FROM $1::text)");
  EXPECT_THAT(Compile("publish_time >= 2026-03-01T08:00:00+02:00").values,
              ElementsAre("2026-03-01 06:00:00.000000+00"));
  EXPECT_EQ(Compile("publish_time:*").sql, "((s.publish_time) IS NOT NULL)");
  EXPECT_THAT(Compile("section = 'sections/war'").values, ElementsAre("war"));
  EXPECT_EQ(Compile("tags:\"tags/energy\"").sql, "((s.tag_ids @> ARRAY[$1::text]))");
  EXPECT_EQ(Compile("section_tree != sections/war").sql,
            "((s.section_path LIKE '%/' || $1::text || '/%') IS NOT TRUE)");
  const Compiled label = Compile("labels.\"night desk\" = yes");
  EXPECT_EQ(label.sql, "((s.labels->>$1::text) = $2::text)");
  EXPECT_THAT(label.values, ElementsAre("night desk", "yes"));
  EXPECT_EQ(Compile("labels.desk:*").sql, "((s.labels->>$1::text) IS NOT NULL)");
}

TEST(Filter, UnescapesQuotedTextAndNormalisesIt) {
  EXPECT_THAT(Compile(R"(language_code = "a \"b\" \\ 'c'")").values, ElementsAre(R"(a "b" \ 'c')"));
  EXPECT_THAT(Compile("language_code = \"i\u0308\"").values, ElementsAre("\u00ef"));
  EXPECT_THAT(Compile("language_code = ''").values, ElementsAre(""));
}

TEST(Filter, NamesTheFieldThatIsNotThere) {
  ExpectRefused("state = DRAFT AND body = x", "body", 19, "there are access.level, alt_ids.*, breaking");
  ExpectRefused("labels = x", "labels", 1);
  ExpectRefused("labels.a.b = x", "labels.a.b", 1);
  ExpectRefused("state.x = DRAFT", "state.x", 1);
  ExpectRefused("language_code = 'ї' OR boby = 1", "boby", 24);
}

TEST(Filter, RefusesAComparatorThatTheFieldDoesNotTake) {
  ExpectRefused("state < DRAFT", "state", 1, "takes = !=");
  ExpectRefused("state:DRAFT", "state", 1);
  ExpectRefused("tags = tags/energy", "tags", 1, "takes :");
  ExpectRefused("headline = x", "headline", 1);
  ExpectRefused("urgency:*", "urgency", 1);
  ExpectRefused("labels.desk > a", "labels.desk", 1, "takes = != and :*");
}

TEST(Filter, RefusesAValueOfAnotherType) {
  ExpectRefused("state = LOST", "state", 9, "is one of DRAFT, PUBLISHED");
  ExpectRefused("urgency = high", "urgency", 11, "is a whole number");
  ExpectRefused("urgency = 1.5", "urgency", 11);
  ExpectRefused("urgency = 99999999999999999999", "urgency", 11);
  ExpectRefused("breaking = yes", "breaking", 12);
  for (const char* time :
       {"yesterday", "2026-03-01", "infinite-future", "10000-01-01T00:00:00Z", "-5-01-01T00:00:00Z"}) {
    ExpectRefused(absl::StrCat("publish_time > ", time), "publish_time", 16);
  }
  ExpectRefused("section = war", "section", 11, "is a name sections/*");
  ExpectRefused("tags:\"tags/a/b\"", "tags", 6);
}

TEST(Filter, RefusesWhatIsMalformed) {
  ExpectRefused("energy", "energy", 7, "after a field stands one of");
  ExpectRefused("\"energy\"", "", 1);
  ExpectRefused("state =", "state", 8, "a value is missing");
  ExpectRefused("state = AND", "state", 9);
  ExpectRefused("AND state = DRAFT", "", 1);
  ExpectRefused("state = DRAFT OR", "", 17);
  ExpectRefused("state = DRAFT AND", "", 18);
  ExpectRefused("NOT", "", 4);
  ExpectRefused("(state = DRAFT", "", 15, "a ) is missing");
  ExpectRefused("state = DRAFT)", "", 14);
  ExpectRefused("()", "", 2);
  ExpectRefused("state = \"DRAFT", "", 9, "not closed");
  ExpectRefused("labels. = x", "labels", 8);
  ExpectRefused("- state = DRAFT", "", 2);
  ExpectRefused(absl::string_view("state = \0DRAFT", 14), "", 9, "control characters");
}

TEST(Filter, KeepsItsLimits) {
  std::string twenty = "urgency = 1";
  for (int i = 1; i < kMaxRestrictions; ++i) twenty += " OR urgency = 1";
  EXPECT_THAT(Compile(twenty).values, ::testing::SizeIs(20));
  ExpectRefused(twenty + " AND urgency = 1", "", static_cast<int>(twenty.size()) + 6, "more than 20");

  EXPECT_THAT(Compile("(((((urgency = 1)))))").values, ElementsAre("1"));
  ExpectRefused("((((((urgency = 1))))))", "", 6, "more than 5 deep");

  const std::string longest = absl::StrCat("language_code = \"", std::string(kMaxBytes - 18, 'x'), "\"");
  EXPECT_EQ(longest.size(), kMaxBytes);
  EXPECT_THAT(Compile(longest).values, ::testing::SizeIs(1));
  ExpectRefused(longest + " ", "", kMaxBytes + 1);
}

TEST(Filter, LetsNothingOfTheCallersIntoTheSql) {
  for (const char* text : {"language_code = \"'; DROP TABLE stories; --\"",
                           "language_code = '\\'; DROP TABLE stories; --'", "labels.\"x'; DROP TABLE stories; --\" = 1",
                           "headline:\"') OR TRUE --\"", "language_code = $1", "language_code = \"{}\""}) {
    EXPECT_THAT(Compile(text).sql, Not(::testing::AnyOf(HasSubstr("DROP"), HasSubstr("TRUE"), HasSubstr("{"))));
  }
  ExpectRefused("state; = DRAFT", "state", 6);
  ExpectRefused("1 = 1", "", 1);
  ExpectRefused("s.state = DRAFT", "s.state", 1);
  ExpectRefused("state = DRAFT -- AND", "", 16);
}

}  // namespace
}  // namespace masthead::filter
