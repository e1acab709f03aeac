// The gRPC face of corrections.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/corrections_service.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/publishing/house_rules.h"

namespace masthead::articles {

class CorrectionsService {
 public:
  CorrectionsService(db::Database& database, Announcer& announcer, HouseRules rules, const crypto::MacKey& key);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Correction> Create(const Call&, const v1::CreateCorrectionRequest&);
  absl::StatusOr<v1::Correction> Get(const Call&, const v1::GetCorrectionRequest&);
  absl::StatusOr<v1::ListCorrectionsResponse> List(const Call&, const v1::ListCorrectionsRequest&);
  absl::StatusOr<v1::Correction> Update(const Call&, const v1::UpdateCorrectionRequest&);
  absl::StatusOr<v1::Correction> Withdraw(const Call&, const v1::WithdrawCorrectionRequest&);

  db::Database& database_;
  Announcer& announcer_;
  const HouseRules rules_;
  const paging::PageTokens page_tokens_;
  rpc::Service service_;
};

}  // namespace masthead::articles
