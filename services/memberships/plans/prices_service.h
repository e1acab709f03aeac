// CatalogService, as far as it is about prices.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/catalog_service.pb.h"

namespace masthead::memberships {

class PricesService {
 public:
  PricesService(db::Database& database, const crypto::MacKey& mac_key);

  void Register(rpc::Service& catalog_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Price> Create(const Call& call, const v1::CreatePriceRequest& request);
  absl::StatusOr<v1::Price> Get(const Call& call, const v1::GetPriceRequest& request);
  absl::StatusOr<v1::ListPricesResponse> List(const Call& call, const v1::ListPricesRequest& request);
  absl::StatusOr<v1::Price> Archive(const Call& call, const v1::ArchivePriceRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
