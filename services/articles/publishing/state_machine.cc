#include "services/articles/publishing/state_machine.h"

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "services/articles/errors.h"

namespace masthead::articles {
namespace {

using State = Article::State;

class States {
 public:
  constexpr States(std::initializer_list<State> states) {
    for (const State state : states) bits_ |= Bit(state);
  }
  constexpr bool Contain(State state) const { return (bits_ & Bit(state)) != 0; }

 private:
  static constexpr uint32_t Bit(State state) { return uint32_t{1} << static_cast<uint32_t>(state); }
  uint32_t bits_ = 0;
};

struct Transition {
  Action action;
  States from;
  std::optional<State> to;  // Unset: the state stays.
};

constexpr auto kStays = std::nullopt;

// To DRAFT means UNPUBLISHED for an article that readers once had.
constexpr Transition kTransitions[] = {
    {Action::kSave, {State::kApproved}, State::kDraft},
    {Action::kSave,
     {State::kDraft, State::kInReview, State::kScheduled, State::kPublished, State::kUnpublished, State::kRetracted},
     kStays},

    // Of a PUBLISHED article it is the change to it that is looked at: readers keep what they have.
    {Action::kSubmitForReview, {State::kDraft, State::kUnpublished}, State::kInReview},
    {Action::kSubmitForReview, {State::kPublished}, kStays},
    {Action::kApprove, {State::kInReview}, State::kApproved},
    {Action::kApprove, {State::kPublished}, kStays},
    {Action::kRequestChanges, {State::kInReview}, State::kDraft},
    {Action::kRequestChanges, {State::kPublished}, kStays},

    // Of a PUBLISHED article it is a change that is planned.
    {Action::kSchedule, {State::kDraft, State::kApproved, State::kUnpublished}, State::kScheduled},
    {Action::kSchedule, {State::kPublished}, kStays},
    {Action::kUnschedule, {State::kScheduled}, State::kDraft},
    {Action::kUnschedule, {State::kPublished}, kStays},
    {Action::kCarryOut, {State::kScheduled, State::kPublished}, State::kPublished},
    {Action::kLapse, {State::kScheduled}, State::kDraft},
    {Action::kLapse, {State::kPublished}, kStays},

    {Action::kPublish, {State::kDraft, State::kApproved, State::kUnpublished, State::kPublished}, State::kPublished},
    {Action::kUnpublish, {State::kPublished}, State::kUnpublished},
    {Action::kCorrect, {State::kPublished}, kStays},
    {Action::kRetract, {State::kPublished}, State::kRetracted},
    {Action::kReinstate, {State::kRetracted}, State::kPublished},

    // A deleted article keeps its state, for the day it is undeleted; nothing else can be done with it.
    {Action::kDelete,
     {State::kDraft, State::kInReview, State::kApproved, State::kUnpublished, State::kRetracted},
     kStays},
    {Action::kUndelete,
     {State::kDraft, State::kInReview, State::kApproved, State::kUnpublished, State::kRetracted},
     kStays},
    {Action::kPurge,
     {State::kDraft, State::kInReview, State::kApproved, State::kUnpublished, State::kRetracted},
     kStays},
};

constexpr char kDeleted[] = "DELETED";

const Transition* Find(const Article& article, Action action) {
  const bool of_deleted = action == Action::kUndelete || action == Action::kPurge;
  if (article.delete_time.has_value() != of_deleted) return nullptr;
  for (const Transition& transition : kTransitions) {
    if (transition.action == action && transition.from.Contain(article.state)) return &transition;
  }
  return nullptr;
}

absl::Status Refused(const Article& article, Action action) {
  return BadState(ArticleName(article.id), article.delete_time.has_value() ? kDeleted : Name(article.state),
                  Name(action));
}

}  // namespace

absl::string_view Name(Action action) {
  switch (action) {
    case Action::kSave:
      return "UpdateArticle";
    case Action::kSubmitForReview:
      return "SubmitForReview";
    case Action::kApprove:
      return "ApproveArticle";
    case Action::kRequestChanges:
      return "RequestChanges";
    case Action::kSchedule:
      return "ScheduleArticle";
    case Action::kUnschedule:
      return "UnscheduleArticle";
    case Action::kPublish:
      return "PublishArticle";
    case Action::kCarryOut:
    case Action::kLapse:
      return "the schedule";
    case Action::kUnpublish:
      return "UnpublishArticle";
    case Action::kCorrect:
      return "CreateCorrection";
    case Action::kRetract:
      return "RetractArticle";
    case Action::kReinstate:
      return "ReinstateArticle";
    case Action::kDelete:
      return "DeleteArticle";
    case Action::kUndelete:
      return "UndeleteArticle";
    case Action::kPurge:
      return "PurgeArticle";
  }
  return "";
}

absl::Status Check(const Article& article, Action action) {
  return Find(article, action) != nullptr ? absl::OkStatus() : Refused(article, action);
}

absl::Status Move(Article& article, Action action) {
  const Transition* transition = Find(article, action);
  if (transition == nullptr) return Refused(article, action);
  if (transition->to.has_value()) article.state = *transition->to;
  if (article.state == State::kDraft && article.published_revision > 0) article.state = State::kUnpublished;
  return absl::OkStatus();
}

}  // namespace masthead::articles
