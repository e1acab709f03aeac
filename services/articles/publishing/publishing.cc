#include "services/articles/publishing/publishing.h"

#include <initializer_list>
#include <utility>

#include "absl/algorithm/container.h"
#include "common/base/status_macros.h"
#include "services/articles/errors.h"

namespace masthead::articles {
namespace {

using State = Article::State;

absl::Status CheckState(const Article& article, std::initializer_list<State> allowed, absl::string_view action) {
  if (absl::c_linear_search(allowed, article.state)) return absl::OkStatus();
  return BadState(ArticleName(article.id), Name(article.state), action);
}

absl::Status CheckFitness(const Article& article) {
  const std::vector<std::string> failed = FailedPublishChecks(article.content);
  return failed.empty() ? absl::OkStatus() : PublishChecksFailed(ArticleName(article.id), failed);
}

void MakePublic(Article& article, int64_t revision, absl::Time publish_time, absl::Time now) {
  article.state = State::kPublished;
  article.published_revision = revision;
  article.published_slug = article.content.slug;
  if (!article.publish_time.has_value()) article.publish_time = publish_time;
  if (!article.content_update_time.has_value()) article.content_update_time = article.publish_time;
  article.update_time = now;
}

bool HasImageWithoutAlt(const Content& content) {
  return absl::c_any_of(content.body, [](const Block& block) {
    const Image* image = std::get_if<Image>(&block.kind);
    return image != nullptr && image->alt.empty();
  });
}

}  // namespace

std::vector<std::string> FailedPublishChecks(const Content& content) {
  std::vector<std::string> failed;
  if (content.headline.empty()) failed.push_back("headline");
  if (content.section_id.empty()) failed.push_back("section");
  if (content.bylines.empty()) failed.push_back("byline");
  if (content.slug.empty()) failed.push_back("slug");
  if (content.lead_image.has_value() && content.lead_image->alt.empty()) failed.push_back("lead_image_alt");
  if (HasImageWithoutAlt(content)) failed.push_back("image_alt");
  return failed;
}

absl::Status Publish(Article& article, absl::Time now, bool substantive, Outcome& outcome) {
  RETURN_IF_ERROR(CheckState(article, {State::kDraft, State::kPublished, State::kUnpublished}, "PublishArticle"));
  const bool was_public = article.state == State::kPublished;
  outcome = Outcome::kNothing;
  if (was_public && article.published_revision == article.revision) return absl::OkStatus();
  RETURN_IF_ERROR(CheckFitness(article));
  outcome = was_public ? Outcome::kUpdated : Outcome::kPublished;
  if (article.publish_time.has_value() && substantive) article.content_update_time = now;
  MakePublic(article, article.revision, now, now);
  return absl::OkStatus();
}

absl::Status PublishScheduled(Article& article, absl::Time now) {
  RETURN_IF_ERROR(CheckState(article, {State::kScheduled}, "the schedule"));
  const Schedule& schedule = *article.schedule;
  const bool punctual = now - schedule.publish_time <= kPunctuality;
  MakePublic(article, schedule.revision, punctual ? schedule.publish_time : now, now);
  return absl::OkStatus();
}

absl::Status Unpublish(Article& article, absl::Time now) {
  RETURN_IF_ERROR(CheckState(article, {State::kPublished}, "UnpublishArticle"));
  article.state = State::kUnpublished;
  article.update_time = now;
  return absl::OkStatus();
}

absl::Status ScheduleFor(Article& article, Schedule schedule, absl::Time now) {
  RETURN_IF_ERROR(CheckState(article, {State::kDraft}, "ScheduleArticle"));
  RETURN_IF_ERROR(CheckFitness(article));
  if (schedule.publish_time <= now) return ScheduleInPast(schedule.publish_time, now);
  schedule.revision = article.revision;
  article.schedule = std::move(schedule);
  article.state = State::kScheduled;
  article.update_time = now;
  return absl::OkStatus();
}

absl::Status Unschedule(Article& article, absl::Time now) {
  RETURN_IF_ERROR(CheckState(article, {State::kScheduled}, "UnscheduleArticle"));
  article.schedule.reset();
  article.state = State::kDraft;
  article.update_time = now;
  return absl::OkStatus();
}

absl::Status Delete(Article& article, absl::Time now) {
  RETURN_IF_ERROR(CheckState(article, {State::kDraft, State::kUnpublished}, "DeleteArticle"));
  article.delete_time = now;
  article.update_time = now;
  return absl::OkStatus();
}

}  // namespace masthead::articles
