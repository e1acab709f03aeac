// Members and staff as signing in sees them: found by address, registered, given another address. The one place of
// this folder that knows how members are kept.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/members/address_keys.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

// Thread-safe.
class Directory {
 public:
  // Both outlive this.
  Directory(events::Feed& feed, const AddressKeys& address_keys) : feed_(feed), address_keys_(address_keys) {}

  // The ID of the active member, or of the member of staff who has a role, with the address; empty if there is none.
  std::string FindMember(db::Transaction& tx, const EmailAddress& address) const;
  std::string FindStaff(db::Transaction& tx, const EmailAddress& address) const;

  struct Registration {
    std::string member_id;
    bool created = false;
  };
  // The active member with the address, made if there is none; also where its owner once asked to be forgotten, for
  // whoever signs up comes back by own will.
  Registration Register(db::Transaction& tx, const EmailAddress& address, const std::string& locale,
                        absl::Time now) const;

  // The active member reads what is sent to the address.
  void ConfirmAddress(db::Transaction& tx, absl::string_view member_id, absl::Time now) const;

  // Where the active member is written to now; nobody else changes the member until `tx` ends.
  absl::StatusOr<std::optional<EmailAddress>> LockAddressOf(db::Transaction& tx, absl::string_view member_id) const;

  // To one at which the member has confirmed the change. MEMBER_NOT_FOUND, or MEMBER_EXISTS if somebody else has it.
  absl::Status ChangeAddress(db::Transaction& tx, absl::string_view member_id, const EmailAddress& address,
                             absl::Time now) const;

 private:
  events::Feed& feed_;
  const AddressKeys& address_keys_;
};

}  // namespace masthead::memberships
