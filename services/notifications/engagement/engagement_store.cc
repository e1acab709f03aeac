#include "services/notifications/engagement/engagement_store.h"

#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "common/crypto/mac.h"

namespace masthead::notifications {
namespace {

// What the recipients of these deliveries chose last. Deliveries that are gone count as nobody's.
constexpr char kLoadTracking[] = R"sql(
    SELECT d.message_number, d.seq, coalesce(p.tracking, 'AGGREGATE') AS tracking
    FROM unnest($1::bigint[], $2::bigint[]) AS n (message_number, seq)
    JOIN deliveries d ON d.message_number = n.message_number AND d.seq = n.seq
    LEFT JOIN preferences p ON p.recipient_number = d.recipient_number
)sql";

// Whoever changes the choice meanwhile waits, and then takes back these too.
constexpr char kSaveDeliveries[] = R"sql(
    INSERT INTO delivery_engagements AS e (message_number, seq, recipient_number, opens, machine_opens, clicks, machine_clicks,
                                           open_time, click_time)
    SELECT n.message_number, n.seq, n.recipient_number, n.opens, n.machine_opens, n.clicks, n.machine_clicks,
           CASE WHEN n.opens > 0 THEN db_now() END, CASE WHEN n.clicks > 0 THEN db_now() END
    FROM (SELECT n.*, d.recipient_number
          FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
               AS n (message_number, seq, opens, machine_opens, clicks, machine_clicks)
          JOIN deliveries d ON d.message_number = n.message_number AND d.seq = n.seq
          JOIN preferences p ON p.recipient_number = d.recipient_number AND p.tracking = 'INDIVIDUAL'
          ORDER BY n.message_number, n.seq
          FOR SHARE OF p) n
    ON CONFLICT (message_number, seq) DO UPDATE
    SET opens = e.opens + excluded.opens, machine_opens = e.machine_opens + excluded.machine_opens,
        clicks = e.clicks + excluded.clicks, machine_clicks = e.machine_clicks + excluded.machine_clicks,
        open_time = coalesce(e.open_time, excluded.open_time), click_time = coalesce(e.click_time, excluded.click_time)
    RETURNING e.message_number, e.seq, e.opens, e.clicks
)sql";

// A message that never was is not counted: a token of another installation's key cannot be, but a row may be gone.
constexpr char kSaveCounts[] = R"sql(
    INSERT INTO engagement_counts AS c (message_number, variant, opens, machine_opens, clicks, machine_clicks, openers, clickers)
    SELECT n.message_number, n.variant, n.opens, n.machine_opens, n.clicks, n.machine_clicks, n.openers, n.clickers
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
         AS n (message_number, variant, opens, machine_opens, clicks, machine_clicks, openers, clickers)
    ON CONFLICT (message_number, variant) DO UPDATE
    SET opens = c.opens + excluded.opens, machine_opens = c.machine_opens + excluded.machine_opens,
        clicks = c.clicks + excluded.clicks, machine_clicks = c.machine_clicks + excluded.machine_clicks,
        openers = c.openers + excluded.openers, clickers = c.clickers + excluded.clickers
)sql";

constexpr char kSaveLinks[] = R"sql(
    INSERT INTO link_clicks AS l (message_number, url_hash, url, clicks, machine_clicks)
    SELECT n.message_number, n.url_hash, n.url, n.clicks, n.machine_clicks
    FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::bigint[], $5::bigint[])
         AS n (message_number, url_hash, url, clicks, machine_clicks)
    ON CONFLICT (message_number, url_hash) DO UPDATE
    SET clicks = l.clicks + excluded.clicks, machine_clicks = l.machine_clicks + excluded.machine_clicks
)sql";

constexpr char kCountUnsubscription[] = R"sql(
    INSERT INTO counters (message_number, shard, unsubscribed)
    SELECT last.number, 0, 1
    FROM (SELECT m.number
          FROM (SELECT number, topics FROM messages
                WHERE lane <> 'CRITICAL'
                ORDER BY number DESC
                LIMIT 200) m
          JOIN endpoints e ON e.recipient_number = $1
          JOIN deliveries d ON d.message_number = m.number AND d.endpoint_number = e.number
          WHERE $2::integer = ANY (m.topics) AND d.topic_number = $2::integer
            AND d.state IN ('SENT', 'DELIVERED', 'COMPLAINED', 'UNCERTAIN') AND d.finish_time > db_now() - interval '30 days'
          ORDER BY m.number DESC
          LIMIT 1) last
    ON CONFLICT (message_number, shard) DO UPDATE SET unsubscribed = counters.unsubscribed + 1
)sql";

struct Sums {
  int64_t opens = 0;
  int64_t machine_opens = 0;
  int64_t clicks = 0;
  int64_t machine_clicks = 0;
  int64_t openers = 0;
  int64_t clickers = 0;

  void Add(const Engagement& engagement) {
    int64_t& by_people = engagement.url.empty() ? opens : clicks;
    int64_t& by_machines = engagement.url.empty() ? machine_opens : machine_clicks;
    ++(engagement.by_machine ? by_machines : by_people);
  }
};

using DeliveryKey = std::pair<int64_t, int64_t>;  // Message and seq.
using CountKey = std::pair<int64_t, int64_t>;     // Message and variant.

std::map<DeliveryKey, std::string> LoadTracking(db::Transaction& tx, const std::vector<Engagement>& engagements) {
  std::map<DeliveryKey, std::string> tracking;
  for (const Engagement& engagement : engagements) {
    if (engagement.of.delivery != 0) tracking[{engagement.of.message, engagement.of.delivery}] = "AGGREGATE";
  }
  if (tracking.empty()) return tracking;
  std::vector<int64_t> messages, seqs;
  for (const auto& [key, ignored] : tracking) {
    messages.push_back(key.first);
    seqs.push_back(key.second);
  }
  for (const pqxx::row& row : tx.Query(kLoadTracking, db::Int64Array(messages), db::Int64Array(seqs))) {
    tracking[{row["message_number"].as<int64_t>(), row["seq"].as<int64_t>()}] = row["tracking"].as<std::string>();
  }
  return tracking;
}

// One row each, in the order of their keys: who writes the same rows at the same time waits, and that is all.
struct Columns {
  std::vector<int64_t> messages, seconds, opens, machine_opens, clicks, machine_clicks, openers, clickers;

  explicit Columns(const std::map<std::pair<int64_t, int64_t>, Sums>& sums_by_key) {
    for (const auto& [key, sums] : sums_by_key) {
      messages.push_back(key.first);
      seconds.push_back(key.second);
      opens.push_back(sums.opens);
      machine_opens.push_back(sums.machine_opens);
      clicks.push_back(sums.clicks);
      machine_clicks.push_back(sums.machine_clicks);
      openers.push_back(sums.openers);
      clickers.push_back(sums.clickers);
    }
  }
};

// Adds to `counts` whose first open or click it was.
void SaveDeliveries(db::Transaction& tx, const std::map<DeliveryKey, Sums>& deliveries,
                    const std::map<DeliveryKey, int64_t>& variants, std::map<CountKey, Sums>& counts) {
  if (deliveries.empty()) return;
  const Columns columns(deliveries);
  for (const pqxx::row& row :
       tx.Query(kSaveDeliveries, db::Int64Array(columns.messages), db::Int64Array(columns.seconds),
                db::Int64Array(columns.opens), db::Int64Array(columns.machine_opens), db::Int64Array(columns.clicks),
                db::Int64Array(columns.machine_clicks))) {
    const DeliveryKey key = {row["message_number"].as<int64_t>(), row["seq"].as<int64_t>()};
    const Sums& added = deliveries.at(key);
    Sums& count = counts[{key.first, variants.at(key)}];
    if (added.opens > 0 && row["opens"].as<int64_t>() == added.opens) ++count.openers;
    if (added.clicks > 0 && row["clicks"].as<int64_t>() == added.clicks) ++count.clickers;
  }
}

void SaveLinks(db::Transaction& tx, const std::map<std::pair<int64_t, std::string>, Sums>& links) {
  if (links.empty()) return;
  std::vector<int64_t> messages, clicks, machine_clicks;
  std::vector<std::string> hashes, urls;
  for (const auto& [key, sums] : links) {
    messages.push_back(key.first);
    hashes.push_back(crypto::Sha256(key.second));
    urls.push_back(key.second);
    clicks.push_back(sums.clicks);
    machine_clicks.push_back(sums.machine_clicks);
  }
  tx.Query(kSaveLinks, db::Int64Array(messages), db::BytesArray(hashes), db::TextArray(urls), db::Int64Array(clicks),
           db::Int64Array(machine_clicks));
}

}  // namespace

void SaveEngagements(db::Transaction& tx, const std::vector<Engagement>& engagements) {
  const std::map<DeliveryKey, std::string> tracking = LoadTracking(tx, engagements);
  std::map<CountKey, Sums> counts;
  std::map<DeliveryKey, Sums> deliveries;
  std::map<DeliveryKey, int64_t> variants;
  std::map<std::pair<int64_t, std::string>, Sums> links;
  for (const Engagement& engagement : engagements) {
    const DeliveryKey key = {engagement.of.message, engagement.of.delivery};
    const std::string chosen = engagement.of.delivery == 0 ? "AGGREGATE" : tracking.at(key);
    if (chosen == "NONE") continue;
    counts[{engagement.of.message, engagement.of.variant}].Add(engagement);
    if (!engagement.url.empty()) links[{engagement.of.message, engagement.url}].Add(engagement);
    if (chosen != "INDIVIDUAL") continue;
    deliveries[key].Add(engagement);
    variants[key] = engagement.of.variant;
  }
  SaveDeliveries(tx, deliveries, variants, counts);
  if (!counts.empty()) {
    const Columns columns(counts);
    tx.Query(kSaveCounts, db::Int64Array(columns.messages), db::Int64Array(columns.seconds),
             db::Int64Array(columns.opens), db::Int64Array(columns.machine_opens), db::Int64Array(columns.clicks),
             db::Int64Array(columns.machine_clicks), db::Int64Array(columns.openers), db::Int64Array(columns.clickers));
  }
  SaveLinks(tx, links);
}

void CountUnsubscription(db::Transaction& tx, int64_t recipient_number, int64_t topic_number) {
  tx.Query(kCountUnsubscription, recipient_number, topic_number);
}

}  // namespace masthead::notifications
