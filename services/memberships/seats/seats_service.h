// SeatsService: who sits on the seats of a group.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/memberships/v1/seats_service.pb.h"
#include "services/memberships/members/address_keys.h"
#include "services/memberships/seats/seat_codes.h"

namespace masthead::memberships {

class SeatsService {
 public:
  // All arguments outlive this.
  SeatsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key,
               const AddressKeys& address_keys);

  // Binds every RPC of SeatsService.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Seat> Invite(const Call& call, const v1::InviteSeatRequest& request);
  absl::StatusOr<v1::Seat> Accept(const Call& call, const v1::AcceptSeatRequest& request);
  absl::StatusOr<v1::ListSeatsResponse> List(const Call& call, const v1::ListSeatsRequest& request);
  absl::StatusOr<google::protobuf::Empty> Remove(const Call& call, const v1::RemoveSeatRequest& request);
  absl::StatusOr<google::protobuf::Empty> RevokeInvitation(const Call& call,
                                                           const v1::RevokeInvitationRequest& request);
  absl::StatusOr<v1::Seat> SetManager(const Call& call, const v1::SetSeatManagerRequest& request);

  db::Database& database_;
  events::Feed& feed_;
  const SeatCodes codes_;
  const AddressKeys& address_keys_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
