#include "services/notifications/reports/report_store.h"

namespace masthead::notifications {
namespace {

constexpr int kMaxLinks = 100;

constexpr char kLoadBounces[] = R"sql(
    SELECT coalesce(sum(bounced_hard), 0)::bigint AS bounced_hard, coalesce(sum(bounced_soft), 0)::bigint AS bounced_soft,
           coalesce(sum(bounced_policy), 0)::bigint AS bounced_policy, coalesce(sum(unsubscribed), 0)::bigint AS unsubscribed
    FROM counters
    WHERE message_number = $1
)sql";

constexpr char kLoadVariants[] = R"sql(
    SELECT variant, opens, machine_opens, clicks, machine_clicks, openers, clickers
    FROM engagement_counts
    WHERE message_number = $1
    ORDER BY variant
)sql";

constexpr char kLoadLinks[] = R"sql(
    SELECT url, clicks, machine_clicks
    FROM link_clicks
    WHERE message_number = $1
    ORDER BY clicks DESC, machine_clicks DESC, url
    LIMIT $2
)sql";

constexpr char kLoadTopic[] = R"sql(
    WITH told AS MATERIALIZED (
        SELECT m.number, coalesce(f.candidates, m.candidates) AS candidates, coalesce(f.deliveries, m.deliveries) AS deliveries,
               coalesce(f.exclusions, m.exclusions) AS exclusions
        FROM messages m LEFT JOIN fanouts f ON f.message_number = m.number
        WHERE m.lane <> 'CRITICAL' AND m.topics @> ARRAY[$1::integer] AND m.create_time >= $2 AND m.create_time < $3
    )
    SELECT t.*, c.*, e.*
    FROM (SELECT count(*) AS message_count, coalesce(sum(candidates), 0)::bigint AS candidates,
                 coalesce(sum(deliveries), 0)::bigint AS deliveries, coalesce(sum(exclusions), 0)::bigint AS exclusions
          FROM told) t,
         (SELECT coalesce(sum(sent), 0)::bigint AS sent, coalesce(sum(failed), 0)::bigint AS failed,
                 coalesce(sum(expired), 0)::bigint AS expired, coalesce(sum(cancelled), 0)::bigint AS cancelled,
                 coalesce(sum(uncertain), 0)::bigint AS uncertain, coalesce(sum(delivered), 0)::bigint AS delivered,
                 coalesce(sum(bounced), 0)::bigint AS bounced, coalesce(sum(complained), 0)::bigint AS complained,
                 coalesce(sum(bounced_hard), 0)::bigint AS bounced_hard, coalesce(sum(bounced_soft), 0)::bigint AS bounced_soft,
                 coalesce(sum(bounced_policy), 0)::bigint AS bounced_policy, coalesce(sum(unsubscribed), 0)::bigint AS unsubscribed
          FROM counters
          WHERE message_number IN (SELECT number FROM told)) c,
         (SELECT coalesce(sum(opens), 0)::bigint AS opens, coalesce(sum(machine_opens), 0)::bigint AS machine_opens,
                 coalesce(sum(clicks), 0)::bigint AS clicks, coalesce(sum(machine_clicks), 0)::bigint AS machine_clicks,
                 coalesce(sum(openers), 0)::bigint AS openers, coalesce(sum(clickers), 0)::bigint AS clickers
          FROM engagement_counts
          WHERE message_number IN (SELECT number FROM told)) e
)sql";

EngagementCounts EngagementOf(const pqxx::row& row) {
  return {.opens = row["opens"].as<int64_t>(),
          .machine_opens = row["machine_opens"].as<int64_t>(),
          .clicks = row["clicks"].as<int64_t>(),
          .machine_clicks = row["machine_clicks"].as<int64_t>(),
          .openers = row["openers"].as<int64_t>(),
          .clickers = row["clickers"].as<int64_t>()};
}

void Add(const EngagementCounts& more, EngagementCounts& sum) {
  sum.opens += more.opens;
  sum.machine_opens += more.machine_opens;
  sum.clicks += more.clicks;
  sum.machine_clicks += more.machine_clicks;
  sum.openers += more.openers;
  sum.clickers += more.clickers;
}

void ReadBounces(const pqxx::row& row, ReportCounts& counts) {
  counts.bounced_hard = row["bounced_hard"].as<int64_t>();
  counts.bounced_soft = row["bounced_soft"].as<int64_t>();
  counts.bounced_policy = row["bounced_policy"].as<int64_t>();
  counts.unsubscribed = row["unsubscribed"].as<int64_t>();
}

MessageCounts DeliveriesOf(const pqxx::row& row) {
  return {.candidates = row["candidates"].as<int64_t>(),
          .deliveries = row["deliveries"].as<int64_t>(),
          .exclusions = row["exclusions"].as<int64_t>(),
          .sent = row["sent"].as<int64_t>(),
          .failed = row["failed"].as<int64_t>(),
          .expired = row["expired"].as<int64_t>(),
          .cancelled = row["cancelled"].as<int64_t>(),
          .uncertain = row["uncertain"].as<int64_t>(),
          .delivered = row["delivered"].as<int64_t>(),
          .bounced = row["bounced"].as<int64_t>(),
          .complained = row["complained"].as<int64_t>()};
}

}  // namespace

MessageReport LoadMessageReport(db::Transaction& tx, const Message& message) {
  MessageReport report;
  report.counts.deliveries = message.counts;
  ReadBounces(tx.Query(kLoadBounces, message.number).front(), report.counts);
  for (const pqxx::row& row : tx.Query(kLoadVariants, message.number)) {
    report.variants.emplace_back(row["variant"].as<int>(), EngagementOf(row));
    Add(report.variants.back().second, report.counts.engagement);
  }
  for (const pqxx::row& row : tx.Query(kLoadLinks, message.number, kMaxLinks)) {
    report.links.push_back({.url = row["url"].as<std::string>(),
                            .clicks = row["clicks"].as<int64_t>(),
                            .machine_clicks = row["machine_clicks"].as<int64_t>()});
  }
  return report;
}

TopicReport LoadTopicReport(db::Transaction& tx, int64_t topic_number, absl::Time start_time, absl::Time end_time) {
  const pqxx::result rows = tx.Query(kLoadTopic, topic_number, start_time, end_time);
  const pqxx::row row = rows.front();
  TopicReport report;
  report.message_count = row["message_count"].as<int64_t>();
  report.counts.deliveries = DeliveriesOf(row);
  ReadBounces(row, report.counts);
  report.counts.engagement = EngagementOf(row);
  return report;
}

}  // namespace masthead::notifications
