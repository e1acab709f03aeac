#include "services/memberships/gifts/gifts_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "services/memberships/entitlements/sourced_grants.h"
#include "services/memberships/errors.h"
#include "services/memberships/gifts/gift_announcements.h"
#include "services/memberships/gifts/gift_codes.h"
#include "services/memberships/gifts/gift_errors.h"
#include "services/memberships/gifts/gift_proto.h"
#include "services/memberships/gifts/gift_store.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxCode = 64;

bool IsMember(const auth::Caller& caller) { return caller.kind == auth::Caller::Kind::kMember; }

bool IsCaller(const auth::Caller& caller, const std::string& member_id) {
  return IsMember(caller) && caller.subject == MemberName(member_id);
}

GiftView ViewOf(const auth::Caller& caller, const Gift& gift) {
  const bool is_giver = IsCaller(caller, gift.giver_id);
  if (IsMember(caller)) return {.giver = is_giver, .receiver = IsCaller(caller, gift.receiver_id), .address = is_giver};
  return {.giver = true, .receiver = true, .address = SeesAddressOf(caller, gift.giver_id)};
}

// A member sees a gift that the member gave or redeemed, and does not learn whether there are others.
absl::Status CheckParty(const auth::Caller& caller, const std::optional<Gift>& gift, absl::string_view id) {
  if (!IsMember(caller)) return gift ? absl::OkStatus() : GiftNotFound(id);
  const bool is_party = gift && (IsCaller(caller, gift->giver_id) || IsCaller(caller, gift->receiver_id));
  return is_party ? absl::OkStatus() : NotOwnResource();
}

void CheckCode(const std::string& code, FieldViolations& violations) {
  if (code.empty() || code.size() > kMaxCode) violations.Add("code", "must have 1 to 64 bytes");
}

std::vector<std::string> Keyset(const Gift& gift) {
  return {absl::StrCat(absl::ToUnixMicros(gift.create_time)), gift.id};
}

std::optional<GiftCursor> CursorOf(const std::vector<std::string>& keyset) {
  int64_t micros = 0;
  if (keyset.size() != 2 || !absl::SimpleAtoi(keyset[0], &micros)) return std::nullopt;
  return GiftCursor{absl::FromUnixMicros(micros), keyset[1]};
}

// An answer that is kept to be given again has nobody's words in it: they are added when it is given.
v1::Gift WithoutWords(v1::Gift gift) {
  gift.clear_delivery();
  return gift;
}

absl::StatusOr<v1::Gift> WithWords(db::Database& database, const rpc::Call& call, absl::StatusOr<v1::Gift> answer) {
  RETURN_IF_ERROR(answer.status());
  FieldViolations own_name;
  const std::string id = IdIn("name", answer->name(), "gifts", own_name);
  ASSIGN_OR_RETURN(const std::optional<Gift> gift,
                   database.Read(call.scope, [&](db::Transaction& tx) { return LoadGift(tx, id); }));
  if (gift) *answer->mutable_delivery() = ToProto(*gift, ViewOf(*call.caller, *gift)).delivery();
  return answer;
}

}  // namespace

GiftsService::GiftsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key,
                           absl::TimeZone newsroom_zone)
    : database_(database),
      feed_(feed),
      newsroom_zone_(newsroom_zone),
      page_tokens_(mac_key.Derive("memberships.gifts.page")) {}

void GiftsService::Register(rpc::Service& service) {
  service.Unary("PreviewGift", this, &GiftsService::Preview);
  service.Unary("RedeemGift", this, &GiftsService::Redeem);
  service.Unary("GetGift", this, &GiftsService::Get);
  service.Unary("ListGifts", this, &GiftsService::List);
  service.Unary("UpdateGiftDelivery", this, &GiftsService::UpdateDelivery);
}

absl::StatusOr<v1::GiftPreview> GiftsService::Preview(const Call& call, const v1::PreviewGiftRequest& request) {
  FieldViolations violations;
  CheckCode(request.code(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::GiftPreview> {
    const std::optional<Gift> gift = LoadGiftByCode(tx, GiftCodes::HashOf(request.code()));
    if (!gift) return GiftCodeUnknown();
    RETURN_IF_ERROR(CheckRedeemable(*gift, db::Now(tx)));
    return ToPreview(*gift);
  });
}

absl::StatusOr<v1::Gift> GiftsService::Redeem(const Call& call, const v1::RedeemGiftRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("member", request.member(), "members", violations);
  CheckCode(request.code(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));

  absl::StatusOr<v1::Gift> answer = idempotency::Mutate<v1::Gift>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Gift> {
        const std::optional<Member> member = LockMember(tx, member_id);
        if (!member) return MemberNotFound(member_id);
        std::optional<Gift> gift = LockGiftByCode(tx, GiftCodes::HashOf(request.code()));
        if (!gift) return GiftCodeUnknown();
        const absl::Time now = db::Now(tx);
        RETURN_IF_ERROR(CheckRedeemable(*gift, now));
        change = {.resource = GiftName(gift->id), .revision_before = gift->revision};

        absl::TimeZone zone = newsroom_zone_;
        if (!member->time_zone.empty()) absl::LoadTimeZone(member->time_zone, &zone);
        memberships::Redeem(*gift, member_id, zone.name(), zone, RunningGiftEnd(tx, member_id, gift->tier_id, now),
                            now);
        SaveGift(tx, *gift);
        SetSourcedGrant(tx, feed_, member_id, {GrantSource::Kind::kGift, gift->id}, gift->tier_id, gift->end_time, now);
        AnnounceGift(tx, feed_, "gift.redeemed", *gift, now);
        change.revision_after = gift->revision;
        return WithoutWords(ToProto(*gift, ViewOf(*call.caller, *gift)));
      });
  return WithWords(database_, call, std::move(answer));
}

absl::StatusOr<v1::Gift> GiftsService::Get(const Call& call, const v1::GetGiftRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "gifts", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Gift> {
    const std::optional<Gift> gift = LoadGift(tx, id);
    RETURN_IF_ERROR(CheckParty(*call.caller, gift, id));
    return ToProto(*gift, ViewOf(*call.caller, *gift));
  });
}

absl::StatusOr<v1::ListGiftsResponse> GiftsService::List(const Call& call, const v1::ListGiftsRequest& request) {
  FieldViolations violations;
  std::string member_id;
  if (!request.member().empty()) member_id = IdIn("member", request.member(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<Gift> gifts, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadGifts(tx, member_id, CursorOf(after), page_size + 1);
  }));
  v1::ListGiftsResponse response;
  for (const Gift& gift : gifts) {
    if (response.gifts_size() == page_size) {
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, Keyset(gifts[page_size - 1])));
      break;
    }
    *response.add_gifts() = ToProto(gift, ViewOf(*call.caller, gift));
  }
  return response;
}

absl::StatusOr<v1::Gift> GiftsService::UpdateDelivery(const Call& call, const v1::UpdateGiftDeliveryRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "gifts", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  absl::StatusOr<v1::Gift> answer = idempotency::Mutate<v1::Gift>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Gift> {
        std::optional<Gift> gift = LockGift(tx, id);
        RETURN_IF_ERROR(CheckParty(*call.caller, gift, id));
        if (IsMember(*call.caller) && !IsCaller(*call.caller, gift->giver_id)) return NotOwnResource();
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), gift->revision, GiftName(id)));
        const absl::Time now = db::Now(tx);
        RETURN_IF_ERROR(CheckDeliverable(*gift, now));
        GiftDelivery delivery = ParseDelivery(request.delivery());
        FieldViolations in_delivery;
        CheckGiftDelivery("delivery", delivery, gift->create_time, now, newsroom_zone_, in_delivery);
        RETURN_IF_ERROR(in_delivery.ToStatus());
        change = {.resource = GiftName(id), .revision_before = gift->revision};
        ChangeDelivery(*gift, delivery);
        SaveGift(tx, *gift);
        change.revision_after = gift->revision;
        return WithoutWords(ToProto(*gift, ViewOf(*call.caller, *gift)));
      });
  return WithWords(database_, call, std::move(answer));
}

}  // namespace masthead::memberships
