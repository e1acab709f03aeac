// How an article comes to readers, and is taken from them. Plain values in, plain values out: no database, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/articles/article/article.h"
#include "services/articles/article/block_rules.h"
#include "services/articles/publishing/review.h"

namespace masthead::articles {

// A publication that a schedule made at most so late bears the time that was planned.
inline constexpr absl::Duration kPunctuality = absl::Seconds(60);

// How long a deleted article can be undeleted.
inline constexpr absl::Duration kDeletedKept = absl::Hours(30 * 24);

// What readers notice of a change.
enum class Outcome {
  kNothing,
  kPublished,  // They have what they did not have.
  kUpdated,    // They have another revision.
  kPlanned,    // They will, when an embargo ends.
  kLapsed,     // They never will by this plan: its end passed before it could be carried out.
};

// A decision to publish, to be stored and announced.
struct Publication {
  Outcome outcome = Outcome::kNothing;
  int64_t former_revision = 0;  // What readers had before, if only until a withdrawal; 0 if nothing ever.
  bool substantive = false;
  std::optional<absl::Time> scheduled_time;  // Of a plan that was carried out.
  bool imported = false;                     // It came with an archive: no news.
};

// What `content` lacks to be shown to readers; empty if nothing. The words of PUBLISH_CHECKS_FAILED.
std::vector<std::string> FailedPublishChecks(const Content& content);

// Where the body leads to what is not there.
struct DeadEnds {
  std::vector<BlockReference> articles;
  std::vector<BlockReference> live_coverages;
};

// PUBLISH_CHECKS_FAILED.
absl::Status CheckFitness(const Article& article, const DeadEnds& dead_ends = {});

// When readers get `content` by that schedule: at its time, but not before the end of an embargo.
absl::Time DueTime(const Schedule& schedule, const Content& content);

// To be called with each new revision, which `article.content` is: an approval was for the text before, and a plan that
// follows the latest revision takes over its embargo. BAD_STATE; PUBLISH_CHECKS_FAILED for a text that such a plan
// could not publish.
absl::Status OnSave(Article& article);

// Makes the article's latest revision, which `content` is, public; while its embargo lasts, plans that for the
// embargo's end instead. What else was planned is called off, but for a withdrawal that is still to come. Publishing
// what is public already is kNothing. BAD_STATE, LEGAL_HOLD, REVIEW_REQUIRED, PUBLISH_CHECKS_FAILED.
absl::StatusOr<Publication> Publish(Article& article, const HouseRules& rules, absl::Time now, bool substantive,
                                    const DeadEnds& dead_ends = {});

// Carries out a plan that is due; `article.content` is that of the planned revision. BAD_STATE without such a plan,
// LEGAL_HOLD.
absl::StatusOr<Publication> CarryOut(Article& article, absl::Time now);

absl::Status Unpublish(Article& article, absl::Time now);

// Plans the publication of the latest revision: today's, whatever is saved meanwhile, or with `follow_latest` that of
// the time. A PUBLISHED article stays so: a change to it is planned. A plan before is replaced. BAD_STATE, LEGAL_HOLD,
// REVIEW_REQUIRED (always with follow_latest, where the house requires review), PUBLISH_CHECKS_FAILED,
// SCHEDULE_IN_PAST, UNPUBLISH_TOO_EARLY.
absl::Status ScheduleFor(Article& article, Schedule schedule, bool follow_latest, const HouseRules& rules,
                         absl::Time now, const DeadEnds& dead_ends = {});

// Calls the plan off, that of a withdrawal included. BAD_STATE if nothing is planned.
absl::Status Unschedule(Article& article, absl::Time now);

absl::Status Retract(Article& article, const std::string& notice, const std::string& retracted_by, absl::Time now);

// Readers have again what they had before the retraction. BAD_STATE, LEGAL_HOLD.
absl::Status Reinstate(Article& article, absl::Time now);

absl::Status Delete(Article& article, absl::Time now);

absl::Status Undelete(Article& article, absl::Time now);

}  // namespace masthead::articles
