// Every error that articles reports on purpose. Keep in step with protos/masthead/articles/v1/error_reason.proto.
#pragma once

#include <cstdint>
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
absl::Status PlaceNotFound(absl::string_view name);

absl::Status ArticleIdTaken(absl::string_view name);
absl::Status ContributorIdTaken(absl::string_view name);
absl::Status SectionIdTaken(absl::string_view name);
absl::Status TagIdTaken(absl::string_view name);
absl::Status PlaceIdTaken(absl::string_view name);

// A section's or tag's slug.
absl::Status SlugTaken(absl::string_view slug, absl::string_view holder);
// An article's.
absl::Status ArticleSlugTaken(absl::string_view slug, absl::string_view holder, bool redirects,
                              absl::string_view suggestion);

absl::Status AltIdTaken(absl::string_view scheme, absl::string_view value, absl::string_view holder);

// What the caller's method admits, but not with this in `field`.
absl::Status RoleRequired(absl::string_view field, absl::string_view role, absl::string_view scope);
absl::Status BulkTooLarge(size_t matched, bool more, int max_affected);

// `holder` has the edit lock of the article until then.
absl::Status LockedBy(absl::string_view article, absl::string_view holder, absl::Time expire_time);
absl::Status NotLocked(absl::string_view article);

absl::Status CoverageNotFound(absl::string_view name);
absl::Status CoverageIdTaken(absl::string_view name);
absl::Status CoverageClosed(absl::string_view name);
absl::Status LiveUpdateNotFound(absl::string_view name);

absl::Status RedirectNotFound(absl::string_view name);
absl::Status RedirectTaken(absl::string_view from_path);
absl::Status RedirectLoop(absl::string_view from_path);

// `used_by`: `articles`, `sections` or `tags`.
absl::Status InUse(absl::string_view name, absl::string_view used_by);
// `problem`: `cycle` or `depth`.
absl::Status SectionTreeInvalid(absl::string_view name, absl::string_view problem);
absl::Status TagMerged(absl::string_view name, absl::string_view merged_into);

absl::Status BadState(absl::string_view name, absl::string_view from, absl::string_view action);
absl::Status LegalHold(absl::string_view name);
absl::Status ReviewRequired(absl::string_view name);
absl::Status ReviewAssigned(absl::string_view name, absl::string_view assignee);
absl::Status OwnSubmission(absl::string_view name);
absl::Status CorrectionWithdrawn(absl::string_view name);
absl::Status UnpublishedChanges(absl::string_view name, int64_t revision, int64_t published_revision);
// `fields`: those that name nothing, if such checks failed.
absl::Status PublishChecksFailed(absl::string_view name, const std::vector<std::string>& checks,
                                 const std::vector<std::string>& fields = {});
absl::Status ScheduleInPast(absl::Time publish_time, absl::Time now);
absl::Status UnpublishTooEarly(absl::Time unpublish_time, absl::Time due_time);
absl::Status TimeZoneUnknown(absl::string_view time_zone);
absl::Status LocalTimeSkipped(absl::string_view before, absl::string_view after);
// Nothing is left to look for.
absl::Status QueryEmpty();

// A link that is unknown, expired, revoked, or of an article that is gone: which, is not told.
absl::Status PreviewTokenInvalid();
absl::Status GiftTokenInvalid();
absl::Status LinkNotFound(absl::string_view name);
absl::Status LinkLimit(int max_links);
absl::Status GiftLimit(int max_gifts, absl::Time reset_time);
absl::Status GiftNotYours(absl::string_view name);
absl::Status ReaderNotAdmitted();

// `problem` says where, and is no longer than a line.
absl::Status ImportMalformed(absl::string_view problem);
absl::Status ImportInterrupted();

// Nobody told the service where readers find the newspaper.
absl::Status SiteNotConfigured();
absl::Status SitemapPageNotFound(absl::string_view page);

absl::Status BodyTooLarge(size_t bytes, size_t max_bytes);

absl::Status CuratedListNotFound(absl::string_view name);
absl::Status CuratedListIdTaken(absl::string_view name);
// `etag` is the current one; `editor` wrote the slots that have held since `effective_time`, if there are any.
absl::Status ListChanged(absl::string_view name, absl::string_view etag, absl::string_view editor,
                         absl::Time effective_time);
absl::Status ListRevisionNotFound(absl::string_view name);
absl::Status ListRevisionInEffect(absl::string_view name, absl::Time effective_time);
absl::Status ListScheduleLimit(absl::string_view name, int max_scheduled);
absl::Status LanguageTaken(absl::string_view language_code, absl::string_view holder);
absl::Status InTranslationSet(absl::string_view name);

}  // namespace masthead::articles
