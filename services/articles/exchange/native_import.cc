#include "services/articles/exchange/native_import.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "common/resource/etag.h"
#include "google/protobuf/util/json_util.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/block_rules.h"
#include "services/articles/article/labels_store.h"
#include "services/articles/article/translation_store.h"
#include "services/articles/corrections/correction_store.h"
#include "services/articles/editing/references.h"
#include "services/articles/editing/saving.h"
#include "services/articles/errors.h"
#include "services/articles/exchange/article_import.h"
#include "services/articles/exchange/import_store.h"
#include "services/articles/exchange/json_records.h"
#include "services/articles/publishing/publication.h"
#include "services/articles/slugs/slug_store.h"
#include "services/articles/taxonomy/announcements.h"
#include "services/articles/taxonomy/kinds.h"
#include "services/articles/taxonomy/tag_store.h"
#include "services/articles/taxonomy/taxonomy_proto.h"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;

constexpr char kRevisions[] = "revision";
constexpr char kCorrections[] = "correction";

template <typename Message>
absl::Status FromJson(const std::string& json, Message& message) {
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &message);
  if (parsed.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("is no message of an export: ", std::string(parsed.message())));
}

// `articles/{article}` before `/revisions/...`.
std::string ArticleOf(const Json& part) {
  const std::string name = part.is_object() && part.contains("name") && part["name"].is_string()
                               ? part["name"].get<std::string>()
                               : std::string();
  const size_t end = name.find('/', name.find('/') + 1);
  return name.substr(0, end);
}

const Revision* Find(const ArchivedArticle& archived, int64_t number) {
  const auto found = std::find_if(archived.revisions.begin(), archived.revisions.end(),
                                  [&](const Revision& revision) { return revision.number == number; });
  return found == archived.revisions.end() ? nullptr : &*found;
}

// Whether readers have the revision, or will, or it is the working copy.
bool IsNeeded(const Article& article, int64_t number) {
  return number == article.revision || number == article.published_revision ||
         (article.schedule.has_value() && article.schedule->revision == number);
}

// The slug, if nobody else has it.
absl::Status Reserve(db::Transaction& tx, const Article& article, const std::string& slug) {
  if (slug.empty()) return absl::OkStatus();
  const std::optional<SlugHolder> holder = ReserveSlug(tx, article.language_code, slug, article.id);
  if (!holder.has_value()) return absl::OkStatus();
  return ArticleSlugTaken(slug, ArticleName(holder->article_id), holder->redirects, "");
}

// The newest slug last: each that becomes live makes the one before redirect.
absl::Status RestoreSlugs(db::Transaction& tx, const ArchivedArticle& archived) {
  const Article& article = archived.article;
  const bool was_public = article.published_revision > 0;
  for (const std::string& slug : archived.former_slugs) {
    RETURN_IF_ERROR(Reserve(tx, article, slug));
    MakeSlugLive(tx, article.language_code, slug, article.id);
  }
  if (was_public) {
    RETURN_IF_ERROR(Reserve(tx, article, article.published_slug));
    MakeSlugLive(tx, article.language_code, article.published_slug, article.id);
  }
  if (article.schedule.has_value() && article.schedule->due_time.has_value()) {
    const Revision* planned = Find(archived, article.schedule->revision);
    if (planned != nullptr) RETURN_IF_ERROR(Reserve(tx, article, planned->content.slug));
  }
  return Reserve(tx, article, article.content.slug);
}

// What it was translated from, and what from it, may come before it or after it.
absl::Status RestoreTranslations(db::Transaction& tx, const ArchivedArticle& archived) {
  const Article& article = archived.article;
  if (article.translation_set_id.empty()) return absl::OkStatus();
  const std::optional<std::string> holder =
      JoinTranslationSet(tx, article, article.translation_set_id, article.translation_of_id);
  if (holder.has_value()) return LanguageTaken(article.language_code, ArticleName(*holder));
  SetTranslatedInto(tx, article, archived.translated_into);
  return absl::OkStatus();
}

void RestoreCorrections(db::Transaction& tx, const ArchivedArticle& archived, const std::string& editor) {
  for (const CorrectionHistory& history : archived.corrections) {
    Correction correction = history.correction;
    correction.version = 1;
    correction.withdraw_time.reset();
    correction.withdrawal_reason.clear();
    bool stored = false;
    for (const CorrectionVersion& version : history.former) {
      correction.said = version.said;
      correction.update_time = version.create_time;
      stored ? SaveCorrection(tx, correction, editor) : InsertCorrection(tx, correction, editor);
      stored = true;
      ++correction.version;
    }
    if (!stored) InsertCorrection(tx, correction, editor);
    if (stored) SaveCorrection(tx, history.correction, editor);
  }
}

// A tag that was merged leads where it led.
absl::Status Merge(db::Transaction& tx, const v1::Tag& proto, Tag& tag) {
  if (proto.merged_into().empty()) return absl::OkStatus();
  const std::optional<Tag> target = LockTag(tx, proto.merged_into().substr(proto.merged_into().find('/') + 1));
  if (!target.has_value()) return TagNotFound(proto.merged_into());
  MergeTag(tx, tag, target->id);
  return absl::OkStatus();
}

template <typename Proto, typename Resource>
absl::Status Merge(db::Transaction&, const Proto&, Resource&) {
  return absl::OkStatus();
}

void Told(const std::string& name, int64_t version, v1::ImportedItem::Outcome outcome, v1::ImportedItem& report) {
  report.set_name(name);
  report.set_etag(resource::Etag(version));
  report.set_outcome(outcome);
}

}  // namespace

std::unique_ptr<RecordReader> MakeNativeReader() {
  return std::make_unique<JsonRecordReader>(
      [](const JsonSplitter::Path& path) { return path.empty() || (path.size() == 1 && path[0] == "[]"); },
      [](const JsonSplitter::Path&, const Json& json) -> std::optional<std::pair<std::string, std::string>> {
        for (const char* part : {kRevisions, kCorrections}) {
          if (json.contains(part)) return std::pair(part, ArticleOf(json[part]));
        }
        return std::pair(kItems, "");
      });
}

absl::StatusOr<v1::ImportedItem> NativeImport::Import(const rpc::Call& call, const std::string& json, Lookup lookup) {
  v1::ImportedItem report;
  v1::ExportArticlesResponse record;
  absl::Status status = FromJson(json, record);
  if (status.ok()) {
    switch (record.record_case()) {
      case v1::ExportArticlesResponse::kContributor:
        status = ImportTopic<ContributorKind>(call, record.contributor(), report);
        break;
      case v1::ExportArticlesResponse::kSection:
        status = ImportTopic<SectionKind>(call, record.section(), report);
        break;
      case v1::ExportArticlesResponse::kTag:
        status = ImportTopic<TagKind>(call, record.tag(), report);
        break;
      case v1::ExportArticlesResponse::kPlace:
        status = ImportTopic<PlaceKind>(call, record.place(), report);
        break;
      case v1::ExportArticlesResponse::kArticle:
        status = ImportArticle(call, record.article(), lookup, report);
        break;
      default:
        Skip("it holds nothing", report);
    }
  }
  if (status.ok()) return report;
  if (!IsAboutTheItem(status)) return status;
  Refuse(status, report);
  return report;
}

template <typename Kind>
absl::Status NativeImport::ImportTopic(const rpc::Call& call, const typename Kind::Proto& proto,
                                       v1::ImportedItem& report) {
  report.set_source_id(proto.name());
  report.set_title(proto.display_name());
  typename Kind::Resource topic;
  absl::string_view id = proto.name();
  FieldViolations violations;
  if (!absl::ConsumePrefix(&id, absl::StrCat(Kind::kCollection, "/")) || id.empty()) {
    violations.Add(absl::StrCat(Kind::kField, ".name"), "is no name of its kind");
  }
  topic.id = std::string(id);
  ParseFields(proto, {Kind::kMutableFields.begin(), Kind::kMutableFields.end()}, topic);
  Kind::ParseImmutable(proto, topic, violations);
  Kind::Check(topic, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  v1::ImportedItem written = report;
  const auto write = [&](db::Transaction& tx, idempotency::Change& change) -> absl::Status {
    written = report;
    typename Kind::Resource resource = topic;
    change = {.resource = proto.name()};
    if (const auto known = Kind::Load(tx, topic.id)) {
      Told(proto.name(), known->version, v1::ImportedItem::UNCHANGED, written);
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(Kind::Insert(tx, resource));
    Announce(tx, announcer_, resource, Happening::kCreated);
    RETURN_IF_ERROR(Merge(tx, proto, resource));
    change.revision_after = resource.version;
    Told(proto.name(), resource.version, v1::ImportedItem::CREATED, written);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(idempotency::MutateAny(database_, call, request_, "", written, write));
  report = std::move(written);
  return absl::OkStatus();
}

absl::Status NativeImport::ImportArticle(const rpc::Call& call, const v1::ExportedArticle& exported, Lookup lookup,
                                         v1::ImportedItem& report) {
  report.set_source_id(exported.article().name());
  report.set_title(exported.article().headline());
  std::vector<v1::ArticleRevision> revisions;
  std::vector<v1::Correction> corrections;
  v1::ExportArticlesResponse part;
  for (const std::string& json : lookup(kRevisions, exported.article().name())) {
    RETURN_IF_ERROR(FromJson(json, part));
    revisions.push_back(part.revision());
  }
  for (const std::string& json : lookup(kCorrections, exported.article().name())) {
    RETURN_IF_ERROR(FromJson(json, part));
    corrections.push_back(part.correction());
  }
  ASSIGN_OR_RETURN(const ArchivedArticle parsed, ParseArchived(exported, revisions, corrections));
  const std::string name = ArticleName(parsed.article.id);
  v1::ImportedItem written = report;
  const auto write = [&](db::Transaction& tx, idempotency::Change& change) -> absl::Status {
    written = report;
    change = {.resource = name};
    ArchivedArticle archived = parsed;
    if (const std::vector<Article> known = LoadArticlesById(tx, {archived.article.id}); !known.empty()) {
      change.revision_before = change.revision_after = known.front().version;
      const bool same = known.front().version == archived.article.version;
      Told(name, known.front().version, same ? v1::ImportedItem::UNCHANGED : v1::ImportedItem::SKIPPED, written);
      if (!same) Skip("it is here, and another version of it", written);
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(Restore(tx, call, archived));
    change.revision_after = archived.article.version;
    Told(name, archived.article.version, v1::ImportedItem::CREATED, written);
    failpoint::Hit("articles.import.written");
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(idempotency::MutateAny(database_, call, request_, "", written, write));
  report = std::move(written);
  return absl::OkStatus();
}

absl::Status NativeImport::Restore(db::Transaction& tx, const rpc::Call& call, ArchivedArticle& archived) {
  Article& article = archived.article;
  const Editor editor(*call.caller);
  const absl::Time now = Now(tx);
  const int64_t version = article.version;
  if (!InsertArticleRow(tx, article, article.content.section_id)) return ArticleIdTaken(ArticleName(article.id));
  const std::optional<AltIdHolder> holder = SaveLabels(tx, article);
  if (holder.has_value()) return AltIdTaken(holder->scheme, holder->value, ArticleName(holder->article_id));
  for (Revision& revision : archived.revisions) {
    if (!editor.may_write_html && AddsRawHtml({}, revision.content.body)) {
      return RoleRequired("article.body", "admin", "articles.raw_html");
    }
    // What nobody reads any more may name what is gone; what is read keeps its names, those of merged tags too.
    Content named = revision.content;
    if (IsNeeded(article, revision.number)) RETURN_IF_ERROR(ResolveReferences(tx, {}, named, /*refers_ahead=*/true));
    Article saved = article;
    saved.revision = revision.number;
    saved.content = revision.content;
    saved.word_count = revision.word_count;
    InsertRevision(tx, saved, revision.editor, revision.create_time);
  }
  const Revision* published = Find(archived, article.published_revision);
  if (published != nullptr) article.published_slug = published->content.slug;
  RETURN_IF_ERROR(RestoreSlugs(tx, archived));
  RETURN_IF_ERROR(RestoreTranslations(tx, archived));
  // Saving counts one write more.
  KeepOrigin(tx, article.id, version - 1, article.create_time, article.update_time);
  article.version = version - 1;
  if (article.state == Article::State::kPublished) {
    Article shown = article;
    shown.content = published->content;
    StorePublication(tx, announcer_, shown, {.outcome = Outcome::kPublished, .imported = true}, now);
  } else {
    SaveArticle(tx, article);
  }
  article.version = version;
  RestoreCorrections(tx, archived, editor.name);
  return absl::OkStatus();
}

}  // namespace masthead::articles
