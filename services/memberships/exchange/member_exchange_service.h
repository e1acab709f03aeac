// MemberExchangeService: members in and out, as CSV.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/member_exchange_service.pb.h"
#include "services/memberships/members/address_keys.h"

namespace masthead::memberships {

class MemberExchangeService {
 public:
  MemberExchangeService(db::Database& database, events::Feed& feed, const AddressKeys& address_keys)
      : database_(database), feed_(feed), address_keys_(address_keys) {}

  // Binds ImportMembers and ExportMembers.
  void Register(rpc::Service& service);

 private:
  using ImportStream = rpc::Dialogue<v1::ImportMembersRequest, v1::ImportMembersResponse>;
  using ExportedStream = rpc::Stream<v1::ExportMembersResponse>;

  absl::StatusOr<std::unique_ptr<ImportStream>> Import(const rpc::Call& call);
  absl::StatusOr<std::unique_ptr<ExportedStream>> Export(const rpc::Call& call,
                                                         const v1::ExportMembersRequest& request);

  db::Database& database_;
  events::Feed& feed_;
  const AddressKeys& address_keys_;
};

}  // namespace masthead::memberships
