#include "services/memberships/seats/seats_service.h"

#include <optional>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "services/memberships/entitlements/sourced_grants.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/seats/seat_announcements.h"
#include "services/memberships/seats/seat_authority.h"
#include "services/memberships/seats/seat_errors.h"
#include "services/memberships/seats/seat_grants.h"
#include "services/memberships/seats/seat_invitation.h"
#include "services/memberships/seats/seat_proto.h"
#include "services/memberships/seats/seat_store.h"

namespace masthead::memberships {
namespace {

using google::protobuf::Empty;

constexpr int kMaxCode = 64;

// The seat on which the person with this address sits, if that is a member who does.
std::optional<v1::Seat> SeatTakenBy(db::Transaction& tx, const Group& group, const std::string& address_index,
                                    absl::Time now) {
  const std::optional<Member> member = LoadMemberByAddress(tx, address_index);
  if (!member) return std::nullopt;
  if (member->id == group.owner_id) return OwnersSeat(group);
  const std::optional<Seat> seat = LoadSeatOfHolder(tx, group.subscription_id, member->id);
  if (!seat) return std::nullopt;
  return ToProto(group.owner_id, *seat, now);
}

}  // namespace

SeatsService::SeatsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key,
                           const AddressKeys& address_keys)
    : database_(database),
      feed_(feed),
      codes_(mac_key),
      address_keys_(address_keys),
      page_tokens_(mac_key.Derive("memberships.seats.page")) {}

void SeatsService::Register(rpc::Service& service) {
  service.Unary("InviteSeat", this, &SeatsService::Invite);
  service.Unary("AcceptSeat", this, &SeatsService::Accept);
  service.Unary("ListSeats", this, &SeatsService::List);
  service.Unary("RemoveSeat", this, &SeatsService::Remove);
  service.Unary("RevokeInvitation", this, &SeatsService::RevokeInvitation);
  service.Unary("SetSeatManager", this, &SeatsService::SetManager);
}

absl::StatusOr<v1::Seat> SeatsService::Invite(const Call& call, const v1::InviteSeatRequest& request) {
  FieldViolations violations;
  const GroupRef ref = ParseGroupName("parent", request.parent(), violations);
  const EmailAddress address = CheckEmail("email", request.email(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Seat>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Seat> {
        ASSIGN_OR_RETURN(const Group group, LockGroupFor(tx, *call.caller, ref, SeatPower::kManage));
        const absl::Time now = db::Now(tx);
        RETURN_IF_ERROR(CheckShared(group, now));
        change.resource = SubscriptionNameOf(ref.owner_id, ref.subscription_id);
        const std::optional<v1::Seat> taken = SeatTakenBy(tx, group, address_keys_.IndexOf(address.normal), now);
        if (taken) return *taken;
        ASSIGN_OR_RETURN(const Seat seat, InviteToSeat(tx, feed_, address_keys_, codes_, group, address, now));
        change = {.resource = SeatName(ref.owner_id, seat),
                  .revision_before = seat.revision - 1,
                  .revision_after = seat.revision};
        return ToProto(ref.owner_id, seat, now);
      });
}

absl::StatusOr<v1::Seat> SeatsService::Accept(const Call& call, const v1::AcceptSeatRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("member", request.member(), "members", violations);
  if (request.code().empty() || request.code().size() > kMaxCode) violations.Add("code", "must have 1 to 64 bytes");
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));

  return idempotency::Mutate<v1::Seat>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Seat> {
        const std::string code_hash = SeatCodes::HashOf(request.code());
        const std::optional<Seat> found = LoadSeatByCode(tx, code_hash);
        if (!found) return InvitationOver();
        const std::optional<Group> group = LockGroup(tx, found->subscription_id);
        std::optional<Seat> seat = LoadSeatByCode(tx, code_hash);  // Others had their turn before the lock was ours.
        if (!group || !seat) return InvitationOver();
        if (!LockMember(tx, member_id)) return MemberNotFound(member_id);
        const absl::Time now = db::Now(tx);
        RETURN_IF_ERROR(CheckInvitation(*seat, now));
        RETURN_IF_ERROR(CheckShared(*group, now));
        change = {.resource = SeatName(group->owner_id, *seat), .revision_before = seat->revision};
        if (member_id == group->owner_id) return OwnersSeat(*group);
        const std::optional<Seat> taken = LoadSeatOfHolder(tx, group->subscription_id, member_id);
        if (taken) return ToProto(group->owner_id, *taken, now);
        RETURN_IF_ERROR(CheckRoom(group->seats, LoadSeatUse(tx, group->subscription_id, now).taken));

        Take(*seat, member_id, now);
        SaveSeat(tx, *seat);
        SetSourcedGrant(tx, feed_, member_id, {GrantSource::Kind::kSeat, seat->id}, group->tier_id,
                        group->access_end_time, now);
        AnnounceSeat(tx, feed_, "seat.taken", group->owner_id, *seat, now);
        change.revision_after = seat->revision;
        return ToProto(group->owner_id, *seat, now);
      });
}

absl::StatusOr<v1::ListSeatsResponse> SeatsService::List(const Call& call, const v1::ListSeatsRequest& request) {
  FieldViolations violations;
  const GroupRef ref = ParseGroupName("parent", request.parent(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListSeatsResponse> {
    ASSIGN_OR_RETURN(const Group group, LoadGroupFor(tx, *call.caller, ref, SeatPower::kManage));
    const absl::Time now = db::Now(tx);
    v1::ListSeatsResponse response;
    response.set_total_seats(group.seats);
    response.set_used_seats(static_cast<int32_t>(LoadSeatUse(tx, ref.subscription_id, now).used()));
    const std::vector<Seat> seats =
        LoadSeats(tx, ref.subscription_id, after.empty() ? "" : after.front(), page_size + 1);
    for (const Seat& seat : seats) {
      if (response.seats_size() == page_size) {
        response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {seats[page_size - 1].id}));
        break;
      }
      *response.add_seats() = ToProto(ref.owner_id, seat, now);
    }
    return response;
  });
}

absl::StatusOr<Empty> SeatsService::Remove(const Call& call, const v1::RemoveSeatRequest& request) {
  FieldViolations violations;
  const SeatRef ref = ParseSeatName("name", request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<Empty>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<Empty> {
        // Who sits may always leave.
        const std::optional<Seat> seen = LoadSeat(tx, ref.group.subscription_id, ref.id);
        const bool is_own = seen && !seen->member_id.empty() && seen->member_id == CallingMember(*call.caller);
        RETURN_IF_ERROR(
            LockGroupFor(tx, *call.caller, ref.group, is_own ? SeatPower::kSit : SeatPower::kManage).status());
        const std::optional<Seat> seat = LoadSeat(tx, ref.group.subscription_id, ref.id);
        if (!seat || seat->member_id.empty()) return SeatNotFound(request.name());
        if (is_own && seat->member_id != seen->member_id) return NotOwnResource();
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), seat->revision, request.name()));
        GiveUpSeat(tx, feed_, ref.group.owner_id, *seat, db::Now(tx));
        change = {.resource = request.name(), .revision_before = seat->revision, .revision_after = seat->revision};
        return Empty();
      });
}

absl::StatusOr<Empty> SeatsService::RevokeInvitation(const Call& call, const v1::RevokeInvitationRequest& request) {
  FieldViolations violations;
  const SeatRef ref = ParseSeatName("name", request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<Empty>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<Empty> {
        RETURN_IF_ERROR(LockGroupFor(tx, *call.caller, ref.group, SeatPower::kManage).status());
        const std::optional<Seat> seat = LoadSeat(tx, ref.group.subscription_id, ref.id);
        if (!seat) return SeatNotFound(request.name());
        if (!seat->member_id.empty()) return InvitationOver();
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), seat->revision, request.name()));
        GiveUpSeat(tx, feed_, ref.group.owner_id, *seat, db::Now(tx));
        change = {.resource = request.name(), .revision_before = seat->revision, .revision_after = seat->revision};
        return Empty();
      });
}

absl::StatusOr<v1::Seat> SeatsService::SetManager(const Call& call, const v1::SetSeatManagerRequest& request) {
  FieldViolations violations;
  const SeatRef ref = ParseSeatName("name", request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Seat>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Seat> {
        RETURN_IF_ERROR(LockGroupFor(tx, *call.caller, ref.group, SeatPower::kOwn).status());
        std::optional<Seat> seat = LoadSeat(tx, ref.group.subscription_id, ref.id);
        if (!seat || seat->member_id.empty()) return SeatNotFound(request.name());
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), seat->revision, request.name()));
        change = {.resource = request.name(), .revision_before = seat->revision};
        seat->is_manager = request.manager();
        SaveSeat(tx, *seat);
        change.revision_after = seat->revision;
        return ToProto(ref.group.owner_id, *seat, db::Now(tx));
      });
}

}  // namespace masthead::memberships
