// Templates in Postgres. Revisions never change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/templates/template_text.h"

namespace masthead::notifications {

// What editors write: a draft with what is known of it.
struct TemplateDraft {
  std::string id;
  std::string display_name;
  TemplateBody body;
  int newest_revision = 0;  // 0: nothing was committed yet.
  bool built_in = false;
  bool transactional = false;
  int64_t revision = 1;  // Of the draft, for its etag.
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> delete_time;
};

struct TemplateRevision {
  std::string template_id;
  int number = 0;
  TemplateBody body;
  absl::Time create_time;
};

// `templates/{template}` and `templates/{template}@{revision}`.
std::string TemplateName(absl::string_view id);
std::string TemplateRevisionName(absl::string_view id, int revision);

// False if the ID is taken. Sets the times.
bool InsertTemplate(db::Transaction& tx, TemplateDraft& draft);
// Deleted ones too.
std::optional<TemplateDraft> LoadTemplate(db::Transaction& tx, absl::string_view id);
std::optional<TemplateDraft> LockTemplate(db::Transaction& tx, absl::string_view id);
// By ID.
std::vector<TemplateDraft> LoadTemplates(db::Transaction& tx, absl::string_view after, bool show_deleted, int limit);
// Raises its revision.
void SaveTemplate(db::Transaction& tx, TemplateDraft& draft);

// Makes the body the newest revision of the template, which `tx` has locked, and saves both.
TemplateRevision InsertRevision(db::Transaction& tx, TemplateDraft& draft, const TemplateBody& body);
std::optional<TemplateRevision> LoadRevision(db::Transaction& tx, absl::string_view id, int revision);
// Without texts, newest first, older than `before` if that is not 0.
std::vector<TemplateRevision> LoadRevisions(db::Transaction& tx, absl::string_view id, int before, int limit);

// The revision that a message to topics is made with; TEMPLATE_NOT_FOUND or TEMPLATE_NOT_COMMITTED.
absl::StatusOr<int> NewestRevision(db::Transaction& tx, absl::string_view template_id);

// The revision's text for a reader of `locale`: as of LocalesFor, and in English at last.
std::optional<TemplateText> LoadTemplateText(db::Transaction& tx, absl::string_view template_id, int revision,
                                             absl::string_view locale);

}  // namespace masthead::notifications
