// Saving the working copy, the same way for every RPC that writes it.
#pragma once

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/caller.h"
#include "common/base/errors.h"
#include "common/db/database.h"
#include "google/protobuf/field_mask.pb.h"
#include "masthead/articles/v1/article.pb.h"
#include "services/articles/article/article.h"
#include "services/articles/locking/edit_lock.h"

namespace masthead::articles {

// Who saves, and how.
struct Editor {
  explicit Editor(const auth::Caller& caller);

  std::string name;  // As revisions remember it.
  bool may_write_html = false;
  std::string session_id;  // In which the editor has the edit lock, if they have.
  bool override_lock = false;
  bool autosave = false;         // The editor's program saves, not they.
  bool may_refer_ahead = false;  // To articles and live coverages that are still to come, as an import does.
};

// The caller, in the session that the request names.
template <typename Request>
Editor EditorIn(const auth::Caller& caller, const Request& request, FieldViolations& violations) {
  Editor editor(caller);
  if (!request.session_id().empty()) CheckSessionId(request.session_id(), violations);
  editor.session_id = request.session_id();
  editor.override_lock = request.override_lock();
  return editor;
}

// Every field that can be written.
std::set<std::string> AllFields();

// What a request writes, checked as far as that goes without the article it is written to.
struct Written {
  Article article;  // Of which only `fields` count.
  std::set<std::string> fields;
  bool reclaim_slug = false;
};

// A new article of that ID; empty: of a new one. Its content is still to be written. A violation for an ID or a
// language that is none.
Article NewArticle(absl::string_view id_field, const std::string& id, absl::string_view language_field,
                   const std::string& language_code, FieldViolations& violations);

// What a copy takes from the article: all but what belongs to that one alone.
Written CopyOf(const Article& article);

// Reads what `mask` (as of UpdateArticle) names in a request's field `article`; adds what is wrong with it.
Written ReadWritten(const v1::Article& proto, const google::protobuf::FieldMask& mask, FieldViolations& violations);

// The same of every field that can be written: for what is new.
Written ReadAllWritten(const v1::Article& proto, FieldViolations& violations);

// BODY_TOO_LARGE.
absl::Status CheckBodySize(const v1::Article& proto);

// Stores `article`, whose identity is set, as a new draft with what is written. ARTICLE_ID_TAKEN, SLUG_TAKEN,
// ALT_ID_TAKEN, ROLE_REQUIRED; INVALID_FIELD for references to nothing.
absl::Status CreateDraft(db::Transaction& tx, const Editor& editor, const Written& written, Article& article);

// Saves what is written over `article`, which `tx` has locked: a new revision if the content changes (or the latest one
// again, autosave.h), nothing at all if nothing does. LOCKED_BY if somebody else has the edit lock; and as CreateDraft.
absl::Status Save(db::Transaction& tx, const Editor& editor, const Written& written, Article& article);

}  // namespace masthead::articles
