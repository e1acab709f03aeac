// Filters on real rows, beside an evaluation of our own.
#include <algorithm>
#include <functional>
#include <optional>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/filter/filter.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::filter {
namespace {

using ::masthead::testing::IsOk;

struct Story {
  int64_t id = 0;
  std::string state;
  std::optional<int64_t> urgency;
  std::optional<std::string> desk;  // A label.
  std::vector<std::string> tags;
};

const Fields& StoryFields() {
  static const Fields fields({Enum("state", "state", {"DRAFT", "PUBLISHED"}), Optional(Integer("urgency", "urgency")),
                              Map("labels", "labels->>{}"), NameList("tags", "tags @> ARRAY[{}]", "tags/*"),
                              Text("text", "text"), Phrase("headline", "headline")});
  return fields;
}

class FilterSqlTest : public ::testing::Test {
 protected:
  FilterSqlTest() {
    postgres_.Execute(
        "CREATE TABLE stories (id bigint, state text, urgency integer, labels jsonb NOT NULL DEFAULT '{}',"
        " tags text[] NOT NULL DEFAULT '{}', text text, headline text)");
  }

  absl::StatusOr<std::set<int64_t>> Find(const std::string& text) {
    absl::StatusOr<Filter> filter = Filter::Parse(text, StoryFields());
    if (!filter.ok()) return filter.status();
    return postgres_.database().Read({}, [&](db::Transaction& tx) {
      db::Parameters parameters;
      const std::string where = filter->ToSql(parameters);
      std::set<int64_t> found;
      const pqxx::result rows = tx.QueryComposed(absl::StrCat("SELECT id FROM stories WHERE ", where), parameters);
      for (const pqxx::row& row : rows) found.insert(row[0].as<int64_t>());
      return found;
    });
  }

  testing::TestDatabase postgres_;
};

// A random filter and what it should mean.
struct Question {
  std::string text;
  std::function<bool(const Story&)> holds;
};

class Questions {
 public:
  explicit Questions(uint32_t seed) : random_(seed) {}

  int Pick(int count) { return std::uniform_int_distribution<>(0, count - 1)(random_); }

  Question Any(int depth) {
    switch (depth == 0 ? 0 : Pick(4)) {
      case 0:
        return Comparison();
      case 1: {
        Question inner = Any(depth - 1);
        return {absl::StrCat(Pick(2) == 0 ? "NOT (" : "-(", inner.text, ")"),
                [holds = inner.holds](const Story& story) { return !holds(story); }};
      }
      default: {
        Question left = Any(depth - 1);
        Question right = Any(depth - 1);
        const bool both = Pick(2) == 0;
        const char* const conjunction = both ? (Pick(2) == 0 ? ") AND (" : ") (") : ") OR (";
        return {absl::StrCat("(", left.text, conjunction, right.text, ")"),
                [both, a = left.holds, b = right.holds](const Story& story) {
                  return both ? a(story) && b(story) : a(story) || b(story);
                }};
      }
    }
  }

 private:
  Question Comparison() {
    switch (Pick(5)) {
      case 0: {
        const std::string state = Pick(2) == 0 ? "DRAFT" : "PUBLISHED";
        return {"state = " + state, [state](const Story& story) { return story.state == state; }};
      }
      case 1: {
        const int64_t urgency = Pick(9);
        return {absl::StrCat("urgency <= ", urgency),
                [urgency](const Story& story) { return story.urgency.has_value() && *story.urgency <= urgency; }};
      }
      case 2: {
        const int64_t urgency = Pick(9);
        return {absl::StrCat("urgency != ", urgency),
                [urgency](const Story& story) { return story.urgency != urgency; }};
      }
      case 3: {
        const std::string desk = Pick(2) == 0 ? "day" : "night";
        return {absl::StrCat("labels.desk = ", desk), [desk](const Story& story) { return story.desk == desk; }};
      }
      default: {
        const std::string tag = absl::StrCat("t", Pick(3));
        return {absl::StrCat("tags:\"tags/", tag, "\""),
                [tag](const Story& story) { return std::count(story.tags.begin(), story.tags.end(), tag) > 0; }};
      }
    }
  }

  std::minstd_rand random_;
};

TEST_F(FilterSqlTest, FindsExactlyWhatTheFilterSays) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Questions random(seed);
  std::vector<Story> stories;
  for (int64_t id = 0; id < 200; ++id) {
    Story story = {.id = id, .state = random.Pick(2) == 0 ? "DRAFT" : "PUBLISHED"};
    if (random.Pick(4) != 0) story.urgency = random.Pick(9);
    if (random.Pick(3) != 0) story.desk = random.Pick(2) == 0 ? "day" : "night";
    for (int tag = 0; tag < 3; ++tag) {
      if (random.Pick(2) == 0) story.tags.push_back(absl::StrCat("t", tag));
    }
    postgres_.Execute(absl::StrCat("INSERT INTO stories VALUES (", id, ", '", story.state, "', ",
                                   story.urgency ? absl::StrCat(*story.urgency) : "NULL", ", '",
                                   story.desk ? absl::StrCat(R"({"desk": ")", *story.desk, R"("})") : "{}", "', '",
                                   db::TextArray(story.tags).literal(), "')"));
    stories.push_back(story);
  }
  for (int i = 0; i < 300; ++i) {
    const Question question = random.Any(/*depth=*/4);
    std::set<int64_t> expected;
    for (const Story& story : stories) {
      if (question.holds(story)) expected.insert(story.id);
    }
    const absl::StatusOr<std::set<int64_t>> found = Find(question.text);
    // Sixteen comparisons at most, but five parentheses are soon nested.
    if (absl::IsInvalidArgument(found.status())) continue;
    EXPECT_THAT(found, masthead::testing::IsOkAndHolds(expected)) << question.text;
  }
}

TEST_F(FilterSqlTest, NeverBreaksTheStatementWhateverIsWritten) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::minstd_rand random(seed);
  const std::vector<std::string> words = {"state",   "text",
                                          "labels.", "tags",
                                          "urgency", "headline",
                                          "=",       "!=",
                                          ":",       "<",
                                          "DRAFT",   "\"",
                                          "'",       "(",
                                          ")",       "AND",
                                          "OR",      "NOT",
                                          "-",       " ",
                                          " ",       "tags/",
                                          "{}",      "$1",
                                          "--",      ";",
                                          "\\",      "*",
                                          "ї",       "1",
                                          "x",       "%",
                                          "\n",      "DROP TABLE stories",
                                          ".",       "NULL",
                                          "::",      "/*"};
  postgres_.Execute("INSERT INTO stories (id, text) VALUES (1, 'x')");
  int taken = 0;
  for (int i = 0; i < 20000; ++i) {
    // Half of them begin well.
    std::string text = i % 2 == 0 ? "" : "text = \"";
    for (int length = std::uniform_int_distribution<>(1, 14)(random); length > 0; --length) {
      text += words[std::uniform_int_distribution<size_t>(0, words.size() - 1)(random)];
    }
    if (i % 2 == 1) text += "\"";
    if (!Filter::Parse(text, StoryFields()).ok()) continue;
    ++taken;
    if (taken < 2000) {
      ASSERT_THAT(Find(text), IsOk()) << text;
    }
  }
  EXPECT_GT(taken, 100);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM stories"), "1");
}

TEST_F(FilterSqlTest, LooksForPartsOfAHeadlineInAnyCase) {
  postgres_.Execute("INSERT INTO stories (id, headline) VALUES (1, 'Київ 100% готовий'), (2, 'Львів'), (3, NULL)");
  using Ids = std::set<int64_t>;
  EXPECT_THAT(Find("headline:\"КИЇВ\""), masthead::testing::IsOkAndHolds(Ids{1}));
  EXPECT_THAT(Find("headline:\"0% г\""), masthead::testing::IsOkAndHolds(Ids{1}));
  EXPECT_THAT(Find("headline:\"%\""), masthead::testing::IsOkAndHolds(Ids{1}));
  EXPECT_THAT(Find("headline:_"), masthead::testing::IsOkAndHolds(Ids{}));
  EXPECT_THAT(Find("NOT headline:льв"), masthead::testing::IsOkAndHolds(Ids{1, 3}));
}

TEST_F(FilterSqlTest, TakesAnAttackForAWord) {
  postgres_.Execute("INSERT INTO stories (id, text) VALUES (1, 'x'), (2, $$'; DROP TABLE stories; --$$)");
  using Ids = std::set<int64_t>;
  EXPECT_THAT(Find("text = \"'; DROP TABLE stories; --\""), masthead::testing::IsOkAndHolds(Ids{2}));
  EXPECT_THAT(Find("text = \"x' OR '1'='1\""), masthead::testing::IsOkAndHolds(Ids{}));
  EXPECT_THAT(Find("labels.\"a' OR TRUE OR 'b\" = x"), masthead::testing::IsOkAndHolds(Ids{}));
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM stories"), "2");
}

}  // namespace
}  // namespace masthead::filter
