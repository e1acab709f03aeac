#include "services/memberships/stats/figures_store.h"

#include "absl/strings/str_cat.h"

namespace masthead::memberships {
namespace {

// Whether somebody comes back is asked only where paying begins. What a move is, MovementOf says: all rows of a group
// are the same to it.
constexpr char kLoadMovements[] = R"sql(
  SELECT month, currency, brought, brings, raised, again, reason, count(*) AS moves, sum(moved)::bigint AS annual
  FROM (
    SELECT width_bucket(change_time, $1::timestamptz[]) - 1 AS month, currency, annual_before > 0 AS brought,
           annual_after > 0 AS brings, annual_after > annual_before AS raised,
           annual_before = 0 AND EXISTS (
             SELECT FROM subscription_changes AS earlier
             WHERE earlier.member_id = changes.member_id AND earlier.seq < changes.seq
               AND (earlier.annual_before > 0) <> (earlier.annual_after > 0)
           ) AS again,
           CASE WHEN annual_after = 0 THEN reason ELSE '' END AS reason,
           annual_after - annual_before AS moved
    FROM subscription_changes AS changes
    WHERE annual_before <> annual_after AND change_time >= $2 AND change_time < $3
    UNION ALL
    SELECT -1, currency, true, true, true, false, '', annual_after - annual_before
    FROM subscription_changes
    WHERE annual_before <> annual_after AND change_time < $2
  ) AS moves
  GROUP BY month, currency, brought, brings, raised, again, reason
)sql";

// `paying` counts what a member pays for at that point: from none to one somebody begins, from one to none stops.
constexpr char kLoadPayingMoves[] = R"sql(
  SELECT width_bucket(first_time, $1::timestamptz[]) - 1 AS cohort, width_bucket(change_time, $1::timestamptz[]) - 1 AS month,
         count(*) FILTER (WHERE place = 1) AS first, count(*) FILTER (WHERE step = 1 AND paying = 1) AS began,
         count(*) FILTER (WHERE step = -1 AND paying = 0) AS stopped
  FROM (
    SELECT change_time, step, sum(step) OVER in_order AS paying, row_number() OVER in_order AS place,
           first_value(change_time) OVER in_order AS first_time
    FROM (
      SELECT member_id, seq, change_time, CASE WHEN annual_after > 0 THEN 1 ELSE -1 END AS step
      FROM subscription_changes
      WHERE (annual_before > 0) <> (annual_after > 0) AND change_time < $2
    ) AS steps
    WINDOW in_order AS (PARTITION BY member_id ORDER BY seq)
  ) AS standing
  GROUP BY 1, 2
)sql";

constexpr char kLoadAnnualRevenue[] = R"sql(
  SELECT currency, sum(annual_after - annual_before)::bigint AS annual FROM subscription_changes
  WHERE annual_before <> annual_after
  GROUP BY currency
  HAVING sum(annual_after - annual_before) <> 0
  ORDER BY currency
)sql";

constexpr char kLoadScheduledChurn[] = R"sql(
  SELECT last.currency, sum(last.annual_after)::bigint AS annual
  FROM subscriptions
  CROSS JOIN LATERAL (
    SELECT currency, annual_after FROM subscription_changes
    WHERE subscription_id = subscriptions.id
    ORDER BY seq DESC
    LIMIT 1
  ) AS last
  WHERE cancel_at_period_end AND state IN ('ACTIVE', 'PAST_DUE')
  GROUP BY last.currency
  HAVING sum(last.annual_after) <> 0
  ORDER BY last.currency
)sql";

constexpr char kLoadSubscriptionCounters[] = R"sql(
  SELECT count(DISTINCT member_id) FILTER (WHERE state IN ('ACTIVE', 'PAST_DUE') AND amount > 0) AS paying,
         count(DISTINCT member_id) FILTER (WHERE state = 'PAST_DUE' AND amount > 0) AS past_due,
         count(DISTINCT member_id) FILTER (WHERE state = 'TRIALING') AS trialing,
         count(DISTINCT member_id) FILTER (WHERE state = 'PAUSED') AS paused
  FROM subscriptions
  WHERE state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED')
)sql";

constexpr char kLoadTierHolders[] = R"sql(
  SELECT tier_id, count(DISTINCT member_id) AS members,
         count(DISTINCT member_id) FILTER (WHERE source = 'SUBSCRIPTION') AS by_subscription,
         count(DISTINCT member_id) FILTER (WHERE source = 'GIFT') AS by_gift,
         count(DISTINCT member_id) FILTER (WHERE source = 'SEAT') AS by_seat,
         count(DISTINCT member_id) FILTER (WHERE source = 'INSTITUTION') AS by_institution,
         count(DISTINCT member_id) FILTER (WHERE source IS NULL) AS complimentary
  FROM grants
  WHERE revoke_time IS NULL AND start_time <= db_now() AND (end_time IS NULL OR end_time > db_now())
  GROUP BY tier_id
  ORDER BY tier_id
)sql";

constexpr char kCountComplimentary[] = R"sql(
  SELECT count(DISTINCT member_id) FROM grants
  WHERE source IS NULL AND revoke_time IS NULL AND start_time <= db_now() AND (end_time IS NULL OR end_time > db_now())
)sql";

constexpr char kSumsBy[] = "SELECT coalesce(";
constexpr char kSumsOf[] = R"sql(, '') AS value, count(*) FILTER (WHERE kind = 'SIGN_UP') AS sign_ups,
         count(*) FILTER (WHERE kind = 'CHECKOUT') AS payments
  FROM attributions
  WHERE record_time >= )sql";

const char* Column(AttributionDimension dimension) {
  switch (dimension) {
    case AttributionDimension::kSource:
      return "utm_source";
    case AttributionDimension::kMedium:
      return "utm_medium";
    case AttributionDimension::kUtmCampaign:
      return "utm_campaign";
    case AttributionDimension::kTerm:
      return "utm_term";
    case AttributionDimension::kContent:
      return "utm_content";
    case AttributionDimension::kReferrer:
      return "referrer";
    case AttributionDimension::kLandingPath:
      return "landing_path";
    case AttributionDimension::kReferral:
      return "referral_code";
    case AttributionDimension::kArticle:
      return "article";
    case AttributionDimension::kCampaign:
      return "campaign_id";
  }
  return "utm_source";
}

std::vector<Money> ReadSums(const pqxx::result& rows) {
  std::vector<Money> sums;
  for (const pqxx::row& row : rows) sums.push_back({row["currency"].as<std::string>(), row["annual"].as<int64_t>()});
  return sums;
}

}  // namespace

std::vector<MovementSum> LoadMovements(db::Transaction& tx, const std::vector<absl::Time>& boundaries) {
  std::vector<MovementSum> sums;
  for (const pqxx::row& row :
       tx.Query(kLoadMovements, db::TimeArray(boundaries), boundaries.front(), boundaries.back())) {
    const RevenueMove move = {.brought = row["brought"].as<bool>(),
                              .brings = row["brings"].as<bool>(),
                              .raised = row["raised"].as<bool>(),
                              .returning = row["again"].as<bool>()};
    sums.push_back({.month = row["month"].as<int>(),
                    .currency = row["currency"].as<std::string>(),
                    .movement = MovementOf(move),
                    .reason = row["reason"].as<std::string>(),
                    .moves = row["moves"].as<int64_t>(),
                    .annual = row["annual"].as<int64_t>()});
  }
  return sums;
}

std::vector<PayingMoves> LoadPayingMoves(db::Transaction& tx, const std::vector<absl::Time>& boundaries) {
  std::vector<PayingMoves> moves;
  for (const pqxx::row& row : tx.Query(kLoadPayingMoves, db::TimeArray(boundaries), boundaries.back())) {
    moves.push_back({.cohort = row["cohort"].as<int>(),
                     .month = row["month"].as<int>(),
                     .first = row["first"].as<int64_t>(),
                     .began = row["began"].as<int64_t>(),
                     .stopped = row["stopped"].as<int64_t>()});
  }
  return moves;
}

std::vector<Money> LoadAnnualRevenue(db::Transaction& tx) { return ReadSums(tx.Query(kLoadAnnualRevenue)); }

std::vector<Money> LoadScheduledChurn(db::Transaction& tx) { return ReadSums(tx.Query(kLoadScheduledChurn)); }

SubscriptionCounters LoadSubscriptionCounters(db::Transaction& tx) {
  const pqxx::result rows = tx.Query(kLoadSubscriptionCounters);
  const pqxx::row& row = rows.front();
  return {.paying = row["paying"].as<int64_t>(),
          .past_due = row["past_due"].as<int64_t>(),
          .trialing = row["trialing"].as<int64_t>(),
          .paused = row["paused"].as<int64_t>()};
}

std::vector<TierHolders> LoadTierHolders(db::Transaction& tx) {
  std::vector<TierHolders> holders;
  for (const pqxx::row& row : tx.Query(kLoadTierHolders)) {
    holders.push_back({.tier_id = row["tier_id"].as<std::string>(),
                       .members = row["members"].as<int64_t>(),
                       .by_subscription = row["by_subscription"].as<int64_t>(),
                       .by_gift = row["by_gift"].as<int64_t>(),
                       .by_seat = row["by_seat"].as<int64_t>(),
                       .by_institution = row["by_institution"].as<int64_t>(),
                       .complimentary = row["complimentary"].as<int64_t>()});
  }
  return holders;
}

int64_t LoadComplimentaryCount(db::Transaction& tx) { return tx.Query(kCountComplimentary).front()[0].as<int64_t>(); }

std::vector<AttributionSum> LoadAttributionSums(db::Transaction& tx, AttributionDimension dimension, absl::Time start,
                                                absl::Time end, int limit) {
  db::Parameters parameters;
  const std::string sql =
      absl::StrCat(kSumsBy, Column(dimension), kSumsOf, parameters.Add(start), "::timestamptz AND record_time < ",
                   parameters.Add(end), "::timestamptz GROUP BY 1 ORDER BY sign_ups DESC, payments DESC, value LIMIT ",
                   parameters.Add(limit));
  std::vector<AttributionSum> sums;
  for (const pqxx::row& row : tx.QueryComposed(sql, parameters)) {
    sums.push_back({.value = row["value"].as<std::string>(),
                    .sign_ups = row["sign_ups"].as<int64_t>(),
                    .payments = row["payments"].as<int64_t>()});
  }
  return sums;
}

}  // namespace masthead::memberships
