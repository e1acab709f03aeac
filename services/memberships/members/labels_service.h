// MembersService: labels on many members at once.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/members_service.pb.h"

namespace masthead::memberships {

class LabelsService {
 public:
  LabelsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key)
      : database_(database), feed_(feed), page_tokens_(mac_key.Derive("memberships.labels.page")) {}

  // Binds BatchModifyLabels.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::BatchModifyLabelsResponse> BatchModify(const Call& call,
                                                            const v1::BatchModifyLabelsRequest& request);

  db::Database& database_;
  events::Feed& feed_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
