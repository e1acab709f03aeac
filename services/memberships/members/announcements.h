// What memberships tells the other services of its members. `tx` has locked the member that an announcement is about,
// or just inserted it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "masthead/memberships/v1/events.pb.h"
#include "services/memberships/members/consent.h"

namespace masthead::memberships {

void AnnounceMemberCreated(db::Transaction& tx, events::Feed& feed, absl::string_view member_id);
void AnnounceMemberUpdated(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                           const std::vector<std::string>& changed_fields);
void AnnounceMemberDeleted(db::Transaction& tx, events::Feed& feed, absl::string_view member_id);
// About the one who is gone.
void AnnounceMemberMerged(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                          absl::string_view merged_into);
void AnnounceMemberErased(db::Transaction& tx, events::Feed& feed, absl::string_view member_id);

// `member.created` or `member.updated` about a member whose event has the number `revision`: for many at once, with
// Feed::AppendAll.
events::Record MemberCreatedRecord(absl::string_view member_id, int64_t revision, absl::Time now);
events::Record MemberUpdatedRecord(absl::string_view member_id, int64_t revision, absl::Time now,
                                   const std::vector<std::string>& changed_fields);

void AnnounceConsent(db::Transaction& tx, events::Feed& feed, const Consent& consent);

// The tiers of the member are other ones: `tier_ids` are all that the member has from now on.
void AnnounceEntitlements(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                          const std::vector<std::string>& tier_ids);

// Once for each number: the number is the event's revision.
void AnnounceMilestone(db::Transaction& tx, events::Feed& feed, int64_t members);

// Any other event about a member; `event` holds its payload.
void AnnounceAboutMember(db::Transaction& tx, events::Feed& feed, absl::string_view member_id, const char* type,
                         v1::Event event);

}  // namespace masthead::memberships
