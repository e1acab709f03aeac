// StatsService: the rows that figures and books are made of, for other programs.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/memberships/v1/stats_service.pb.h"

namespace masthead::memberships {

class ExportsService {
 public:
  ExportsService(db::Database& database, const crypto::MacKey& mac_key);

  // Binds ExportSubscriptionChanges and ExportLedger.
  void Register(rpc::Service& stats_service);

 private:
  template <typename Response>
  using Stream = absl::StatusOr<std::unique_ptr<rpc::Stream<Response>>>;

  Stream<v1::ExportSubscriptionChangesResponse> ExportChanges(const rpc::Call& call,
                                                              const v1::ExportSubscriptionChangesRequest& request);
  Stream<v1::ExportLedgerResponse> ExportLedger(const rpc::Call& call, const v1::ExportLedgerRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
