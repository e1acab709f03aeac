#include "services/memberships/plans/offers_service.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "services/memberships/errors.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/offer_proto.h"
#include "services/memberships/plans/offer_store.h"
#include "services/memberships/plans/offering.h"
#include "services/memberships/plans/offering_errors.h"
#include "services/memberships/plans/tier_store.h"

namespace masthead::memberships {
namespace {

constexpr absl::string_view kMutableFields[] = {"display_name", "start_time", "end_time", "max_redemptions"};

}  // namespace

OffersService::OffersService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.offers.page")) {}

void OffersService::Register(rpc::Service& catalog_service) {
  catalog_service.Unary("CreateOffer", this, &OffersService::Create);
  catalog_service.Unary("GetOffer", this, &OffersService::Get);
  catalog_service.Unary("ListOffers", this, &OffersService::List);
  catalog_service.Unary("UpdateOffer", this, &OffersService::Update);
  catalog_service.Unary("ArchiveOffer", this, &OffersService::Archive);
}

absl::StatusOr<v1::Offer> OffersService::Create(const Call& call, const v1::CreateOfferRequest& request) {
  FieldViolations violations;
  Offer wanted = ParseOffer("offer", request.offer(), violations);
  wanted.id = ChosenOrNewId("offer_id", request.offer_id(), violations);
  CheckOffer("offer", wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Offer>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Offer> {
        for (const std::string& tier_id : wanted.tier_ids) {
          if (!LoadTier(tx, tier_id)) return TierNotFound(tier_id);
        }
        Offer offer = wanted;
        offer.create_time = offer.update_time = db::Now(tx);
        if (!InsertOffer(tx, offer)) return OfferExists(offer.id);
        change = {.resource = OfferName(offer.id), .revision_before = 0, .revision_after = offer.revision};
        return ToProto(offer);
      });
}

absl::StatusOr<v1::Offer> OffersService::Get(const Call& call, const v1::GetOfferRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "offers", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Offer> {
    ASSIGN_OR_RETURN(const Offer offer, LoadOffer(tx, id));
    return ToProto(offer);
  });
}

absl::StatusOr<v1::ListOffersResponse> OffersService::List(const Call& call, const v1::ListOffersRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<Offer> offers, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadOffers(tx, after.empty() ? "" : after.front(), request.show_archived(), page_size + 1);
  }));
  v1::ListOffersResponse response;
  for (const Offer& offer : offers) {
    if (response.offers_size() == page_size) {
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {offers[page_size - 1].id}));
      break;
    }
    *response.add_offers() = ToProto(offer);
  }
  return response;
}

absl::StatusOr<v1::Offer> OffersService::Update(const Call& call, const v1::UpdateOfferRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("offer.name", request.offer().name(), "offers", violations);
  CheckMask(request.update_mask(), violations);
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.offer(), kMutableFields, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Offer>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Offer> {
        std::optional<Offer> offer = LockOffer(tx, id);
        if (!offer) return OfferNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.offer().etag(), offer->revision, OfferName(id)));
        if (offer->state == Offer::State::kArchived) return OfferEnded(id);
        change = {.resource = OfferName(id), .revision_before = offer->revision};
        FieldViolations in_offer;
        ParseFields("offer", request.offer(), fields, *offer, in_offer);
        CheckOffer("offer", *offer, in_offer);
        RETURN_IF_ERROR(in_offer.ToStatus());
        offer->update_time = db::Now(tx);
        SaveOffer(tx, *offer);
        change.revision_after = offer->revision;
        return ToProto(*offer);
      });
}

absl::StatusOr<v1::Offer> OffersService::Archive(const Call& call, const v1::ArchiveOfferRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "offers", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Offer>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Offer> {
        std::optional<Offer> offer = LockOffer(tx, id);
        if (!offer) return OfferNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), offer->revision, OfferName(id)));
        change = {.resource = OfferName(id), .revision_before = offer->revision};
        RETURN_IF_ERROR(memberships::Archive(*offer));
        offer->update_time = db::Now(tx);
        SaveOffer(tx, *offer);
        change.revision_after = offer->revision;
        return ToProto(*offer);
      });
}

}  // namespace masthead::memberships
