#include "services/articles/editing/saving.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/ids/uuid.h"
#include "common/resource/field_mask.h"
#include "services/articles/article/article_fields_proto.h"
#include "services/articles/article/article_rules.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/block_rules.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/article/labels_store.h"
#include "services/articles/article/words.h"
#include "services/articles/editing/autosave.h"
#include "services/articles/editing/autosave_store.h"
#include "services/articles/editing/references.h"
#include "services/articles/errors.h"
#include "services/articles/locking/edit_lock_store.h"
#include "services/articles/publishing/publishing.h"
#include "services/articles/slugs/slug_claim.h"

namespace masthead::articles {
namespace {

constexpr char kHtmlRole[] = "admin";
constexpr char kHtmlScope[] = "articles.raw_html";

// The end of a UUID, which is random: unique enough within one article.
std::string NewBlockId() {
  constexpr size_t kLength = 12;
  const std::string uuid = ids::NewUuid();
  return uuid.substr(uuid.size() - kLength);
}

Written ReadFields(const v1::Article& proto, std::set<std::string> fields, FieldViolations& violations) {
  Written written = {.article = {}, .fields = std::move(fields)};
  ParseFields(proto, written.fields, written.article, violations);
  CheckWritten(written.article, violations);
  return written;
}

// A translation is true to what there is.
void CheckSourceRevision(const Article& article, const Content& content, FieldViolations& violations) {
  const Translation* source = TranslatedFrom(article);
  if (source == nullptr || content.source_revision <= source->revision) return;
  violations.Add("article.source_revision",
                 absl::StrCat("is later than the latest of ", ArticleName(source->article_id), ", ", source->revision));
}

// What is derived from the rest when `before` is saved with `content`, and what only the whole can show to be wrong.
absl::Status Complete(db::Transaction& tx, const Editor& editor, const Article& before, Content& content,
                      bool reclaim_slug) {
  FieldViolations violations;
  CheckFieldsTogether(content, violations);
  CheckSourceRevision(before, content, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (!editor.may_write_html && AddsRawHtml(before.content.body, content.body)) {
    return RoleRequired("article.body", kHtmlRole, kHtmlScope);
  }
  NameBlocks(before.content.body, content.body, NewBlockId);
  RETURN_IF_ERROR(ResolveReferences(tx, before.content, content, editor.may_refer_ahead));
  return ClaimSlug(tx, before, content, reclaim_slug);
}

bool SameLabels(const Article& a, const Article& b) {
  return a.legal_hold == b.legal_hold && a.labels == b.labels && a.alt_ids == b.alt_ids;
}

absl::Status StoreLabels(db::Transaction& tx, const Article& article) {
  const std::optional<AltIdHolder> holder = SaveLabels(tx, article);
  if (!holder.has_value()) return absl::OkStatus();
  return AltIdTaken(holder->scheme, holder->value, ArticleName(holder->article_id));
}

absl::Status CheckEditLock(db::Transaction& tx, const Editor& editor, const Article& article) {
  if (editor.override_lock) return absl::OkStatus();
  const std::optional<EditLock> lock = LoadEditLock(tx, article.id);
  return lock.has_value() ? CheckLock(lock, editor.name, editor.session_id, Now(tx)) : absl::OkStatus();
}

// Stores the content of `article`, which changed.
absl::Status SaveRevision(db::Transaction& tx, const Editor& editor, Article& article) {
  article.word_count = CountWords(article.content);
  const bool merges = editor.autosave && MergesIntoTip(article, LoadTip(tx, article), editor.name, article.update_time);
  if (!merges) ++article.revision;
  RETURN_IF_ERROR(OnSave(article));
  if (merges) {
    ReplaceRevision(tx, article);
  } else {
    InsertRevision(tx, article, editor.name, article.update_time, editor.autosave);
  }
  return absl::OkStatus();
}

}  // namespace

Editor::Editor(const auth::Caller& caller)
    : name(caller.principal()), may_write_html(caller.HasRole(kHtmlRole) || caller.HasScope(kHtmlScope)) {}

std::set<std::string> AllFields() {
  std::set<std::string> fields;
  for (absl::string_view field : MutableFields()) fields.emplace(field);
  return fields;
}

Article NewArticle(absl::string_view id_field, const std::string& id, absl::string_view language_field,
                   const std::string& language_code, FieldViolations& violations) {
  Article article;
  article.id = id.empty() ? ids::NewUuid() : id;
  if (!ids::IsResourceId(article.id)) violations.Add(id_field, "is not [a-z]([a-z0-9-]{0,61}[a-z0-9])? or a UUID");
  article.uid = ids::IsUuid(article.id) ? article.id : ids::NewUuid();
  article.language_code = language_code;
  CheckLanguage(language_field, article.language_code, violations);
  return article;
}

Written CopyOf(const Article& article) {
  Written copy = {.article = article, .fields = AllFields()};
  copy.article.alt_ids.clear();
  copy.article.content.slug.clear();
  copy.article.content.source_revision = 0;
  return copy;
}

Written ReadWritten(const v1::Article& proto, const google::protobuf::FieldMask& mask, FieldViolations& violations) {
  return ReadFields(proto, resource::FieldsToUpdate(mask, proto, MutableFields(), violations), violations);
}

Written ReadAllWritten(const v1::Article& proto, FieldViolations& violations) {
  return ReadFields(proto, AllFields(), violations);
}

absl::Status CheckBodySize(const v1::Article& proto) {
  size_t bytes = 0;
  for (const v1::Block& block : proto.body()) bytes += block.ByteSizeLong();
  return bytes <= kMaxBodyBytes ? absl::OkStatus() : BodyTooLarge(bytes, kMaxBodyBytes);
}

absl::Status CreateDraft(db::Transaction& tx, const Editor& editor, const Written& written, Article& article) {
  article.create_time = article.update_time = Now(tx);
  // The row first: alternative IDs and the slug refer to it.
  if (!InsertArticleRow(tx, article, written.article.content.section_id))
    return ArticleIdTaken(ArticleName(article.id));
  const Article empty = article;
  TakeFields(written.article, written.fields, article);
  if (!SameLabels(empty, article)) RETURN_IF_ERROR(StoreLabels(tx, article));
  RETURN_IF_ERROR(Complete(tx, editor, empty, article.content, written.reclaim_slug));
  article.word_count = CountWords(article.content);
  InsertRevision(tx, article, editor.name, article.create_time);
  return absl::OkStatus();
}

absl::Status Save(db::Transaction& tx, const Editor& editor, const Written& written, Article& article) {
  RETURN_IF_ERROR(CheckEditLock(tx, editor, article));
  const Article before = article;
  TakeFields(written.article, written.fields, article);
  const bool same_labels = SameLabels(before, article);
  if (!same_labels) RETURN_IF_ERROR(StoreLabels(tx, article));
  if (article.content != before.content) {
    RETURN_IF_ERROR(Complete(tx, editor, before, article.content, written.reclaim_slug));
  }
  // Blocks without IDs may have got back those that they had.
  const bool same_content = article.content == before.content;
  if (same_content && same_labels) return absl::OkStatus();
  article.update_time = Now(tx);
  if (!same_content) RETURN_IF_ERROR(SaveRevision(tx, editor, article));
  SaveArticle(tx, article);
  return absl::OkStatus();
}

}  // namespace masthead::articles
