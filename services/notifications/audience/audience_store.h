// The projection of memberships' audience in Postgres. Written by whoever follows memberships' feed; nobody else
// touches addresses.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::notifications {

// What a member said about a topic.
struct ConsentEntry {
  std::string topic_id;
  bool granted = false;
  absl::Time record_time;
};

// What memberships says about an active member.
struct AudienceEntry {
  std::string member_id;
  std::string email;
  std::string locale;
  std::string time_zone;
  std::vector<std::string> tiers;
  std::vector<ConsentEntry> consents;
};

// Makes recipients, endpoints and subscriptions say what `entries` say; a member stands in them once. A consent counts
// if it is newer than what is known about the topic; on a tie leaving counts. Topics that nobody created are made. An
// address that mail cannot go to leaves the recipient without an endpoint. May be repeated.
void SaveAudience(db::Transaction& tx, const std::vector<AudienceEntry>& entries);

// Erases what is held of members who are gone, and leaves their deliveries on record.
void EraseMembers(db::Transaction& tx, const std::vector<std::string>& member_ids);

// Members whom memberships has not spoken of since `time`, at most `limit`.
std::vector<std::string> LoadMembersUnseenSince(db::Transaction& tx, absl::Time time, int limit);

}  // namespace masthead::notifications
