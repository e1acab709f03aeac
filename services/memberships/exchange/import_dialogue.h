// One call of ImportMembers: takes a file in parts, and imports its rows while it arrives.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "masthead/memberships/v1/member_exchange_service.pb.h"
#include "services/memberships/exchange/csv.h"
#include "services/memberships/exchange/member_import.h"
#include "services/memberships/members/address_keys.h"

namespace masthead::memberships {

// Holds the rows of the last message that are not imported yet, and nothing else of the file.
class ImportDialogue final : public rpc::Dialogue<v1::ImportMembersRequest, v1::ImportMembersResponse> {
 public:
  using Next = rpc::Next<v1::ImportMembersResponse>;

  ImportDialogue(db::Database& database, events::Feed& feed, const AddressKeys& address_keys, const rpc::Call& call)
      : database_(database), feed_(feed), address_keys_(address_keys), call_(call) {}

  absl::Status Take(const Scope& scope, const v1::ImportMembersRequest& request) override;
  absl::Status TakeEnd(const Scope& scope) override;
  absl::StatusOr<Next> Ask(const Scope& scope) override;

 private:
  // The first row says what the others are.
  absl::Status TakeHeader();
  absl::StatusOr<Next> ImportNext(const Scope& scope);

  db::Database& database_;
  events::Feed& feed_;
  const AddressKeys& address_keys_;
  const rpc::Call call_;

  std::optional<bool> validate_only_;  // Unset before the first message.
  CsvReader reader_;
  std::string header_;
  std::optional<MemberColumns> columns_;
  std::vector<CsvRow> rows_;
  size_t imported_ = 0;  // Of rows_.
  bool ended_ = false;
  bool summed_up_ = false;
  v1::ImportMembersResponse counts_;
};

}  // namespace masthead::memberships
