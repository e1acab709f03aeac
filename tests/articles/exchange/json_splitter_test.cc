#include "services/articles/exchange/json_splitter.h"

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

// The wanted objects, read in pieces of every size, which must not matter.
absl::StatusOr<std::vector<std::string>> Split(absl::string_view json, size_t limit = 1000) {
  absl::StatusOr<std::vector<std::string>> first = absl::UnknownError("not read");
  for (size_t piece : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, json.size() + 1}) {
    JsonSplitter splitter(
        [](const JsonSplitter::Path& path) {
          return path.empty() || absl::StrJoin(path, ".") == "[]" || absl::StrJoin(path, ".") == "data.posts.[]";
        },
        limit);
    std::vector<JsonSplitter::Value> values;
    absl::Status status;
    for (size_t i = 0; i < json.size() && status.ok(); i += piece)
      status = splitter.Read(json.substr(i, piece), values);
    if (status.ok()) status = splitter.End();
    std::vector<std::string> cut;
    for (const JsonSplitter::Value& value : values) cut.push_back(value.json);
    const absl::StatusOr<std::vector<std::string>> texts =
        status.ok() ? absl::StatusOr<std::vector<std::string>>(cut) : status;
    if (piece == 1) {
      first = texts;
    } else {
      EXPECT_EQ(texts.status().code(), first.status().code());
      EXPECT_EQ(texts.value_or(std::vector<std::string>()), first.value_or(std::vector<std::string>()));
    }
  }
  return first;
}

TEST(JsonSplitter, CutsObjectsAfterOneAnotherAndOutOfAnArray) {
  EXPECT_THAT(Split(R"({"a":1} {"b":[{"c":"}"}]})").value(), ElementsAre(R"({"a":1})", R"({"b":[{"c":"}"}]})"));
  EXPECT_THAT(Split(R"( [ {"a":"\"]"}, 7, {"b":null} ] )").value(), ElementsAre(R"({"a":"\"]"})", R"({"b":null})"));
  EXPECT_THAT(Split("").value(), ElementsAre());
}

TEST(JsonSplitter, LeavesOutWhatIsTooLargeAndGoesOn) {
  EXPECT_THAT(Split(R"([{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},{"b":2}])", 20).value(), ElementsAre("", R"({"b":2})"));
}

TEST(JsonSplitter, RefusesWhatIsNoJson) {
  for (const char* json : {"{", "}", "[}", "{\"a\"", "{a:1}", "[1,", "{\"a\":\"x", "<rss>", "{1:2}"}) {
    EXPECT_THAT(Split(json).status(), StatusIs(absl::StatusCode::kInvalidArgument)) << json;
  }
  EXPECT_THAT(Split(std::string(100'000, '[')).status(), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace masthead::articles
