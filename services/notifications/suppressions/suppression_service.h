// The face of suppressions.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/notifications/v1/suppression_service.pb.h"

namespace masthead::notifications {

class SuppressionService {
 public:
  SuppressionService(db::Database& database, const crypto::MacKey& key);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Suppression> Create(const Call&, const v1::CreateSuppressionRequest&);
  absl::StatusOr<v1::BatchCheckSuppressionsResponse> BatchCheck(const Call&, const v1::BatchCheckSuppressionsRequest&);
  absl::StatusOr<v1::ListSuppressionsResponse> List(const Call&, const v1::ListSuppressionsRequest&);
  absl::StatusOr<google::protobuf::Empty> Delete(const Call&, const v1::DeleteSuppressionRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
  rpc::Service service_;
};

}  // namespace masthead::notifications
