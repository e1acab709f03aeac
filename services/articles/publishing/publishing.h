// The state machine of articles. Plain values in, plain values out: no database, no clock.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// A publication that a schedule made at most so late bears the time that was planned.
inline constexpr absl::Duration kPunctuality = absl::Seconds(60);

// What readers notice of a change.
enum class Outcome { kNothing, kPublished, kUpdated, kUnpublished };

// What `content` lacks to be shown to readers; empty if nothing. The words of PUBLISH_CHECKS_FAILED.
std::vector<std::string> FailedPublishChecks(const Content& content);

// Makes the article's latest revision, which `content` is, public. Publishing what is public already is kNothing.
// BAD_STATE, PUBLISH_CHECKS_FAILED.
absl::Status Publish(Article& article, absl::Time now, bool substantive, Outcome& outcome);

// Carries out a schedule; `article.content` is the scheduled revision's. BAD_STATE unless SCHEDULED.
absl::Status PublishScheduled(Article& article, absl::Time now);

absl::Status Unpublish(Article& article, absl::Time now);

// Plans the publication of the latest revision. BAD_STATE, PUBLISH_CHECKS_FAILED, SCHEDULE_IN_PAST.
absl::Status ScheduleFor(Article& article, Schedule schedule, absl::Time now);

absl::Status Unschedule(Article& article, absl::Time now);

absl::Status Delete(Article& article, absl::Time now);

}  // namespace masthead::articles
