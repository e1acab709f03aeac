#include "services/articles/publishing/publishing.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "common/base/status_macros.h"
#include "services/articles/errors.h"
#include "services/articles/publishing/state_machine.h"

namespace masthead::articles {
namespace {

using State = Article::State;

bool LacksAlt(const Image& image) { return image.alt.empty(); }

// In galleries and behind gates too.
bool HasImageWithoutAlt(const std::vector<Block>& blocks) {
  return absl::c_any_of(blocks, [](const Block& block) {
    if (const auto* image = std::get_if<Image>(&block.kind)) return LacksAlt(*image);
    if (const auto* gallery = std::get_if<Gallery>(&block.kind)) return absl::c_any_of(gallery->images, LacksAlt);
    const auto* gate = std::get_if<GatedBlocks>(&block.kind);
    return gate != nullptr && HasImageWithoutAlt(gate->blocks);
  });
}

std::vector<std::string> FieldsOf(const DeadEnds& dead_ends) {
  constexpr size_t kMaxFields = 20;
  std::vector<std::string> fields;
  for (const BlockReference& reference : dead_ends.articles) fields.push_back(reference.field);
  for (const BlockReference& reference : dead_ends.live_coverages) fields.push_back(reference.field);
  if (fields.size() > kMaxFields) fields.resize(kMaxFields);
  return fields;
}

absl::Status CheckHold(const Article& article) {
  return article.legal_hold ? LegalHold(ArticleName(article.id)) : absl::OkStatus();
}

// What must hold of the latest revision before readers get it, now or later.
absl::Status CheckRelease(const Article& article, const HouseRules& rules, const DeadEnds& dead_ends) {
  RETURN_IF_ERROR(CheckHold(article));
  if (rules.require_review && !IsApproved(article)) return ReviewRequired(ArticleName(article.id));
  return CheckFitness(article, dead_ends);
}

bool HasPendingPlan(const Article& article) {
  return article.schedule.has_value() && article.schedule->due_time.has_value();
}

void ForgetWithdrawal(Schedule& schedule) {
  schedule.unpublish_time.reset();
  schedule.local_unpublish_time.clear();
  schedule.local_unpublish_time_repeats = false;
}

// A publication by hand ends the plan for one. A withdrawal that is still to come stays planned; one that has passed
// must not strike what is published after it.
void CallOffPublication(Article& article, absl::Time now) {
  if (!article.schedule.has_value()) return;
  Schedule& schedule = *article.schedule;
  const bool was_pending = HasPendingPlan(article);
  schedule.due_time.reset();
  if (schedule.unpublish_time.has_value() && *schedule.unpublish_time <= now) ForgetWithdrawal(schedule);
  if (was_pending && !schedule.unpublish_time.has_value()) article.schedule.reset();
}

// Readers get `revision`, which `article.content` is, as of `time`.
Publication MakePublic(Article& article, int64_t revision, bool substantive, absl::Time time, absl::Time now) {
  const bool was_public = article.state == State::kPublished;
  const Publication publication = {.outcome = was_public ? Outcome::kUpdated : Outcome::kPublished,
                                   .former_revision = article.published_revision,
                                   .substantive = substantive};
  article.state = State::kPublished;
  article.published_revision = revision;
  article.published_slug = article.content.slug;
  if (!article.publish_time.has_value()) {
    article.publish_time = time;
    article.content_update_time = time;
  } else if (substantive) {
    article.content_update_time = time;
  }
  if (article.review.has_value() && article.review->revision <= revision) article.review.reset();
  article.update_time = now;
  return publication;
}

// While an embargo lasts, to publish is to plan for its end. The plan's zone is nobody's: UTC.
Publication PlanForEndOfEmbargo(Article& article, absl::Time embargo_until, bool substantive, absl::Time now) {
  std::optional<Schedule> former = std::exchange(article.schedule, std::nullopt);
  Schedule plan = {.publish_time = embargo_until,
                   .time_zone = "UTC",
                   .local_publish_time = absl::FormatCivilTime(absl::ToCivilSecond(embargo_until, absl::UTCTimeZone())),
                   .revision = article.revision,
                   .substantive = substantive,
                   .due_time = embargo_until};
  if (former.has_value() && former->unpublish_time.has_value() && *former->unpublish_time > embargo_until) {
    plan.unpublish_time = former->unpublish_time;
    plan.local_unpublish_time =
        absl::FormatCivilTime(absl::ToCivilSecond(*former->unpublish_time, absl::UTCTimeZone()));
  }
  article.schedule = std::move(plan);
  article.update_time = now;
  return {.outcome = Outcome::kPlanned, .former_revision = article.published_revision, .substantive = substantive};
}

bool IsPlannedAlready(const Article& article, absl::Time due_time) {
  return HasPendingPlan(article) && article.schedule->revision == article.revision &&
         article.schedule->due_time == due_time;
}

}  // namespace

std::vector<std::string> FailedPublishChecks(const Content& content) {
  std::vector<std::string> failed;
  if (content.headline.empty()) failed.push_back("headline");
  if (content.section_id.empty()) failed.push_back("section");
  if (content.bylines.empty()) failed.push_back("byline");
  if (content.slug.empty()) failed.push_back("slug");
  if (content.lead_image.has_value() && content.lead_image->alt.empty()) failed.push_back("lead_image_alt");
  if (content.lead_image.has_value() && content.lead_image->credit.empty()) failed.push_back("lead_image_credit");
  if (HasImageWithoutAlt(content.body)) failed.push_back("image_alt");
  return failed;
}

absl::Status CheckFitness(const Article& article, const DeadEnds& dead_ends) {
  std::vector<std::string> failed = FailedPublishChecks(article.content);
  if (!dead_ends.articles.empty()) failed.push_back("related_article");
  if (!dead_ends.live_coverages.empty()) failed.push_back("live_coverage");
  return failed.empty() ? absl::OkStatus() : PublishChecksFailed(ArticleName(article.id), failed, FieldsOf(dead_ends));
}

absl::Time DueTime(const Schedule& schedule, const Content& content) {
  return std::max(schedule.publish_time, content.embargo_until.value_or(absl::InfinitePast()));
}

absl::Status OnSave(Article& article) {
  RETURN_IF_ERROR(Move(article, Action::kSave));
  const bool follows =
      article.schedule.has_value() && article.schedule->due_time.has_value() && article.schedule->follow_latest();
  if (!follows) return absl::OkStatus();
  RETURN_IF_ERROR(CheckFitness(article));
  article.schedule->due_time = DueTime(*article.schedule, article.content);
  return absl::OkStatus();
}

absl::StatusOr<Publication> Publish(Article& article, const HouseRules& rules, absl::Time now, bool substantive,
                                    const DeadEnds& dead_ends) {
  RETURN_IF_ERROR(Check(article, Action::kPublish));
  if (article.state == State::kPublished && article.published_revision == article.revision) return Publication{};
  RETURN_IF_ERROR(CheckRelease(article, rules, dead_ends));
  if (article.content.embargo_until.value_or(now) > now) {
    const absl::Time end = *article.content.embargo_until;
    if (IsPlannedAlready(article, end)) return Publication{};
    RETURN_IF_ERROR(Move(article, Action::kSchedule));
    return PlanForEndOfEmbargo(article, end, substantive, now);
  }
  CallOffPublication(article, now);
  return MakePublic(article, article.revision, substantive, now, now);
}

absl::StatusOr<Publication> CarryOut(Article& article, absl::Time now) {
  RETURN_IF_ERROR(Check(article, Action::kCarryOut));
  if (!HasPendingPlan(article)) {
    return BadState(ArticleName(article.id), Name(article.state), Name(Action::kCarryOut));
  }
  RETURN_IF_ERROR(CheckHold(article));
  Schedule& schedule = *article.schedule;
  article.update_time = now;
  if (schedule.unpublish_time.has_value() && *schedule.unpublish_time <= now) {
    RETURN_IF_ERROR(Move(article, Action::kLapse));
    schedule.due_time.reset();
    return Publication{.outcome = Outcome::kLapsed};
  }
  const absl::Time planned = DueTime(schedule, article.content);
  schedule.due_time = planned;
  if (planned > now) return Publication{.outcome = Outcome::kPlanned};
  schedule.due_time.reset();
  const int64_t revision = schedule.follow_latest() ? article.revision : schedule.revision;
  if (article.state == State::kPublished && article.published_revision == revision) return Publication{};
  const bool punctual = now - planned <= kPunctuality;
  Publication publication = MakePublic(article, revision, schedule.substantive, punctual ? planned : now, now);
  publication.scheduled_time = planned;
  return publication;
}

absl::Status Unpublish(Article& article, absl::Time now) {
  RETURN_IF_ERROR(Move(article, Action::kUnpublish));
  if (HasPendingPlan(article)) article.schedule.reset();
  article.update_time = now;
  return absl::OkStatus();
}

absl::Status ScheduleFor(Article& article, Schedule schedule, bool follow_latest, const HouseRules& rules,
                         absl::Time now, const DeadEnds& dead_ends) {
  RETURN_IF_ERROR(Check(article, Action::kSchedule));
  RETURN_IF_ERROR(CheckRelease(article, rules, dead_ends));
  // Nobody can have approved what is not yet written.
  if (follow_latest && rules.require_review) return ReviewRequired(ArticleName(article.id));
  if (schedule.publish_time <= now) return ScheduleInPast(schedule.publish_time, now);
  schedule.revision = follow_latest ? 0 : article.revision;
  const absl::Time due = DueTime(schedule, article.content);
  if (schedule.unpublish_time.has_value() && *schedule.unpublish_time <= due) {
    return UnpublishTooEarly(*schedule.unpublish_time, due);
  }
  schedule.due_time = due;
  RETURN_IF_ERROR(Move(article, Action::kSchedule));
  article.schedule = std::move(schedule);
  article.update_time = now;
  return absl::OkStatus();
}

absl::Status Unschedule(Article& article, absl::Time now) {
  const bool withdrawal_to_come = article.state == State::kPublished && article.schedule.has_value() &&
                                  article.schedule->unpublish_time.has_value();
  if (!HasPendingPlan(article) && !withdrawal_to_come) {
    return BadState(ArticleName(article.id), Name(article.state), Name(Action::kUnschedule));
  }
  RETURN_IF_ERROR(Move(article, Action::kUnschedule));
  article.schedule.reset();
  article.update_time = now;
  return absl::OkStatus();
}

absl::Status Retract(Article& article, const std::string& notice, const std::string& retracted_by, absl::Time now) {
  RETURN_IF_ERROR(Move(article, Action::kRetract));
  if (HasPendingPlan(article)) article.schedule.reset();
  article.retraction = Retraction{.notice = notice, .retract_time = now, .retracted_by = retracted_by};
  article.content_update_time = now;
  article.update_time = now;
  return absl::OkStatus();
}

absl::Status Reinstate(Article& article, absl::Time now) {
  RETURN_IF_ERROR(Check(article, Action::kReinstate));
  RETURN_IF_ERROR(CheckHold(article));
  RETURN_IF_ERROR(Move(article, Action::kReinstate));
  CallOffPublication(article, now);
  article.retraction.reset();
  article.content_update_time = now;
  article.update_time = now;
  return absl::OkStatus();
}

absl::Status Delete(Article& article, absl::Time now) {
  RETURN_IF_ERROR(Move(article, Action::kDelete));
  article.delete_time = now;
  article.purge_time = now + kDeletedKept;
  article.update_time = now;
  return absl::OkStatus();
}

absl::Status Undelete(Article& article, absl::Time now) {
  RETURN_IF_ERROR(Move(article, Action::kUndelete));
  article.delete_time.reset();
  article.purge_time.reset();
  article.update_time = now;
  return absl::OkStatus();
}

}  // namespace masthead::articles
