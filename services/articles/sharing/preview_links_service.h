// The RPCs of SharingService about preview links.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/sharing_service.pb.h"

namespace masthead::articles {

class PreviewLinksService {
 public:
  PreviewLinksService(db::Database& database, const crypto::MacKey& key) : database_(database), page_tokens_(key) {}

  void Register(rpc::Service& sharing_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::CreatePreviewLinkResponse> Create(const Call&, const v1::CreatePreviewLinkRequest&);
  absl::StatusOr<v1::ListPreviewLinksResponse> List(const Call&, const v1::ListPreviewLinksRequest&);
  absl::StatusOr<v1::PreviewLink> Revoke(const Call&, const v1::RevokePreviewLinkRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::articles
