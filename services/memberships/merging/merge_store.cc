#include "services/memberships/merging/merge_store.h"

namespace masthead::memberships {
namespace {

constexpr char kFindConflicts[] = R"sql(
  SELECT k.id, m.id
  FROM subscriptions k
  JOIN subscriptions m ON m.member_id = $2 AND m.product_group = k.product_group
    AND m.state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED')
  WHERE k.member_id = $1 AND k.state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED')
  ORDER BY k.product_group
)sql";

constexpr char kEndDoubleGrants[] = R"sql(
  UPDATE grants m
  SET revoke_time = $3, next_change_time = NULL, revision = revision + 1
  WHERE m.member_id = $2 AND m.source IS NOT NULL AND m.revoke_time IS NULL
    AND EXISTS (SELECT FROM grants k
                WHERE k.member_id = $1 AND k.source = m.source AND k.source_id = m.source_id AND k.revoke_time IS NULL)
)sql";

constexpr char kMoveGrants[] = R"sql(
  UPDATE grants m
  SET member_id = $1,
      id = CASE WHEN EXISTS (SELECT FROM grants k WHERE k.member_id = $1 AND k.id = m.id)
                THEN gen_random_uuid()::text ELSE m.id END
  WHERE m.member_id = $2
)sql";

constexpr char kMoveSubscriptions[] = R"sql(
  UPDATE subscriptions SET member_id = $1 WHERE member_id = $2
)sql";

constexpr char kMoveCheckouts[] = R"sql(
  UPDATE checkouts SET member_id = $1 WHERE member_id = $2
)sql";

constexpr char kMoveInvoices[] = R"sql(
  UPDATE invoices SET member_id = $1 WHERE member_id = $2
)sql";

constexpr char kMovePayments[] = R"sql(
  UPDATE payments SET member_id = $1 WHERE member_id = $2
)sql";

constexpr char kMoveRedemptions[] = R"sql(
  WITH moved AS (
    DELETE FROM offer_redemptions WHERE member_id = $2 RETURNING offer_id, state, expire_time
  )
  INSERT INTO offer_redemptions (offer_id, member_id, state, expire_time)
  SELECT offer_id, $1, state, expire_time FROM moved
  ON CONFLICT (offer_id, member_id) DO UPDATE
  SET state = excluded.state, expire_time = excluded.expire_time
  WHERE excluded.state = 'REDEEMED'
)sql";

constexpr char kMoveGiftsGiven[] = R"sql(
  UPDATE gifts SET giver_id = $1 WHERE giver_id = $2
)sql";

constexpr char kMoveGiftsReceived[] = R"sql(
  UPDATE gifts SET receiver_id = $1 WHERE receiver_id = $2
)sql";

constexpr char kMoveDonations[] = R"sql(
  UPDATE donations SET member_id = $1 WHERE member_id = $2
)sql";

constexpr char kMoveReferralLinks[] = R"sql(
  UPDATE referral_links SET member_id = $1 WHERE member_id = $2
)sql";

// One person sits once in a group, and not on the seats of an own one.
constexpr char kGiveUpDoubleSeats[] = R"sql(
  DELETE FROM seats m
  WHERE m.member_id = $2
    AND (EXISTS (SELECT FROM seats k WHERE k.subscription_id = m.subscription_id AND k.member_id = $1)
         OR EXISTS (SELECT FROM subscriptions s WHERE s.id = m.subscription_id AND s.member_id = $1))
)sql";

constexpr char kMoveSeats[] = R"sql(
  UPDATE seats SET member_id = $1 WHERE member_id = $2
)sql";

constexpr char kMoveFormerNames[] = R"sql(
  UPDATE members SET merged_into = $1 WHERE merged_into = $2
)sql";

}  // namespace

std::vector<SubscriptionConflict> FindConflicts(db::Transaction& tx, absl::string_view kept, absl::string_view merged) {
  std::vector<SubscriptionConflict> conflicts;
  for (const pqxx::row& row : tx.Query(kFindConflicts, kept, merged)) {
    conflicts.push_back({.kept_id = row[0].as<std::string>(), .merged_id = row[1].as<std::string>()});
  }
  return conflicts;
}

void MoveBelongings(db::Transaction& tx, absl::string_view kept, absl::string_view merged, absl::Time now) {
  for (const char* move :
       {kMoveSubscriptions, kMoveCheckouts, kMoveInvoices, kMovePayments, kMoveRedemptions, kMoveGiftsGiven,
        kMoveGiftsReceived, kMoveDonations, kMoveReferralLinks, kGiveUpDoubleSeats, kMoveSeats}) {
    tx.Query(move, kept, merged);
  }
  tx.Query(kEndDoubleGrants, kept, merged, now);
  tx.Query(kMoveGrants, kept, merged);
}

void MoveFormerNames(db::Transaction& tx, absl::string_view kept, absl::string_view merged) {
  tx.Query(kMoveFormerNames, kept, merged);
}

}  // namespace masthead::memberships
