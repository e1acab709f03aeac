// The gRPC face of redirects: each RPC one method.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/articles/v1/redirects_service.pb.h"

namespace masthead::articles {

class RedirectsService {
 public:
  RedirectsService(db::Database& database, const crypto::MacKey& key);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::PathRedirect> Create(const Call&, const v1::CreatePathRedirectRequest&);
  absl::StatusOr<v1::PathRedirect> Get(const Call&, const v1::GetPathRedirectRequest&);
  absl::StatusOr<v1::ListPathRedirectsResponse> List(const Call&, const v1::ListPathRedirectsRequest&);
  absl::StatusOr<google::protobuf::Empty> Delete(const Call&, const v1::DeletePathRedirectRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
  rpc::Service service_;
};

}  // namespace masthead::articles
