// The gate of letters: what is not known admits to nothing.
#include "services/notifications/issues/issue.h"

#include "gmock/gmock.h"

namespace masthead::notifications {
namespace {

using articles::v1::Access;
using articles::v1::Gate;
using ::testing::HasSubstr;
using ::testing::Not;

Issue IssueOf(Access::Level level, const std::vector<std::string>& plans = {}) {
  articles::v1::NewsletterContent article;
  article.set_article("articles/talks");
  article.set_headline("Talks");
  article.set_url_path("/en/talks");
  article.set_level(level);
  for (const std::string& plan : plans) article.add_plans(plan);
  articles::v1::LetterSection& preview = *article.add_preview();
  preview.set_html("<p>beginning <a href=\"/en/other\">other</a></p>");
  preview.set_text("beginning");
  articles::v1::LetterSection& whole = *article.add_whole();
  whole.set_html("<p>beginning</p><p>secret</p>");
  whole.set_text("beginning\n\nsecret");
  articles::v1::LetterSection& gated = *article.add_whole();
  gated.set_html("<p>thanks</p>");
  gated.set_text("thanks");
  gated.set_audience(Gate::MEMBERS);
  articles::v1::LetterSection& invitation = *article.add_whole();
  invitation.set_html("<p>join us</p>");
  invitation.set_audience(Gate::NON_MEMBERS);
  return {.articles = {article}, .site_url = "https://news.example"};
}

Values Opened(const Issue& issue, const Standing& standing) {
  return OpenIssue(issue, Admit(issue, standing)).at("articles").at(0);
}

const Standing kNobody;
const Standing kFree = {.is_member = true, .tiers = {}};
const Standing kSupporter = {.is_member = true, .tiers = {"supporter"}};

TEST(Issue, GivesThePreviewToWhoeverIsNotAdmitted) {
  const struct {
    Access::Level level;
    Standing standing;
    bool admitted;
  } kCases[] = {{Access::PUBLIC, kNobody, true},
                {Access::REGISTERED, kNobody, false},
                {Access::REGISTERED, kFree, true},
                {Access::MEMBERS, kFree, false},
                {Access::MEMBERS, kSupporter, true},
                {Access::PLANS, kFree, false},
                {Access::PLANS, kSupporter, false},
                {Access::LEVEL_UNSPECIFIED, kSupporter, false},
                {static_cast<Access::Level>(99), kSupporter, false}};
  for (const auto& [level, standing, admitted] : kCases) {
    const Values item = Opened(IssueOf(level, {"tiers/patron"}), standing);
    EXPECT_EQ(item.at("body_html").find("secret") != std::string::npos, admitted) << level;
    EXPECT_EQ(item.at("body_text").find("secret") != std::string::npos, admitted) << level;
    EXPECT_EQ(item.at("subscribe").empty(), admitted) << level;
  }
}

TEST(Issue, OpensToWhoHoldsOneOfThePlansHoweverItIsNamed) {
  const Issue issue = IssueOf(Access::PLANS, {"tiers/patron", "tiers/supporter"});
  EXPECT_THAT(Opened(issue, kSupporter).at("body_text"), HasSubstr("secret"));
  EXPECT_THAT(Opened(issue, {.is_member = true, .tiers = {"tiers/patron"}}).at("body_text"), HasSubstr("secret"));
}

TEST(Issue, KeepsGatesWithinTheTextAndInvitesNobody) {
  EXPECT_THAT(Opened(IssueOf(Access::PUBLIC), kFree).at("body_html"), Not(HasSubstr("thanks")));
  EXPECT_THAT(Opened(IssueOf(Access::PUBLIC), kSupporter).at("body_html"), HasSubstr("thanks"));
  EXPECT_THAT(Opened(IssueOf(Access::PUBLIC), kNobody).at("body_html"), Not(HasSubstr("join us")));
}

TEST(Issue, ClosesEverythingForAnAdmissionThatIsTooShort) {
  EXPECT_THAT(OpenIssue(IssueOf(Access::PUBLIC), "").at("articles").at(0).at("body_html"), Not(HasSubstr("secret")));
  EXPECT_THAT(OpenIssue(IssueOf(Access::PUBLIC), "o").at("articles").at(0).at("body_html"), Not(HasSubstr("secret")));
}

TEST(Issue, MakesLinksAbsolute) {
  const Values item = Opened(IssueOf(Access::MEMBERS), kNobody);
  EXPECT_EQ(item.at("url"), "https://news.example/en/talks");
  EXPECT_THAT(item.at("body_html"), HasSubstr("href=\"https://news.example/en/other\""));
}

}  // namespace
}  // namespace masthead::notifications
