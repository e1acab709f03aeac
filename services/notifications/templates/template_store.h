// Templates in Postgres. Revisions never change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/templates/template_draft.h"
#include "services/notifications/templates/template_text.h"

namespace masthead::notifications {

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
