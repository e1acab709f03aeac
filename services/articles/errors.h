// Every error that articles reports on purpose. Keep in step with protos/masthead/articles/v1/error_reason.proto.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::articles {

inline constexpr char kErrorDomain[] = "articles.masthead";

absl::Status ArticleNotFound(absl::string_view name);
// For readers: how long that answer may be kept, and what ends it sooner.
absl::Status NothingPublished(absl::string_view name_or_path, absl::Duration max_age, absl::string_view surrogate_key);
absl::Status RevisionNotFound(absl::string_view name);
absl::Status ContributorNotFound(absl::string_view name);
absl::Status CorrectionNotFound(absl::string_view name);
absl::Status SectionNotFound(absl::string_view name);
absl::Status TagNotFound(absl::string_view name);

absl::Status ArticleIdTaken(absl::string_view name);
absl::Status ContributorIdTaken(absl::string_view name);
absl::Status SectionIdTaken(absl::string_view name);
absl::Status TagIdTaken(absl::string_view name);

// A section's or tag's slug.
absl::Status SlugTaken(absl::string_view slug, absl::string_view holder);
// An article's.
absl::Status ArticleSlugTaken(absl::string_view slug, absl::string_view holder, bool redirects,
                              absl::string_view suggestion);

absl::Status BadState(absl::string_view name, absl::string_view from, absl::string_view action);
absl::Status LegalHold(absl::string_view name);
absl::Status ReviewRequired(absl::string_view name);
absl::Status ReviewAssigned(absl::string_view name, absl::string_view assignee);
absl::Status OwnSubmission(absl::string_view name);
absl::Status CorrectionWithdrawn(absl::string_view name);
absl::Status PublishChecksFailed(absl::string_view name, const std::vector<std::string>& checks);
absl::Status ScheduleInPast(absl::Time publish_time, absl::Time now);
absl::Status UnpublishTooEarly(absl::Time unpublish_time, absl::Time due_time);
absl::Status TimeZoneUnknown(absl::string_view time_zone);
absl::Status LocalTimeSkipped(absl::string_view before, absl::string_view after);
absl::Status BodyTooLarge(size_t bytes, size_t max_bytes);

}  // namespace masthead::articles
