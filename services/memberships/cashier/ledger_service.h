// BillingService: what the books say.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/billing_service.pb.h"

namespace masthead::memberships {

class LedgerService {
 public:
  LedgerService(db::Database& database, const crypto::MacKey& mac_key);

  // Binds the RPCs of BillingService that are about the ledger.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::ListLedgerTransactionsResponse> List(const Call& call,
                                                          const v1::ListLedgerTransactionsRequest& request);
  absl::StatusOr<v1::MemberCredit> GetCredit(const Call& call, const v1::GetMemberCreditRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
