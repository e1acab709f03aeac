#include "services/notifications/routes/route_store.h"

namespace masthead::notifications {
namespace {

constexpr char kLoadRoute[] = R"sql(
    SELECT *, (db_now() AT TIME ZONE 'UTC')::date - warm_up_day AS day_of_warm_up, warm_up_day::timestamp AT TIME ZONE 'UTC' AS warm_up_begin
    FROM routes
    WHERE id = $1
)sql";

constexpr char kLockRoute[] = R"sql(
    SELECT *, (db_now() AT TIME ZONE 'UTC')::date - warm_up_day AS day_of_warm_up, warm_up_day::timestamp AT TIME ZONE 'UTC' AS warm_up_begin
    FROM routes
    WHERE id = $1
    FOR UPDATE
)sql";

constexpr char kLoadRoutes[] = R"sql(
    SELECT *, (db_now() AT TIME ZONE 'UTC')::date - warm_up_day AS day_of_warm_up, warm_up_day::timestamp AT TIME ZONE 'UTC' AS warm_up_begin
    FROM routes
    WHERE id > $1
    ORDER BY id
    LIMIT $2
)sql";

constexpr char kInsertRoute[] = R"sql(
    INSERT INTO routes (id, host, port, tls, smtp_user, sealed_password, dkim_domain, dkim_selectors, max_connections, rate_per_minute,
                        domain_rate_per_minute, warm_up_start, warm_up_end, warm_up_days, warm_up_day)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, ($15::timestamptz AT TIME ZONE 'UTC')::date)
    ON CONFLICT (id) DO NOTHING
    RETURNING revision, create_time, update_time
)sql";

constexpr char kSaveRoute[] = R"sql(
    UPDATE routes
    SET host = $2, port = $3, tls = $4, smtp_user = $5, sealed_password = $6, dkim_domain = $7, dkim_selectors = $8, max_connections = $9,
        rate_per_minute = $10, domain_rate_per_minute = $11, warm_up_start = $12, warm_up_end = $13, warm_up_days = $14,
        warm_up_day = ($15::timestamptz AT TIME ZONE 'UTC')::date, revision = revision + 1, update_time = db_now()
    WHERE id = $1
    RETURNING revision, create_time, update_time
)sql";

constexpr char kRemoveRoute[] = "DELETE FROM routes WHERE id = $1";

constexpr char kMakeBuckets[] = R"sql(
    INSERT INTO route_buckets (route, domain) SELECT $1, domain FROM unnest($2::text[]) AS domain ORDER BY domain
    ON CONFLICT DO NOTHING
)sql";

// By domain, so that two senders never wait for each other in a circle.
constexpr char kLockBuckets[] = R"sql(
    SELECT domain, credit, time, resume_time,
           CASE WHEN day = (db_now() AT TIME ZONE 'UTC')::date THEN sent_on_day ELSE 0 END AS sent_today
    FROM route_buckets
    WHERE route = $1 AND domain = ANY ($2::text[])
    ORDER BY domain
    FOR UPDATE
)sql";

constexpr char kSaveBuckets[] = R"sql(
    UPDATE route_buckets b
    SET credit = n.credit, time = n.time, day = (db_now() AT TIME ZONE 'UTC')::date, sent_on_day = n.sent
    FROM unnest($2::text[], $3::bigint[], $4::timestamptz[], $5::bigint[]) AS n (domain, credit, time, sent)
    WHERE b.route = $1 AND b.domain = n.domain
)sql";

constexpr char kBackOff[] = R"sql(
    INSERT INTO route_buckets AS b (route, domain, resume_time, setbacks)
    VALUES ($1, $2, db_now() + interval '1 minute', 1)
    ON CONFLICT (route, domain) DO UPDATE
    SET resume_time = db_now() + least(interval '30 minutes', interval '1 minute' * 2 ^ b.setbacks), setbacks = least(b.setbacks + 1, 10)
    WHERE coalesce(b.resume_time, db_now()) <= db_now()
)sql";

constexpr char kEndBackOff[] = R"sql(
    UPDATE route_buckets SET setbacks = 0 WHERE route = $1 AND domain = ANY ($2::text[]) AND setbacks > 0
)sql";

mail::SmtpTls TlsOf(const std::string& name) {
  if (name == "NONE") return mail::SmtpTls::kNone;
  return name == "OPPORTUNISTIC" ? mail::SmtpTls::kOpportunistic : mail::SmtpTls::kRequired;
}

const char* NameOf(mail::SmtpTls tls) {
  if (tls == mail::SmtpTls::kNone) return "NONE";
  return tls == mail::SmtpTls::kOpportunistic ? "OPPORTUNISTIC" : "REQUIRED";
}

Route ReadRow(const pqxx::row& row, const Route& defaults) {
  Route route = defaults;
  route.id = row["id"].as<std::string>();
  route.smtp.host = row["host"].as<std::string>();
  route.smtp.port = row["port"].as<uint16_t>();
  route.smtp.tls = TlsOf(row["tls"].as<std::string>());
  route.smtp.user = row["smtp_user"].as<std::string>();
  route.smtp.password.clear();
  route.sealed_password = db::ReadBytes(row["sealed_password"]);
  route.smtp.max_connections = row["max_connections"].as<size_t>();
  route.dkim_domain = row["dkim_domain"].as<std::string>();
  route.dkim_selectors = db::ReadTextArray(row["dkim_selectors"]);
  route.rate_per_minute = row["rate_per_minute"].as<int64_t>();
  route.domain_rate_per_minute = row["domain_rate_per_minute"].as<int64_t>();
  route.warm_up = {.start = row["warm_up_start"].as<int64_t>(),
                   .end = row["warm_up_end"].as<int64_t>(),
                   .days = row["warm_up_days"].as<int>()};
  route.warm_up_day = row["day_of_warm_up"].as<int>();
  route.warm_up_start = row["warm_up_begin"].as<absl::Time>();
  route.revision = row["revision"].as<int64_t>();
  route.create_time = row["create_time"].as<absl::Time>();
  route.update_time = row["update_time"].as<absl::Time>();
  return route;
}

std::optional<Route> OnlyRow(const pqxx::result& rows, const Route& defaults) {
  if (rows.empty()) return std::nullopt;
  return ReadRow(rows.front(), defaults);
}

pqxx::result Write(db::Transaction& tx, const char* statement, const Route& route) {
  return tx.Query(statement, route.id, route.smtp.host, static_cast<int32_t>(route.smtp.port), NameOf(route.smtp.tls),
                  route.smtp.user, db::Bytes{route.sealed_password}, route.dkim_domain,
                  db::TextArray(route.dkim_selectors), static_cast<int64_t>(route.smtp.max_connections),
                  route.rate_per_minute, route.domain_rate_per_minute, route.warm_up.start, route.warm_up.end,
                  route.warm_up.days, route.warm_up_start);
}

void ReadVersion(const pqxx::row& row, Route& route) {
  route.revision = row["revision"].as<int64_t>();
  route.create_time = row["create_time"].as<absl::Time>();
  route.update_time = row["update_time"].as<absl::Time>();
}

}  // namespace

std::optional<Route> LoadRoute(db::Transaction& tx, absl::string_view id, const Route& defaults) {
  return OnlyRow(tx.Query(kLoadRoute, id), defaults);
}

std::optional<Route> LockRoute(db::Transaction& tx, absl::string_view id, const Route& defaults) {
  return OnlyRow(tx.Query(kLockRoute, id), defaults);
}

std::vector<Route> LoadRoutes(db::Transaction& tx, absl::string_view after, int limit, const Route& defaults) {
  std::vector<Route> routes;
  for (const pqxx::row& row : tx.Query(kLoadRoutes, after, limit)) routes.push_back(ReadRow(row, defaults));
  return routes;
}

bool InsertRoute(db::Transaction& tx, Route& route) {
  const pqxx::result rows = Write(tx, kInsertRoute, route);
  if (!rows.empty()) ReadVersion(rows.front(), route);
  return !rows.empty();
}

void SaveRoute(db::Transaction& tx, Route& route) { ReadVersion(Write(tx, kSaveRoute, route).front(), route); }

void RemoveRoute(db::Transaction& tx, absl::string_view id) { tx.Query(kRemoveRoute, id); }

std::map<std::string, RouteBucket> LockBuckets(db::Transaction& tx, absl::string_view route,
                                               const std::vector<std::string>& domains) {
  pqxx::result rows = tx.Query(kLockBuckets, route, db::TextArray(domains));
  if (static_cast<size_t>(rows.size()) < domains.size()) {
    tx.Query(kMakeBuckets, route, db::TextArray(domains));
    rows = tx.Query(kLockBuckets, route, db::TextArray(domains));
  }
  std::map<std::string, RouteBucket> buckets;
  for (const pqxx::row& row : rows) {
    buckets[row["domain"].as<std::string>()] = {
        .tokens = {.credit = row["credit"].as<int64_t>(), .time = row["time"].as<absl::Time>()},
        .sent_today = row["sent_today"].as<int64_t>(),
        .resume_time = row["resume_time"].as<std::optional<absl::Time>>().value_or(absl::InfinitePast())};
  }
  return buckets;
}

void SaveBuckets(db::Transaction& tx, absl::string_view route, const std::map<std::string, RouteBucket>& buckets) {
  std::vector<std::string> domains;
  std::vector<int64_t> credits, sent;
  std::vector<absl::Time> times;
  for (const auto& [domain, bucket] : buckets) {
    domains.push_back(domain);
    credits.push_back(bucket.tokens.credit);
    times.push_back(bucket.tokens.time);
    sent.push_back(bucket.sent_today);
  }
  tx.Query(kSaveBuckets, route, db::TextArray(domains), db::Int64Array(credits), db::TimeArray(times),
           db::Int64Array(sent));
}

void BackOff(db::Transaction& tx, absl::string_view route, absl::string_view domain) {
  tx.Query(kBackOff, route, domain);
}

void EndBackOff(db::Transaction& tx, absl::string_view route, const std::vector<std::string>& domains) {
  tx.Query(kEndBackOff, route, db::TextArray(domains));
}

}  // namespace masthead::notifications
