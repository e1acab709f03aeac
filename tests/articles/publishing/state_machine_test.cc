#include "services/articles/publishing/state_machine.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using State = Article::State;

// What each action makes of each state; a dot where it is refused. In the order of kStates: DRAFT, IN REVIEW, APPROVED,
// SCHEDULED, PUBLISHED, UNPUBLISHED, RETRACTED.
constexpr char kLetters[] = "DIASPUR";
const std::map<Action, std::string> kLive = {
    {Action::kSave, "DIDSPUR"},           {Action::kSubmitForReview, "I...PI."}, {Action::kApprove, ".A..P.."},
    {Action::kRequestChanges, ".D..P.."}, {Action::kSchedule, "S.S.PS."},        {Action::kUnschedule, "...DP.."},
    {Action::kPublish, "P.P.PP."},        {Action::kCarryOut, "...PP.."},        {Action::kLapse, "...DP.."},
    {Action::kUnpublish, "....U.."},      {Action::kCorrect, "....P.."},         {Action::kRetract, "....R.."},
    {Action::kReinstate, "......P"},      {Action::kDelete, "DIA..UR"},          {Action::kUndelete, "......."},
    {Action::kPurge, "......."}};
const std::map<Action, std::string> kDeleted = {{Action::kUndelete, "DIA..UR"}, {Action::kPurge, "DIA..UR"}};

size_t Position(State state) { return std::find(std::begin(kStates), std::end(kStates), state) - std::begin(kStates); }

Article In(State state, bool was_public, bool deleted) {
  Article article;
  article.id = "crimea";
  article.state = state;
  article.published_revision = was_public ? 1 : 0;
  if (deleted) article.delete_time = absl::UnixEpoch();
  return article;
}

std::string Expected(Action action, State state, bool deleted) {
  if (!deleted) return kLive.at(action).substr(Position(state), 1);
  const auto found = kDeleted.find(action);
  return found == kDeleted.end() ? "." : found->second.substr(Position(state), 1);
}

TEST(StateMachine, AllowsExactlyWhatIsListedForEveryStateAndAction) {
  for (const Action action : kActions) {
    for (const State state : kStates) {
      for (const bool deleted : {false, true}) {
        SCOPED_TRACE(::testing::Message() << Name(action) << " from " << Name(state) << (deleted ? ", deleted" : ""));
        Article article = In(state, /*was_public=*/false, deleted);
        const std::string expected = Expected(action, state, deleted);

        const absl::Status status = Move(article, action);

        if (expected == ".") {
          EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, "BAD_STATE"));
          EXPECT_THAT(Check(article, action), StatusIs(absl::StatusCode::kFailedPrecondition, "BAD_STATE"));
          EXPECT_EQ(article.state, state);
        } else {
          EXPECT_THAT(status, IsOk());
          EXPECT_EQ(std::string(1, kLetters[Position(article.state)]), expected);
        }
      }
    }
  }
}

TEST(StateMachine, NeverCallsADraftWhatReadersOnceHad) {
  for (const Action action : kActions) {
    for (const State state : kStates) {
      Article article = In(state, /*was_public=*/true, /*deleted=*/false);
      if (Move(article, action).ok()) {
        EXPECT_NE(article.state, State::kDraft) << Name(action) << " from " << Name(state);
      }
    }
  }
}

}  // namespace
}  // namespace masthead::articles
