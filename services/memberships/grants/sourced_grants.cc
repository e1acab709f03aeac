#include "services/memberships/grants/sourced_grants.h"

#include <vector>

#include "common/ids/uuid.h"
#include "services/memberships/grants/grant.h"
#include "services/memberships/grants/grant_store.h"
#include "services/memberships/subscriptions/announcements.h"

namespace masthead::memberships {
namespace {

constexpr char kRevokeSourcedGrant[] = R"sql(
  UPDATE grants
  SET revoke_time = $4, revision = revision + 1, next_change_time = NULL
  WHERE member_id = $1 AND source = $2 AND source_id = $3 AND revoke_time IS NULL
)sql";

constexpr char kMoveSourcedGrant[] = R"sql(
  UPDATE grants
  SET end_time = $5, revision = revision + 1, next_change_time = $5
  WHERE member_id = $1 AND source = $2 AND source_id = $3 AND tier_id = $4 AND revoke_time IS NULL
)sql";

constexpr char kInsertSourcedGrant[] = R"sql(
  INSERT INTO grants (member_id, id, tier_id, start_time, end_time, reason, revision, create_time, next_change_time,
                      source, source_id)
  VALUES ($1, $2, $3, $4, $5, '', 1, $4, $5, $6, $7)
)sql";

absl::string_view Name(GrantSource::Kind kind) {
  switch (kind) {
    case GrantSource::Kind::kSubscription:
      return "SUBSCRIPTION";
    case GrantSource::Kind::kGift:
      return "GIFT";
    case GrantSource::Kind::kSeat:
      return "SEAT";
    case GrantSource::Kind::kInstitution:
      return "INSTITUTION";
  }
  return "";
}

void AnnounceDifference(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                        const std::vector<std::string>& before, absl::Time now) {
  const std::vector<std::string> after = TiersAt(LoadOpenGrants(tx, member_id), now);
  if (after != before) AnnounceEntitlements(tx, feed, member_id, after);
}

}  // namespace

void SetSourcedGrant(db::Transaction& tx, events::Feed& feed, absl::string_view member_id, const GrantSource& source,
                     absl::string_view tier_id, std::optional<absl::Time> end_time, absl::Time now) {
  if (end_time && *end_time <= now) return EndSourcedGrant(tx, feed, member_id, source, now);
  const std::vector<std::string> before = TiersAt(LoadOpenGrants(tx, member_id), now);
  const absl::string_view kind = Name(source.kind);
  if (tx.Query(kMoveSourcedGrant, member_id, kind, source.id, tier_id, end_time).affected_rows() == 0) {
    tx.Query(kRevokeSourcedGrant, member_id, kind, source.id, now);
    tx.Query(kInsertSourcedGrant, member_id, ids::NewUuid(), tier_id, now, end_time, kind, source.id);
  }
  AnnounceDifference(tx, feed, member_id, before, now);
}

void EndSourcedGrant(db::Transaction& tx, events::Feed& feed, absl::string_view member_id, const GrantSource& source,
                     absl::Time now) {
  const std::vector<std::string> before = TiersAt(LoadOpenGrants(tx, member_id), now);
  tx.Query(kRevokeSourcedGrant, member_id, Name(source.kind), source.id, now);
  AnnounceDifference(tx, feed, member_id, before, now);
}

}  // namespace masthead::memberships
