// What memberships tells the other services of its members. `tx` has locked the member that an announcement is about,
// or just inserted it.
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

void AnnounceMemberCreated(db::Transaction& tx, events::Feed& feed, absl::string_view member_id);
void AnnounceMemberUpdated(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                           const std::vector<std::string>& changed_fields);
void AnnounceMemberDeleted(db::Transaction& tx, events::Feed& feed, absl::string_view member_id);
void AnnounceConsent(db::Transaction& tx, events::Feed& feed, const Consent& consent);

// Once for each number: the number is the event's revision.
void AnnounceMilestone(db::Transaction& tx, events::Feed& feed, int64_t members);

// Any other event about a member; `event` holds its payload.
void AnnounceAboutMember(db::Transaction& tx, events::Feed& feed, absl::string_view member_id, const char* type,
                         v1::Event event);

}  // namespace masthead::memberships
