#include "services/articles/exchange/article_import.h"

#include <optional>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_rules.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/article/labels_store.h"
#include "services/articles/editing/saving.h"
#include "services/articles/errors.h"
#include "services/articles/exchange/import_store.h"
#include "services/articles/exchange/link_rewriting.h"
#include "services/articles/publishing/publication.h"
#include "services/articles/publishing/publishing.h"
#include "services/articles/slugs/slug_claim.h"

namespace masthead::articles {
namespace {

// What an article leads to may come later in the file.
Editor Importer(const auth::Caller& caller) {
  Editor importer(caller);
  importer.may_refer_ahead = true;
  return importer;
}

// Of all that was read of the item.
std::string Digest(const Item& item) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream output(&stream);
    output.SetSerializationDeterministic(true);
    ToProto(item.article).SerializeToCodedStream(&output);
  }
  for (const ImportedAuthor& author : item.authors)
    absl::StrAppend(&bytes, "\nby ", author.slug, " ", author.display_name);
  for (const ImportedTopic& topic : item.section) absl::StrAppend(&bytes, "\nin ", topic.slug, " ", topic.display_name);
  for (const ImportedTopic& topic : item.tags) absl::StrAppend(&bytes, "\non ", topic.slug, " ", topic.display_name);
  return crypto::Sha256(bytes);
}

// The article that the item became, if it did.
std::string FindFormer(db::Transaction& tx, const Item& item) {
  for (const auto& [scheme, value] : item.article.alt_ids) {
    const std::optional<std::string> id = FindByAltId(tx, scheme, value);
    if (id.has_value()) return *id;
  }
  return "";
}

void Report(const Article& article, v1::ImportedItem::Outcome outcome, v1::ImportedItem& report) {
  report.set_outcome(outcome);
  report.set_name(ArticleName(article.id));
  report.set_etag(resource::Etag(article.version));
}

void ReportLosses(const Losses& losses, v1::ImportedItem& report) {
  for (const auto& [kind, loss] : losses.by_kind()) {
    v1::ImportLoss& told = *report.add_losses();
    told.set_kind(kind);
    told.set_count(loss.count);
    told.set_example(loss.example);
  }
}

// What cannot be made good later: pictures without words are told, and wait for an editor.
absl::Status CheckStructure(const Article& article) {
  std::vector<std::string> failed;
  for (std::string& check : FailedPublishChecks(article.content)) {
    if (!absl::EndsWith(check, "_alt")) failed.push_back(std::move(check));
  }
  return failed.empty() ? absl::OkStatus() : PublishChecksFailed(ArticleName(article.id), failed);
}

}  // namespace

bool IsAboutTheItem(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsAlreadyExists(status) || absl::IsFailedPrecondition(status) ||
         absl::IsPermissionDenied(status) || absl::IsNotFound(status) || absl::IsResourceExhausted(status);
}

void Refuse(const absl::Status& status, v1::ImportedItem& report) {
  report.clear_losses();
  report.clear_name();
  report.clear_etag();
  report.set_outcome(v1::ImportedItem::REFUSED);
  const std::string reason = ErrorReason(status);
  report.set_reason(!reason.empty() ? reason : absl::IsResourceExhausted(status) ? "BODY_TOO_LARGE" : "INVALID_FIELD");
  report.set_message(std::string(status.message()));
}

void Skip(absl::string_view why, v1::ImportedItem& report) {
  report.set_outcome(v1::ImportedItem::SKIPPED);
  report.set_message(std::string(why));
}

std::string ArticleImport::site() const {
  return settings_.request.target_site_uri().empty() ? "" : SiteName(settings_.defaults.site_uri);
}

absl::StatusOr<v1::ImportedItem> ArticleImport::Import(const rpc::Call& call, Item item) {
  v1::ImportedItem report;
  report.set_source_id(item.source_id);
  report.set_title(item.article.content.headline);
  if (item.skipped.has_value()) {
    Skip(*item.skipped, report);
    return report;
  }
  FieldViolations violations;
  CheckLanguage("article.language_code", item.article.language_code, violations);
  CheckWritten(item.article, violations);
  absl::Status status = violations.ToStatus();
  if (status.ok()) status = CheckBodySize(ToProto(item.article));
  if (!status.ok()) {
    Refuse(status, report);
    return report;
  }

  const std::string digest = Digest(item);
  ASSIGN_OR_RETURN(const bool unchanged, database_.Read(call.scope, [&](db::Transaction& tx) {
    const std::string id = FindFormer(tx, item);
    const std::optional<FormerImport> former = id.empty() ? std::nullopt : LoadFormerImport(tx, id);
    const std::vector<Article> found = LoadArticlesById(tx, {id});
    if (found.empty() || !former.has_value() || former->digest != digest) return false;
    Report(found.front(), v1::ImportedItem::UNCHANGED, report);
    return true;
  }));
  if (unchanged) return report;

  v1::ImportedItem written;
  status = idempotency::MutateAny(database_, call, settings_.request, "", written,
                                  [&](db::Transaction& tx, idempotency::Change& change) {
                                    written = report;
                                    return Write(tx, call, digest, item, change, written);
                                  });
  if (status.ok()) return written;
  if (!IsAboutTheItem(status)) return status;
  Refuse(status, report);
  return report;
}

absl::Status ArticleImport::Write(db::Transaction& tx, const rpc::Call& call, const std::string& digest, Item item,
                                  idempotency::Change& change, v1::ImportedItem& report) {
  const std::string id = FindFormer(tx, item);
  std::optional<Article> article = id.empty() ? std::nullopt : LockArticle(tx, id);
  change = {.resource = ArticleName(id)};
  if (!id.empty() && !article.has_value()) {
    Skip("it was deleted here", report);
    return absl::OkStatus();
  }
  if (article.has_value()) {
    const std::optional<FormerImport> former = LoadFormerImport(tx, id);
    change.revision_before = change.revision_after = article->version;
    if (!former.has_value() || former->revision != article->revision) {
      Report(*article, v1::ImportedItem::SKIPPED, report);
      Skip("it was edited here since it was imported", report);
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(Renew(tx, call, item, *article));
  } else {
    RETURN_IF_ERROR(Create(tx, call, item, article.emplace()));
  }
  NoteOrigin(tx, item, *article, digest);
  change = {.resource = ArticleName(article->id),
            .revision_before = change.revision_before,
            .revision_after = article->version};
  Report(*article, id.empty() ? v1::ImportedItem::CREATED : v1::ImportedItem::UPDATED, report);
  ReportLosses(item.losses, report);
  failpoint::Hit("articles.import.written");
  return absl::OkStatus();
}

absl::Status ArticleImport::Create(db::Transaction& tx, const rpc::Call& call, Item& item, Article& article) {
  article.id = ids::NewUuid();
  article.uid = article.id;
  article.language_code = item.article.language_code;
  Written written = {.article = item.article, .fields = AllFields()};
  Content& content = written.article.content;
  RETURN_IF_ERROR(ResolveTopics(tx, announcer_, item, settings_.topics, content, item.losses));
  if (!content.slug.empty()) {
    const std::string free = FirstFreeSlug(tx, article, content.slug);
    if (free != content.slug) item.losses.Add("slug as it was", content.slug);
    content.slug = free;
  }
  RETURN_IF_ERROR(CreateDraft(tx, Importer(*call.caller), written, article));
  if (item.article.create_time != absl::Time()) {
    article.create_time = item.article.create_time;
    KeepCreateTime(tx, article.id, article.create_time);
  }
  return Release(tx, item, article);
}

absl::Status ArticleImport::Renew(db::Transaction& tx, const rpc::Call& call, Item& item, Article& article) {
  Written written = {.article = item.article, .fields = AllFields()};
  Content& content = written.article.content;
  RETURN_IF_ERROR(ResolveTopics(tx, announcer_, item, settings_.topics, content, item.losses));
  // Readers know it by the slug that it has.
  content.slug = article.content.slug;
  written.article.legal_hold = article.legal_hold;
  written.article.labels = article.labels;
  for (const auto& [scheme, value] : article.alt_ids) written.article.alt_ids.emplace(scheme, value);
  RETURN_IF_ERROR(Save(tx, Importer(*call.caller), written, article));
  const bool goes_public = item.article.state == Article::State::kPublished &&
                           (article.state == Article::State::kPublished || article.state == Article::State::kDraft);
  return goes_public ? MakePublic(tx, item, article, Now(tx)) : absl::OkStatus();
}

absl::Status ArticleImport::Release(db::Transaction& tx, Item& item, Article& article) {
  if (item.article.state == Article::State::kDraft) return absl::OkStatus();
  const absl::Time now = Now(tx);
  const absl::Time due = std::max(*item.article.publish_time, article.content.embargo_until.value_or(absl::Time()));
  if (due <= now) return MakePublic(tx, item, article, now);
  Article planned = article;
  const Schedule schedule = {.publish_time = due,
                             .time_zone = "UTC",
                             .local_publish_time = absl::FormatCivilTime(absl::ToCivilSecond(due, absl::UTCTimeZone())),
                             .revision = article.revision};
  const absl::Status fits = ScheduleFor(planned, schedule, /*follow_latest=*/false, rules_, now);
  if (!fits.ok()) {
    item.losses.Add("schedule", fits.message());
    return absl::OkStatus();
  }
  article = std::move(planned);
  SaveArticle(tx, article);
  return absl::OkStatus();
}

absl::Status ArticleImport::MakePublic(db::Transaction& tx, const Item& item, Article& article, absl::Time now) {
  RETURN_IF_ERROR(CheckStructure(article));
  const bool was_public = article.state == Article::State::kPublished;
  if (was_public && article.published_revision == article.revision) return absl::OkStatus();
  const Publication publication = {.outcome = was_public ? Outcome::kUpdated : Outcome::kPublished,
                                   .former_revision = article.published_revision,
                                   .imported = true};
  article.state = Article::State::kPublished;
  article.published_revision = article.revision;
  article.published_slug = article.content.slug;
  if (!article.publish_time.has_value()) article.publish_time = item.article.publish_time;
  article.content_update_time = item.article.content_update_time;
  article.update_time = now;
  StorePublication(tx, announcer_, article, publication, now);
  return absl::OkStatus();
}

void ArticleImport::NoteOrigin(db::Transaction& tx, const Item& item, const Article& article,
                               const std::string& digest) {
  SaveImport(tx, article.id, digest, article.revision);
  if (site().empty()) return;
  SaveFormerPaths(tx, site(), article.id, item.former_paths);
  if (!LinkedPaths(article.content.body, site()).empty()) NoteLinks(tx, site(), article.id);
}

absl::StatusOr<bool> ArticleImport::Relink(const rpc::Call& call, const std::string& article_id) {
  bool changed = false;
  v1::ImportedItem report;
  const std::string target(absl::StripSuffix(settings_.request.target_site_uri(), "/"));
  const auto relink = [&](db::Transaction& tx, idempotency::Change& change) -> absl::Status {
    changed = false;
    std::optional<Article> article = LockArticle(tx, article_id);
    const std::optional<FormerImport> former = LoadFormerImport(tx, article_id);
    change = {.resource = ArticleName(article_id)};
    ForgetLinks(tx, site(), article_id);
    // What was edited since is its editor's.
    if (!article.has_value() || !former.has_value() || former->revision != article->revision) return absl::OkStatus();
    change.revision_before = change.revision_after = article->version;
    Written written = {.article = *article, .fields = {"body"}};
    const auto places = LoadNewPaths(tx, site(), LinkedPaths(article->content.body, site()));
    changed = RewriteLinks(written.article.content.body, site(), [&](const std::string& path) {
      const auto place = places.find(path);
      return place == places.end() ? std::nullopt : std::optional(absl::StrCat(target, place->second));
    });
    if (!changed) return absl::OkStatus();
    RETURN_IF_ERROR(Save(tx, Importer(*call.caller), written, *article));
    SaveImport(tx, article_id, former->digest, article->revision);
    if (article->state == Article::State::kPublished) {
      Item item;
      item.article = *article;
      RETURN_IF_ERROR(MakePublic(tx, item, *article, Now(tx)));
    }
    change.revision_after = article->version;
    failpoint::Hit("articles.import.relinked");
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(idempotency::MutateAny(database_, call, settings_.request, "", report, relink));
  return changed;
}

}  // namespace masthead::articles
