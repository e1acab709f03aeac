#include "services/articles/errors.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/text/characters.h"

namespace masthead::articles {
namespace {

using Metadata = std::map<std::string, std::string>;

// Of what a caller sent: all of it might not fit the trailers.
constexpr int64_t kMaxToldCodePoints = 20;

absl::Status Error(absl::StatusCode code, absl::string_view message, std::string reason, Metadata metadata = {}) {
  return MakeError(code, message, {kErrorDomain, std::move(reason), std::move(metadata)});
}

absl::Status NotFound(absl::string_view kind, absl::string_view type, absl::string_view name, std::string reason,
                      Metadata metadata = {}) {
  return WithResource(Error(absl::StatusCode::kNotFound, absl::StrCat("there is no ", kind, " of this name"),
                            std::move(reason), std::move(metadata)),
                      type, name);
}

absl::Status IdTaken(absl::string_view type, absl::string_view name, std::string reason) {
  return WithResource(
      Error(absl::StatusCode::kAlreadyExists, absl::StrCat(name, " exists: choose another ID"), std::move(reason)),
      type, name);
}

constexpr char kArticle[] = "articles.masthead.dev/Article";
constexpr char kRevision[] = "articles.masthead.dev/ArticleRevision";
constexpr char kContributor[] = "articles.masthead.dev/Contributor";
constexpr char kCorrection[] = "articles.masthead.dev/Correction";
constexpr char kSection[] = "articles.masthead.dev/Section";
constexpr char kTag[] = "articles.masthead.dev/Tag";
constexpr char kLiveCoverage[] = "articles.masthead.dev/LiveCoverage";
constexpr char kLiveUpdate[] = "articles.masthead.dev/LiveUpdate";
constexpr char kRedirect[] = "articles.masthead.dev/PathRedirect";
constexpr char kPlace[] = "articles.masthead.dev/Place";
constexpr char kCuratedList[] = "articles.masthead.dev/CuratedList";
constexpr char kCuratedListRevision[] = "articles.masthead.dev/CuratedListRevision";

}  // namespace

absl::Status ArticleNotFound(absl::string_view name) {
  return NotFound("article", kArticle, name, "ARTICLE_NOT_FOUND");
}

absl::Status NothingPublished(absl::string_view name_or_path, absl::Duration max_age, absl::string_view surrogate_key) {
  return NotFound("article", kArticle, name_or_path, "ARTICLE_NOT_FOUND",
                  {{"max_age_seconds", absl::StrCat(absl::ToInt64Seconds(max_age))},
                   {"surrogate_key", std::string(surrogate_key)}});
}

absl::Status RevisionNotFound(absl::string_view name) {
  return NotFound("revision", kRevision, name, "REVISION_NOT_FOUND");
}
absl::Status ContributorNotFound(absl::string_view name) {
  return NotFound("contributor", kContributor, name, "CONTRIBUTOR_NOT_FOUND");
}
absl::Status CorrectionNotFound(absl::string_view name) {
  return NotFound("correction", kCorrection, name, "CORRECTION_NOT_FOUND");
}
absl::Status SectionNotFound(absl::string_view name) {
  return NotFound("section", kSection, name, "SECTION_NOT_FOUND");
}
absl::Status TagNotFound(absl::string_view name) { return NotFound("tag", kTag, name, "TAG_NOT_FOUND"); }
absl::Status PlaceNotFound(absl::string_view name) { return NotFound("place", kPlace, name, "PLACE_NOT_FOUND"); }

absl::Status ArticleIdTaken(absl::string_view name) { return IdTaken(kArticle, name, "ARTICLE_ID_TAKEN"); }
absl::Status ContributorIdTaken(absl::string_view name) { return IdTaken(kContributor, name, "CONTRIBUTOR_ID_TAKEN"); }
absl::Status SectionIdTaken(absl::string_view name) { return IdTaken(kSection, name, "SECTION_ID_TAKEN"); }
absl::Status TagIdTaken(absl::string_view name) { return IdTaken(kTag, name, "TAG_ID_TAKEN"); }
absl::Status PlaceIdTaken(absl::string_view name) { return IdTaken(kPlace, name, "PLACE_ID_TAKEN"); }

absl::Status SlugTaken(absl::string_view slug, absl::string_view holder) {
  return Error(absl::StatusCode::kAlreadyExists, absl::StrCat("the slug ", slug, " belongs to ", holder), "SLUG_TAKEN",
               {{"slug", std::string(slug)}, {"holder", std::string(holder)}});
}

absl::Status ArticleSlugTaken(absl::string_view slug, absl::string_view holder, bool redirects,
                              absl::string_view suggestion) {
  return Error(absl::StatusCode::kAlreadyExists,
               redirects ? absl::StrCat("the slug ", slug, " redirects to ", holder,
                                        "; set reclaim_slug to take it, or use ", suggestion)
                         : absl::StrCat("the slug ", slug, " belongs to ", holder, "; ", suggestion, " is free"),
               "SLUG_TAKEN",
               {{"slug", std::string(slug)},
                {"holder", std::string(holder)},
                {"redirects", redirects ? "true" : "false"},
                {"suggestion", std::string(suggestion)}});
}

absl::Status AltIdTaken(absl::string_view scheme, absl::string_view value, absl::string_view holder) {
  return Error(absl::StatusCode::kAlreadyExists, absl::StrCat("the alternative ID of ", scheme, " belongs to ", holder),
               "ALT_ID_TAKEN",
               {{"scheme", std::string(scheme)}, {"value", std::string(value)}, {"holder", std::string(holder)}});
}

absl::Status RoleRequired(absl::string_view field, absl::string_view role, absl::string_view scope) {
  return Error(absl::StatusCode::kPermissionDenied,
               absl::StrCat("only the role ", role, " or the scope ", scope, " may write that into ", field),
               "ROLE_REQUIRED",
               {{"field", std::string(field)}, {"role", std::string(role)}, {"scope", std::string(scope)}});
}

absl::Status BulkTooLarge(size_t matched, bool more, int max_affected) {
  return Error(
      absl::StatusCode::kResourceExhausted,
      absl::StrCat(more ? "more than " : "", matched, " articles fit the filter, ", max_affected, " may be changed"),
      "BULK_TOO_LARGE",
      {{"matched", absl::StrCat(matched)},
       {"more", more ? "true" : "false"},
       {"max_affected", absl::StrCat(max_affected)}});
}

absl::Status LockedBy(absl::string_view article, absl::string_view holder, absl::Time expire_time) {
  const std::string expires = absl::FormatTime(absl::RFC3339_sec, expire_time, absl::UTCTimeZone());
  return Error(absl::StatusCode::kFailedPrecondition,
               absl::StrCat(holder, " is editing ", article, ", until ", expires, " at the latest"), "LOCKED_BY",
               {{"name", std::string(article)}, {"holder", std::string(holder)}, {"expire_time", expires}});
}

absl::Status NotLocked(absl::string_view article) {
  return Error(absl::StatusCode::kNotFound, absl::StrCat("nobody has the edit lock of ", article), "NOT_LOCKED",
               {{"name", std::string(article)}});
}

absl::Status CoverageNotFound(absl::string_view name) {
  return NotFound("live coverage", kLiveCoverage, name, "COVERAGE_NOT_FOUND");
}

absl::Status CoverageIdTaken(absl::string_view name) { return IdTaken(kLiveCoverage, name, "COVERAGE_ID_TAKEN"); }

absl::Status CoverageClosed(absl::string_view name) {
  return Error(absl::StatusCode::kFailedPrecondition, absl::StrCat(name, " is closed"), "COVERAGE_CLOSED",
               {{"name", std::string(name)}});
}

absl::Status LiveUpdateNotFound(absl::string_view name) {
  return NotFound("live update", kLiveUpdate, name, "LIVE_UPDATE_NOT_FOUND");
}

absl::Status RedirectNotFound(absl::string_view name) {
  return NotFound("redirect", kRedirect, name, "REDIRECT_NOT_FOUND");
}

absl::Status RedirectTaken(absl::string_view from_path) {
  return Error(absl::StatusCode::kAlreadyExists, absl::StrCat(from_path, " redirects already"), "REDIRECT_TAKEN",
               {{"from_path", std::string(from_path)}});
}

absl::Status RedirectLoop(absl::string_view from_path) {
  return Error(absl::StatusCode::kFailedPrecondition, absl::StrCat(from_path, " would lead back to itself"),
               "REDIRECT_LOOP", {{"from_path", std::string(from_path)}});
}

absl::Status InUse(absl::string_view name, absl::string_view used_by) {
  return Error(absl::StatusCode::kFailedPrecondition, absl::StrCat(used_by, " still name ", name), "IN_USE",
               {{"name", std::string(name)}, {"used_by", std::string(used_by)}});
}

absl::Status SectionTreeInvalid(absl::string_view name, absl::string_view problem) {
  return Error(absl::StatusCode::kFailedPrecondition,
               problem == "cycle" ? absl::StrCat(name, " cannot be below itself")
                                  : absl::StrCat(name, " would reach more than four sections down"),
               "SECTION_TREE", {{"name", std::string(name)}, {"problem", std::string(problem)}});
}

absl::Status TagMerged(absl::string_view name, absl::string_view merged_into) {
  return Error(absl::StatusCode::kFailedPrecondition, absl::StrCat(name, " was merged into ", merged_into),
               "TAG_MERGED", {{"name", std::string(name)}, {"merged_into", std::string(merged_into)}});
}

absl::Status BadState(absl::string_view name, absl::string_view from, absl::string_view action) {
  return Error(absl::StatusCode::kFailedPrecondition,
               absl::StrCat(name, " is ", from, ", which does not allow ", action), "BAD_STATE",
               {{"name", std::string(name)}, {"from", std::string(from)}, {"action", std::string(action)}});
}

absl::Status LegalHold(absl::string_view name) {
  return Error(absl::StatusCode::kFailedPrecondition, absl::StrCat(name, " is held back by lawyers"), "LEGAL_HOLD",
               {{"name", std::string(name)}});
}

absl::Status ReviewRequired(absl::string_view name) {
  return Error(absl::StatusCode::kFailedPrecondition,
               absl::StrCat("here readers get only what somebody else approved: submit ", name, " for review"),
               "REVIEW_REQUIRED", {{"name", std::string(name)}});
}

absl::Status ReviewAssigned(absl::string_view name, absl::string_view assignee) {
  return Error(absl::StatusCode::kPermissionDenied, absl::StrCat(assignee, " was asked to review ", name),
               "REVIEW_ASSIGNED", {{"name", std::string(name)}, {"assignee", std::string(assignee)}});
}

absl::Status OwnSubmission(absl::string_view name) {
  return Error(absl::StatusCode::kPermissionDenied,
               absl::StrCat("you submitted ", name, "; somebody else has to approve it"), "OWN_SUBMISSION",
               {{"name", std::string(name)}});
}

absl::Status CorrectionWithdrawn(absl::string_view name) {
  return Error(absl::StatusCode::kFailedPrecondition, absl::StrCat(name, " was withdrawn; make another correction"),
               "CORRECTION_WITHDRAWN", {{"name", std::string(name)}});
}

absl::Status UnpublishedChanges(absl::string_view name, int64_t revision, int64_t published_revision) {
  return Error(absl::StatusCode::kFailedPrecondition,
               absl::StrCat(name, " holds changes that readers do not have; publish them first, or roll them back"),
               "UNPUBLISHED_CHANGES",
               {{"name", std::string(name)},
                {"revision", absl::StrCat(revision)},
                {"published_revision", absl::StrCat(published_revision)}});
}

absl::Status PublishChecksFailed(absl::string_view name, const std::vector<std::string>& checks,
                                 const std::vector<std::string>& fields) {
  Metadata metadata = {{"name", std::string(name)}, {"checks", absl::StrJoin(checks, ",")}};
  if (!fields.empty()) metadata["fields"] = absl::StrJoin(fields, ",");
  return Error(absl::StatusCode::kFailedPrecondition,
               absl::StrCat(name, " is not fit for readers yet; missing: ", absl::StrJoin(checks, ", ")),
               "PUBLISH_CHECKS_FAILED", std::move(metadata));
}

absl::Status ScheduleInPast(absl::Time publish_time, absl::Time now) {
  const std::string publish = absl::FormatTime(absl::RFC3339_sec, publish_time, absl::UTCTimeZone());
  const std::string current = absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone());
  return Error(absl::StatusCode::kInvalidArgument, absl::StrCat(publish, " has passed; it is ", current, " now"),
               "SCHEDULE_IN_PAST", {{"publish_time", publish}, {"now", current}});
}

absl::Status UnpublishTooEarly(absl::Time unpublish_time, absl::Time due_time) {
  const std::string unpublish = absl::FormatTime(absl::RFC3339_sec, unpublish_time, absl::UTCTimeZone());
  const std::string due = absl::FormatTime(absl::RFC3339_sec, due_time, absl::UTCTimeZone());
  return Error(absl::StatusCode::kInvalidArgument,
               absl::StrCat("readers would get it at ", due, ", and it would be withdrawn at ", unpublish, " already"),
               "UNPUBLISH_TOO_EARLY", {{"unpublish_time", unpublish}, {"due_time", due}});
}

absl::Status TimeZoneUnknown(absl::string_view time_zone) {
  return Error(absl::StatusCode::kInvalidArgument, "there is no such time zone; send an IANA name such as Europe/Kyiv",
               "TIME_ZONE_UNKNOWN", {{"time_zone", std::string(time_zone)}});
}

absl::Status LocalTimeSkipped(absl::string_view before, absl::string_view after) {
  return Error(absl::StatusCode::kInvalidArgument,
               absl::StrCat("clocks are set forward over that local time; choose ", before, " or ", after),
               "LOCAL_TIME_SKIPPED", {{"before", std::string(before)}, {"after", std::string(after)}});
}

absl::Status QueryEmpty() {
  return Error(absl::StatusCode::kInvalidArgument, "the query has no word to look for", "QUERY_EMPTY");
}

absl::Status PreviewTokenInvalid() {
  return Error(absl::StatusCode::kNotFound, "this preview link leads nowhere, or no longer", "PREVIEW_TOKEN_INVALID");
}

absl::Status GiftTokenInvalid() {
  return Error(absl::StatusCode::kNotFound, "there is no such gift link", "GIFT_TOKEN_INVALID");
}

absl::Status LinkNotFound(absl::string_view name) {
  return Error(absl::StatusCode::kNotFound, "there is no link of this name", "LINK_NOT_FOUND",
               {{"name", std::string(name)}});
}

absl::Status LinkLimit(int max_links) {
  return Error(absl::StatusCode::kResourceExhausted,
               absl::StrCat("the article has ", max_links, " links that work; revoke some"), "LINK_LIMIT",
               {{"max_links", absl::StrCat(max_links)}});
}

absl::Status GiftLimit(int max_gifts, absl::Time reset_time) {
  const std::string reset = absl::FormatTime(absl::RFC3339_sec, reset_time, absl::UTCTimeZone());
  return Error(absl::StatusCode::kResourceExhausted,
               absl::StrCat("you have given ", max_gifts, " articles in 30 days; the next can be given at ", reset),
               "GIFT_LIMIT", {{"max_gifts", absl::StrCat(max_gifts)}, {"reset_time", reset}});
}

absl::Status GiftNotYours(absl::string_view name) {
  return Error(absl::StatusCode::kPermissionDenied, "nobody gives away what is not open to them", "GIFT_NOT_YOURS",
               {{"name", std::string(name)}});
}

absl::Status ReaderNotAdmitted() {
  return Error(absl::StatusCode::kPermissionDenied,
               "only a backend with the scope articles.read may say who reads; send the reader's token instead",
               "READER_NOT_ADMITTED");
}

absl::Status SiteNotConfigured() {
  return Error(absl::StatusCode::kFailedPrecondition, "the service was not told where readers find the newspaper",
               "SITE_NOT_CONFIGURED");
}

absl::Status SitemapPageNotFound(absl::string_view page) {
  return Error(absl::StatusCode::kNotFound, "the sitemap has no such page", "SITEMAP_PAGE_NOT_FOUND",
               {{"page", std::string(text::FirstCodePoints(page, kMaxToldCodePoints))}});
}

absl::Status ImportMalformed(absl::string_view problem) {
  return Error(absl::StatusCode::kInvalidArgument, absl::StrCat("the file is none of its format: ", problem),
               "IMPORT_MALFORMED", {{"problem", std::string(problem)}});
}

absl::Status ImportInterrupted() {
  return Error(absl::StatusCode::kAborted, "the file was lost half way: send it again", "IMPORT_INTERRUPTED");
}

absl::Status BodyTooLarge(size_t bytes, size_t max_bytes) {
  return Error(absl::StatusCode::kResourceExhausted,
               absl::StrCat("the body has ", bytes, " bytes, of at most ", max_bytes), "BODY_TOO_LARGE",
               {{"bytes", absl::StrCat(bytes)}, {"max_bytes", absl::StrCat(max_bytes)}});
}

absl::Status CuratedListNotFound(absl::string_view name) {
  return NotFound("curated list", kCuratedList, name, "CURATED_LIST_NOT_FOUND");
}

absl::Status CuratedListIdTaken(absl::string_view name) { return IdTaken(kCuratedList, name, "CURATED_LIST_ID_TAKEN"); }

absl::Status ListChanged(absl::string_view name, absl::string_view etag, absl::string_view editor,
                         absl::Time effective_time) {
  const std::string since =
      editor.empty() ? "" : absl::FormatTime(absl::RFC3339_sec, effective_time, absl::UTCTimeZone());
  return Error(absl::StatusCode::kAborted, absl::StrCat(name, " has changed; read it again"), "LIST_CHANGED",
               {{"name", std::string(name)},
                {"etag", std::string(etag)},
                {"editor", std::string(editor)},
                {"effective_time", since}});
}

absl::Status ListRevisionNotFound(absl::string_view name) {
  return NotFound("revision", kCuratedListRevision, name, "LIST_REVISION_NOT_FOUND");
}

absl::Status ListRevisionInEffect(absl::string_view name, absl::Time effective_time) {
  const std::string since = absl::FormatTime(absl::RFC3339_sec, effective_time, absl::UTCTimeZone());
  return Error(absl::StatusCode::kFailedPrecondition, absl::StrCat(name, " took effect at ", since),
               "LIST_REVISION_IN_EFFECT", {{"name", std::string(name)}, {"effective_time", since}});
}

absl::Status ListScheduleLimit(absl::string_view name, int max_scheduled) {
  return Error(absl::StatusCode::kResourceExhausted,
               absl::StrCat(max_scheduled, " revisions of ", name, " wait to take effect; call some off"),
               "LIST_SCHEDULE_LIMIT", {{"name", std::string(name)}, {"max_scheduled", absl::StrCat(max_scheduled)}});
}

absl::Status LanguageTaken(absl::string_view language_code, absl::string_view holder) {
  return Error(absl::StatusCode::kAlreadyExists, absl::StrCat(holder, " is the article in ", language_code),
               "LANGUAGE_TAKEN", {{"language_code", std::string(language_code)}, {"holder", std::string(holder)}});
}

absl::Status InTranslationSet(absl::string_view name) {
  return Error(absl::StatusCode::kFailedPrecondition, absl::StrCat(name, " belongs to a set of translations"),
               "IN_TRANSLATION_SET", {{"name", std::string(name)}});
}

}  // namespace masthead::articles
