// What memberships tells the other services: each announcement is an event in the transaction of the change.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "masthead/memberships/v1/events.pb.h"
#include "services/memberships/members/consent.h"

namespace masthead::memberships {

// Thread-safe. `tx` has locked the member that an announcement is about, or just inserted it.
class Announcer {
 public:
  explicit Announcer(events::Feed& feed) : feed_(feed) {}

  void MemberCreated(db::Transaction& tx, absl::string_view member_id);
  void MemberUpdated(db::Transaction& tx, absl::string_view member_id, const std::vector<std::string>& changed_fields);
  void MemberDeleted(db::Transaction& tx, absl::string_view member_id);
  void ConsentChanged(db::Transaction& tx, const Consent& consent);
  // `tier_ids` are all that the member has from now on.
  void EntitlementsChanged(db::Transaction& tx, absl::string_view member_id, const std::vector<std::string>& tier_ids);
  // Once for each number: the number is the event's revision.
  void MilestoneReached(db::Transaction& tx, int64_t members);

 private:
  void AppendAboutMember(db::Transaction& tx, absl::string_view member_id, const char* type, v1::Event event);
  void Append(db::Transaction& tx, v1::Event event);

  events::Feed& feed_;
};

}  // namespace masthead::memberships
