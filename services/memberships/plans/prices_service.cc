#include "services/memberships/plans/prices_service.h"

#include <optional>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "services/memberships/errors.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/offering.h"
#include "services/memberships/plans/offering_errors.h"
#include "services/memberships/plans/price_proto.h"
#include "services/memberships/plans/price_store.h"
#include "services/memberships/plans/tier_store.h"

namespace masthead::memberships {

PricesService::PricesService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.prices.page")) {}

void PricesService::Register(rpc::Service& catalog_service) {
  catalog_service.Unary("CreatePrice", this, &PricesService::Create);
  catalog_service.Unary("GetPrice", this, &PricesService::Get);
  catalog_service.Unary("ListPrices", this, &PricesService::List);
  catalog_service.Unary("ArchivePrice", this, &PricesService::Archive);
}

absl::StatusOr<v1::Price> PricesService::Create(const Call& call, const v1::CreatePriceRequest& request) {
  FieldViolations violations;
  Price wanted = ParsePrice("price", request.price(), violations);
  wanted.id = ChosenOrNewId("price_id", request.price_id(), violations);
  CheckPrice("price", wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Price>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Price> {
        if (!wanted.tier_id.empty()) {
          const std::optional<Tier> tier = HoldTier(tx, wanted.tier_id);
          if (!tier) return TierNotFound(wanted.tier_id);
          RETURN_IF_ERROR(CheckNotArchived(*tier));
        }
        Price price = wanted;
        price.create_time = price.update_time = db::Now(tx);
        if (!InsertPrice(tx, price)) return PriceExists(price.id);
        change = {.resource = PriceName(price.id), .revision_before = 0, .revision_after = price.revision};
        return ToProto(price);
      });
}

absl::StatusOr<v1::Price> PricesService::Get(const Call& call, const v1::GetPriceRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "prices", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Price> {
    ASSIGN_OR_RETURN(const Price price, LoadPrice(tx, id));
    return ToProto(price);
  });
}

absl::StatusOr<v1::ListPricesResponse> PricesService::List(const Call& call, const v1::ListPricesRequest& request) {
  FieldViolations violations;
  const std::string tier_id = request.tier().empty() ? "" : IdIn("tier", request.tier(), "tiers", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<Price> prices, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadPrices(tx, after.empty() ? "" : after.front(), request.show_archived(), tier_id, page_size + 1);
  }));
  v1::ListPricesResponse response;
  for (const Price& price : prices) {
    if (response.prices_size() == page_size) {
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {prices[page_size - 1].id}));
      break;
    }
    *response.add_prices() = ToProto(price);
  }
  return response;
}

absl::StatusOr<v1::Price> PricesService::Archive(const Call& call, const v1::ArchivePriceRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "prices", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Price>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Price> {
        std::optional<Price> price = LockPrice(tx, id);
        if (!price) return PriceNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), price->revision, PriceName(id)));
        change = {.resource = PriceName(id), .revision_before = price->revision};
        RETURN_IF_ERROR(memberships::Archive(*price));
        price->update_time = db::Now(tx);
        SavePriceState(tx, *price);
        change.revision_after = price->revision;
        return ToProto(*price);
      });
}

}  // namespace masthead::memberships
