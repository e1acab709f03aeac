#include "services/notifications/templates/template.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;

absl::StatusOr<std::string> Render(absl::string_view source, Template::Kind kind, const Values& values) {
  const absl::StatusOr<Template> compiled = Template::Compile(source, kind);
  if (!compiled.ok()) return compiled.status();
  return compiled->Render(values);
}

TEST(Template, EscapesValuesInHtmlAndLeavesThemAloneInText) {
  const Values values = {{"name", "<b>Оля & Co</b>"}};
  EXPECT_THAT(Render("Hello {{name}}!", Template::Kind::kHtml, values),
              IsOkAndHolds("Hello &lt;b&gt;Оля &amp; Co&lt;/b&gt;!"));
  EXPECT_THAT(Render("Hello {{name}}!", Template::Kind::kText, values), IsOkAndHolds("Hello <b>Оля & Co</b>!"));
}

TEST(Template, KeepsAHeaderOnOneLine) {
  EXPECT_THAT(Render("{{headline}}", Template::Kind::kLine, {{"headline", "Breaking\r\nBcc: x@y.example"}}),
              IsOkAndHolds("Breaking Bcc: x@y.example"));
}

TEST(Template, LeavesOutAPartWhoseValueIsEmpty) {
  constexpr char kSource[] = "a{{#dek}} [{{dek}}]{{/dek}} b";
  EXPECT_THAT(Render(kSource, Template::Kind::kText, {{"dek", "why"}}), IsOkAndHolds("a [why] b"));
  EXPECT_THAT(Render(kSource, Template::Kind::kText, {{"dek", ""}}), IsOkAndHolds("a b"));
  EXPECT_THAT(Render(kSource, Template::Kind::kText, {}), IsOkAndHolds("a b"));
}

TEST(Template, RefusesAMissingVariableByName) {
  EXPECT_THAT(Render("{{url}}", Template::Kind::kText, {}),
              StatusIs(absl::StatusCode::kFailedPrecondition, "TEMPLATE_VARIABLE_MISSING"));
}

TEST(Template, DoesNotTakeAValueForATemplate) {
  EXPECT_THAT(Render("{{headline}}", Template::Kind::kText, {{"headline", "{{url}} {{#dek}}"}}),
              IsOkAndHolds("{{url}} {{#dek}}"));
}

TEST(Template, RefusesWhatIsNotClosed) {
  for (const char* source :
       {"{{headline", "{{#dek}}{{dek}}", "{{/dek}}", "{{#a}}{{#b}}{{/b}}{{/a}}", "{{#each a}}", "{{/each}}",
        "{{#each a}}{{#each b}}{{/each}}{{/each}}", "{{#a}}{{#each b}}{{/each}}{{/a}}"}) {
    EXPECT_THAT(Template::Compile(source, Template::Kind::kText), StatusIs(absl::StatusCode::kInvalidArgument))
        << source;
  }
}

TEST(Template, RepeatsAPartForEachItemOfAList) {
  const absl::StatusOr<Template> compiled =
      Template::Compile("{{title}}:{{#each articles}} {{headline}}{{#dek}} ({{dek}}){{/dek}} in {{title}};{{/each}}.",
                        Template::Kind::kHtml);
  ASSERT_TRUE(compiled.ok());
  const Lists lists = {{"articles", {{{"headline", "A<b>"}, {"dek", "why"}}, {{"headline", "B"}, {"title", "own"}}}}};
  EXPECT_THAT(compiled->Render({{"title", "T"}}, lists), IsOkAndHolds("T: A&lt;b&gt; (why) in T; B in own;."));
  EXPECT_THAT(compiled->Render({{"title", "T"}}), IsOkAndHolds("T:."));
}

TEST(Template, LeavesTrustedHtmlAsItIsAndNothingElse) {
  const absl::StatusOr<Template> compiled = Template::Compile("{{a}}{{b}}", Template::Kind::kHtml, {"a"});
  ASSERT_TRUE(compiled.ok());
  EXPECT_THAT(compiled->Render({{"a", "<i>"}, {"b", "<i>"}}), IsOkAndHolds("<i>&lt;i&gt;"));
}

TEST(Template, TakesPlainText) {
  EXPECT_THAT(Render("", Template::Kind::kText, {}), IsOkAndHolds(""));
  EXPECT_THAT(Render("} { {", Template::Kind::kText, {}), IsOkAndHolds("} { {"));
}

}  // namespace
}  // namespace masthead::notifications
