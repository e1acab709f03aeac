// The face of templates: drafts, revisions, previews.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/notifications/v1/template_service.pb.h"
#include "services/notifications/authoring/preview.h"
#include "services/notifications/issues/issue_source.h"
#include "services/notifications/sending/letters.h"
#include "services/notifications/templates/template_store.h"

namespace masthead::notifications {

class TemplateService {
 public:
  // `asked` is rung when a test letter is to be sent; `letters_key` seals it.
  TemplateService(db::Database& database, const crypto::MacKey& key, const IssueSource& issue_source,
                  LetterOptions letters, const crypto::SealingKey& letters_key, rpc::Bell& asked);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Template> Get(const Call&, const v1::GetTemplateRequest&);
  absl::StatusOr<v1::ListTemplatesResponse> List(const Call&, const v1::ListTemplatesRequest&);
  absl::StatusOr<v1::Template> Create(const Call&, const v1::CreateTemplateRequest&);
  absl::StatusOr<v1::Template> Update(const Call&, const v1::UpdateTemplateRequest&);
  absl::StatusOr<v1::Template> Delete(const Call&, const v1::DeleteTemplateRequest&);
  absl::StatusOr<v1::Template> Undelete(const Call&, const v1::UndeleteTemplateRequest&);
  absl::StatusOr<v1::TemplateRevision> Commit(const Call&, const v1::CommitTemplateRequest&);
  absl::StatusOr<v1::TemplateRevision> Rollback(const Call&, const v1::RollbackTemplateRequest&);
  absl::StatusOr<v1::ListTemplateRevisionsResponse> ListRevisions(const Call&, const v1::ListTemplateRevisionsRequest&);
  absl::StatusOr<v1::TemplateRevision> GetRevision(const Call&, const v1::GetTemplateRevisionRequest&);
  absl::StatusOr<v1::PreviewTemplateResponse> Show(const Call&, const v1::PreviewTemplateRequest&);
  absl::StatusOr<v1::SendTestTemplateResponse> SendTest(const Call&, const v1::SendTestTemplateRequest&);

  // Of a PreviewTemplateRequest or a SendTestTemplateRequest.
  template <typename Request>
  absl::StatusOr<std::pair<std::string, Preview>> PreviewOf(const Call& call, const Request& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
  const IssueSource& issue_source_;
  const LetterOptions letters_;
  const crypto::SealingKey& letters_key_;
  rpc::Bell& asked_;
  rpc::Service service_;
};

}  // namespace masthead::notifications
