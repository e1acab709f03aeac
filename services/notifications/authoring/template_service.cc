#include "services/notifications/authoring/template_service.h"

#include <optional>
#include <set>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "services/notifications/authoring/template_names.h"
#include "services/notifications/authoring/template_proto.h"
#include "services/notifications/errors.h"
#include "services/notifications/mail/mail_errors.h"
#include "services/notifications/templates/template_errors.h"

namespace masthead::notifications {
namespace {

using idempotency::Change;

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr absl::string_view kMutableFields[] = {"display_name", "default_locale", "texts", "variables"};

Change ChangeOf(const TemplateDraft& draft) {
  return {.resource = TemplateName(draft.id), .revision_before = draft.revision, .revision_after = draft.revision};
}

// What goes into one line of a header is refused by that name, whatever else is wrong with it.
absl::Status CheckSubjects(const v1::Template& proto) {
  for (const auto& [locale, text] : proto.texts()) {
    if (absl::c_any_of(text.subject(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; })) {
      return mail::HeaderInjection(absl::StrCat("template.texts[", locale, "].subject"));
    }
  }
  return absl::OkStatus();
}

// Locks a template to change it. `Request` has name and etag.
template <typename Request>
absl::StatusOr<TemplateDraft> LockToChange(db::Transaction& tx, const Request& request, const std::string& id) {
  std::optional<TemplateDraft> draft = LockTemplate(tx, id);
  if (!draft) return TemplateNotFound(request.name());
  RETURN_IF_ERROR(resource::CheckEtag(request.etag(), draft->revision, request.name()));
  return *std::move(draft);
}

}  // namespace

TemplateService::TemplateService(db::Database& database, const crypto::MacKey& key, const IssueSource& issue_source,
                                 LetterOptions letters, const crypto::SealingKey& letters_key, rpc::Bell& asked)
    : database_(database),
      page_tokens_(key),
      issue_source_(issue_source),
      letters_(std::move(letters)),
      letters_key_(letters_key),
      asked_(asked),
      service_(*v1::GetTemplateRequest::descriptor()->file()->FindServiceByName("TemplateService")) {
  service_.Unary("GetTemplate", this, &TemplateService::Get);
  service_.Unary("ListTemplates", this, &TemplateService::List);
  service_.Unary("CreateTemplate", this, &TemplateService::Create);
  service_.Unary("UpdateTemplate", this, &TemplateService::Update);
  service_.Unary("DeleteTemplate", this, &TemplateService::Delete);
  service_.Unary("UndeleteTemplate", this, &TemplateService::Undelete);
  service_.Unary("CommitTemplate", this, &TemplateService::Commit);
  service_.Unary("RollbackTemplate", this, &TemplateService::Rollback);
  service_.Unary("ListTemplateRevisions", this, &TemplateService::ListRevisions);
  service_.Unary("GetTemplateRevision", this, &TemplateService::GetRevision);
  service_.Unary("PreviewTemplate", this, &TemplateService::Show);
  service_.Unary("SendTestTemplate", this, &TemplateService::SendTest);
}

absl::StatusOr<v1::Template> TemplateService::Get(const Call& call, const v1::GetTemplateRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseTemplateName("name", request.name()));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Template> {
    const std::optional<TemplateDraft> draft = LoadTemplate(tx, id);
    if (!draft) return TemplateNotFound(request.name());
    return ToProto(*draft);
  });
}

absl::StatusOr<v1::ListTemplatesResponse> TemplateService::List(const Call& call,
                                                                const v1::ListTemplatesRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  const std::string after = keyset.empty() ? "" : keyset[0];
  ASSIGN_OR_RETURN(const std::vector<TemplateDraft> drafts, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadTemplates(tx, after, request.show_deleted(), page_size + 1);
  }));
  v1::ListTemplatesResponse response;
  for (const TemplateDraft& draft : drafts) {
    if (response.templates_size() == page_size) {
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {drafts[page_size - 1].id}));
      break;
    }
    *response.add_templates() = ToProto(draft, Texts::kWithout);
  }
  return response;
}

absl::StatusOr<v1::Template> TemplateService::Create(const Call& call, const v1::CreateTemplateRequest& request) {
  RETURN_IF_ERROR(CheckSubjects(request.template_()));
  FieldViolations violations;
  TemplateDraft wanted;
  wanted.id = request.template_id();
  wanted.transactional = request.template_().transactional();
  if (!ids::IsResourceId(wanted.id)) violations.Add("template_id", "must match [a-z]([a-z0-9-]{0,61}[a-z0-9])?");
  if (!request.has_template_()) violations.Add("template", "is required");
  ParseTemplate(request.template_(), {std::begin(kMutableFields), std::end(kMutableFields)}, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Template>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Template> {
        TemplateDraft draft = wanted;
        if (!InsertTemplate(tx, draft)) return TemplateExists(TemplateName(draft.id));
        change = {.resource = TemplateName(draft.id), .revision_after = draft.revision};
        return ToProto(draft);
      });
}

absl::StatusOr<v1::Template> TemplateService::Update(const Call& call, const v1::UpdateTemplateRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseTemplateName("template.name", request.template_().name()));
  RETURN_IF_ERROR(CheckSubjects(request.template_()));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.template_(), kMutableFields, violations);
  TemplateDraft wanted;
  ParseTemplate(request.template_(), fields, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Template>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Template> {
        ASSIGN_OR_RETURN(TemplateDraft draft, LockToChange(tx, request.template_(), id));
        if (draft.delete_time) return TemplateNotFound(request.template_().name());
        change = ChangeOf(draft);
        ParseTemplate(request.template_(), fields, draft, violations);
        SaveTemplate(tx, draft);
        change.revision_after = draft.revision;
        return ToProto(draft);
      });
}

absl::StatusOr<v1::Template> TemplateService::Delete(const Call& call, const v1::DeleteTemplateRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseTemplateName("name", request.name()));
  return idempotency::Mutate<v1::Template>(database_, call, request,
                                           [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Template> {
                                             ASSIGN_OR_RETURN(TemplateDraft draft, LockToChange(tx, request, id));
                                             if (draft.built_in) return TemplateBuiltIn(request.name());
                                             if (draft.delete_time) return TemplateNotFound(request.name());
                                             change = ChangeOf(draft);
                                             draft.delete_time = db::Now(tx);
                                             SaveTemplate(tx, draft);
                                             change.revision_after = draft.revision;
                                             return ToProto(draft);
                                           });
}

absl::StatusOr<v1::Template> TemplateService::Undelete(const Call& call, const v1::UndeleteTemplateRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseTemplateName("name", request.name()));
  return idempotency::Mutate<v1::Template>(database_, call, request,
                                           [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Template> {
                                             ASSIGN_OR_RETURN(TemplateDraft draft, LockToChange(tx, request, id));
                                             change = ChangeOf(draft);
                                             if (!draft.delete_time) return ToProto(draft);
                                             draft.delete_time = std::nullopt;
                                             SaveTemplate(tx, draft);
                                             change.revision_after = draft.revision;
                                             return ToProto(draft);
                                           });
}

absl::StatusOr<v1::TemplateRevision> TemplateService::Commit(const Call& call,
                                                             const v1::CommitTemplateRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseTemplateName("name", request.name()));
  return idempotency::Mutate<v1::TemplateRevision>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::TemplateRevision> {
        ASSIGN_OR_RETURN(TemplateDraft draft, LockToChange(tx, request, id));
        if (draft.delete_time) return TemplateNotFound(request.name());
        RETURN_IF_ERROR(CheckBody(draft.body));
        change = ChangeOf(draft);
        const TemplateBody body = draft.body;
        const TemplateRevision revision = InsertRevision(tx, draft, body);
        change.revision_after = draft.revision;
        return ToProto(revision);
      });
}

absl::StatusOr<v1::TemplateRevision> TemplateService::Rollback(const Call& call,
                                                               const v1::RollbackTemplateRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseTemplateName("name", request.name()));
  ASSIGN_OR_RETURN(const TemplateReference from, ParseTemplateReference("revision", request.revision()));
  FieldViolations violations;
  if (from.id != id || from.revision == 0) violations.Add("revision", "must name a revision of the template");
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::TemplateRevision>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::TemplateRevision> {
        ASSIGN_OR_RETURN(TemplateDraft draft, LockToChange(tx, request, id));
        if (draft.delete_time) return TemplateNotFound(request.name());
        const std::optional<TemplateRevision> earlier = LoadRevision(tx, id, from.revision);
        if (!earlier) return RevisionNotFound(request.revision());
        change = ChangeOf(draft);
        const TemplateRevision revision = InsertRevision(tx, draft, earlier->body);
        change.revision_after = draft.revision;
        return ToProto(revision);
      });
}

absl::StatusOr<v1::ListTemplateRevisionsResponse> TemplateService::ListRevisions(
    const Call& call, const v1::ListTemplateRevisionsRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseTemplateName("name", request.name()));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  int before = 0;
  if (!keyset.empty() && !absl::SimpleAtoi(keyset[0], &before))
    return absl::InternalError("a page token of another keyset");
  ASSIGN_OR_RETURN(
      const std::vector<TemplateRevision> revisions,
      database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<std::vector<TemplateRevision>> {
        if (!LoadTemplate(tx, id)) return TemplateNotFound(request.name());
        return LoadRevisions(tx, id, before, page_size + 1);
      }));
  v1::ListTemplateRevisionsResponse response;
  for (const TemplateRevision& revision : revisions) {
    if (response.revisions_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(revisions[page_size - 1].number)}));
      break;
    }
    *response.add_revisions() = ToProto(revision, Texts::kWithout);
  }
  return response;
}

absl::StatusOr<v1::TemplateRevision> TemplateService::GetRevision(const Call& call,
                                                                  const v1::GetTemplateRevisionRequest& request) {
  ASSIGN_OR_RETURN(const TemplateReference reference, ParseTemplateReference("name", request.name()));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::TemplateRevision> {
    const std::optional<TemplateRevision> revision = LoadRevision(tx, reference.id, reference.revision);
    if (!revision) return RevisionNotFound(request.name());
    return ToProto(*revision);
  });
}

}  // namespace masthead::notifications
