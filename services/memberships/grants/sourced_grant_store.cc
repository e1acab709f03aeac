#include "services/memberships/grants/sourced_grant_store.h"

#include "common/ids/uuid.h"

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

}  // namespace

bool MoveSourcedGrant(db::Transaction& tx, absl::string_view member_id, const GrantSource& source,
                      absl::string_view tier_id, std::optional<absl::Time> end_time) {
  return tx.Query(kMoveSourcedGrant, member_id, Name(source.kind), source.id, tier_id, end_time).affected_rows() > 0;
}

void InsertSourcedGrant(db::Transaction& tx, absl::string_view member_id, const GrantSource& source,
                        absl::string_view tier_id, absl::Time start_time, std::optional<absl::Time> end_time) {
  tx.Query(kInsertSourcedGrant, member_id, ids::NewUuid(), tier_id, start_time, end_time, Name(source.kind), source.id);
}

void RevokeSourcedGrant(db::Transaction& tx, absl::string_view member_id, const GrantSource& source, absl::Time now) {
  tx.Query(kRevokeSourcedGrant, member_id, Name(source.kind), source.id, now);
}

}  // namespace masthead::memberships
