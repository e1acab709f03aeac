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
#include "services/memberships/members/member.h"

namespace masthead::memberships {

// Thread-safe.
class Directory {
 public:
  // `feed` outlives this.
  explicit Directory(events::Feed& feed) : feed_(feed) {}

  // The ID of the active member, or of the member of staff who has a role, with the address; empty if there is none.
  std::string FindMember(db::Transaction& tx, const EmailAddress& address) const;
  std::string FindStaff(db::Transaction& tx, const EmailAddress& address) const;

  struct Registration {
    std::string member_id;
    bool created = false;
  };
  // The active member with the address, made if there is none.
  Registration Register(db::Transaction& tx, const EmailAddress& address, const std::string& locale,
                        absl::Time now) const;

  // Where the active member is written to now; nobody else changes the member until `tx` ends.
  std::optional<EmailAddress> LockAddressOf(db::Transaction& tx, absl::string_view member_id) const;

  // MEMBER_NOT_FOUND, or MEMBER_EXISTS if somebody else has the address.
  absl::Status ChangeAddress(db::Transaction& tx, absl::string_view member_id, const EmailAddress& address,
                             absl::Time now) const;

 private:
  events::Feed& feed_;
};

}  // namespace masthead::memberships
