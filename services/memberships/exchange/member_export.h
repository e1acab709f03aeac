// One call of ExportMembers. Each message is a transaction of its own, so that no snapshot is held while a client reads
// slowly.
#pragma once

#include <string>
#include <utility>

#include "common/db/database.h"
#include "common/filter/filter.h"
#include "common/rpc/stream.h"
#include "masthead/memberships/v1/member_exchange_service.pb.h"
#include "services/memberships/members/address_keys.h"

namespace masthead::memberships {

class MemberExport final : public rpc::Stream<v1::ExportMembersResponse> {
 public:
  using Next = rpc::Next<v1::ExportMembersResponse>;

  MemberExport(db::Database& database, const AddressKeys& address_keys, filter::Filter filter)
      : database_(database), address_keys_(address_keys), filter_(std::move(filter)) {}

  absl::StatusOr<Next> Ask(const Scope& scope) override;

 private:
  db::Database& database_;
  const AddressKeys& address_keys_;
  const filter::Filter filter_;
  bool begun_ = false;
  bool ended_ = false;
  std::string after_;
};

}  // namespace masthead::memberships
