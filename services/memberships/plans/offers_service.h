// CatalogService, as far as it is about offers.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/catalog_service.pb.h"

namespace masthead::memberships {

class OffersService {
 public:
  OffersService(db::Database& database, const crypto::MacKey& mac_key);

  void Register(rpc::Service& catalog_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Offer> Create(const Call& call, const v1::CreateOfferRequest& request);
  absl::StatusOr<v1::Offer> Get(const Call& call, const v1::GetOfferRequest& request);
  absl::StatusOr<v1::ListOffersResponse> List(const Call& call, const v1::ListOffersRequest& request);
  absl::StatusOr<v1::Offer> Update(const Call& call, const v1::UpdateOfferRequest& request);
  absl::StatusOr<v1::Offer> Archive(const Call& call, const v1::ArchiveOfferRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
