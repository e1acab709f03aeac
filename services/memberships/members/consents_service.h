// MembersService: what members agree to be told.
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

class ConsentsService {
 public:
  ConsentsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key)
      : database_(database), feed_(feed), page_tokens_(mac_key.Derive("memberships.consent history.page")) {}

  // Binds SetConsent, ListConsents and ListConsentHistory.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Consent> Set(const Call& call, const v1::SetConsentRequest& request);
  absl::StatusOr<v1::ListConsentsResponse> List(const Call& call, const v1::ListConsentsRequest& request);
  absl::StatusOr<v1::ListConsentHistoryResponse> ListHistory(const Call& call,
                                                             const v1::ListConsentHistoryRequest& request);

  db::Database& database_;
  events::Feed& feed_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
