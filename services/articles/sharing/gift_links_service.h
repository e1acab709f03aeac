// The RPCs of SharingService about gift links.
#pragma once

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/sharing_service.pb.h"

namespace masthead::articles {

class GiftLinksService {
 public:
  GiftLinksService(db::Database& database, const Clock& clock, const crypto::MacKey& key)
      : database_(database), clock_(clock), page_tokens_(key) {}

  void Register(rpc::Service& sharing_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::CreateGiftLinkResponse> Create(const Call&, const v1::CreateGiftLinkRequest&);
  absl::StatusOr<v1::ListGiftLinksResponse> List(const Call&, const v1::ListGiftLinksRequest&);
  absl::StatusOr<v1::GiftLink> Revoke(const Call&, const v1::RevokeGiftLinkRequest&);

  // What stands in the caller's way of giving the article away.
  absl::Status CheckGiver(db::Transaction& tx, const Call& call, const std::string& article_id) const;

  db::Database& database_;
  const Clock& clock_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::articles
