#include "services/notifications/webhooks/webhook_store.h"

namespace masthead::notifications::webhooks {
namespace {

constexpr char kInsert[] = R"sql(
    INSERT INTO webhook_endpoints (id, display_name, url, event_types, secret)
    VALUES ($1, $2, $3, $4::text[], $5)
    RETURNING number, create_time, update_time
)sql";

constexpr char kLoad[] = "SELECT * FROM webhook_endpoints WHERE id = $1";
constexpr char kLock[] = "SELECT * FROM webhook_endpoints WHERE id = $1 FOR UPDATE";
constexpr char kLoadOf[] = "SELECT * FROM webhook_endpoints WHERE id = ANY ($1::text[])";

constexpr char kLoadPage[] = R"sql(
    SELECT * FROM webhook_endpoints
    WHERE $1::timestamptz IS NULL OR (create_time, id) < ($1, $2)
    ORDER BY create_time DESC, id DESC
    LIMIT $3
)sql";

constexpr char kSave[] = R"sql(
    UPDATE webhook_endpoints
    SET display_name = $2, url = $3, event_types = $4::text[], secret = $5, former_secret = $6, former_expire_time = $7,
        revision = revision + 1, update_time = db_now()
    WHERE number = $1
    RETURNING revision, update_time
)sql";

constexpr char kSaveBreaker[] = R"sql(
    UPDATE webhook_endpoints
    SET state = $2, disabled_reason = $3, failures = $4, failing_since_time = $5, retry_time = $6
    WHERE number = $1
)sql";

constexpr char kRemove[] = "DELETE FROM webhook_endpoints WHERE number = $1";

constexpr char kTakeLease[] = R"sql(
    UPDATE webhook_endpoints e
    SET lease_time = db_now() + $1::interval, lease_epoch = lease_epoch + 1
    WHERE number = (
        SELECT w.number
        FROM webhook_endpoints w
        WHERE w.lease_time <= db_now()
          AND EXISTS (SELECT 1 FROM webhook_events v
                      WHERE v.endpoint_number = w.number AND v.state = 'PENDING' AND v.due_time <= db_now()
                        AND (v.test OR (w.state = 'ACTIVE' AND (w.retry_time IS NULL OR w.retry_time <= db_now()))))
        ORDER BY w.lease_time
        LIMIT 1
        FOR UPDATE SKIP LOCKED)
    RETURNING *
)sql";

// The time stays: who was served last comes last.
constexpr char kEndLease[] = R"sql(
    UPDATE webhook_endpoints SET lease_time = db_now() WHERE number = $1 AND lease_epoch = $2 RETURNING *
)sql";

WebhookEndpoint ReadRow(const pqxx::row& row) {
  return {.number = row["number"].as<int64_t>(),
          .id = row["id"].as<std::string>(),
          .display_name = row["display_name"].as<std::string>(),
          .url = row["url"].as<std::string>(),
          .event_types = db::ReadTextArray(row["event_types"]),
          .sealed_secret = db::ReadBytes(row["secret"]),
          .sealed_former_secret = db::ReadBytes(row["former_secret"]),
          .former_expire_time = row["former_expire_time"].as<std::optional<absl::Time>>(),
          .breaker = {.state = row["state"].as<std::string>(),
                      .disabled_reason = row["disabled_reason"].as<std::string>(),
                      .failures = row["failures"].as<int>(),
                      .failing_since_time = row["failing_since_time"].as<std::optional<absl::Time>>(),
                      .retry_time = row["retry_time"].as<std::optional<absl::Time>>()},
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>(),
          .revision = row["revision"].as<int64_t>()};
}

std::optional<WebhookEndpoint> OnlyRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return ReadRow(rows.front());
}

std::vector<WebhookEndpoint> AllRows(const pqxx::result& rows) {
  std::vector<WebhookEndpoint> endpoints;
  for (const pqxx::row& row : rows) endpoints.push_back(ReadRow(row));
  return endpoints;
}

}  // namespace

void InsertWebhookEndpoint(db::Transaction& tx, WebhookEndpoint& endpoint) {
  const pqxx::result rows = tx.Query(kInsert, endpoint.id, endpoint.display_name, endpoint.url,
                                     db::TextArray(endpoint.event_types), db::Bytes{endpoint.sealed_secret});
  endpoint.number = rows[0]["number"].as<int64_t>();
  endpoint.create_time = rows[0]["create_time"].as<absl::Time>();
  endpoint.update_time = rows[0]["update_time"].as<absl::Time>();
}

std::optional<WebhookEndpoint> LoadWebhookEndpoint(db::Transaction& tx, absl::string_view id) {
  return OnlyRow(tx.Query(kLoad, id));
}

std::optional<WebhookEndpoint> LockWebhookEndpoint(db::Transaction& tx, absl::string_view id) {
  return OnlyRow(tx.Query(kLock, id));
}

std::vector<WebhookEndpoint> LoadWebhookEndpointsOf(db::Transaction& tx, const std::vector<std::string>& ids) {
  return AllRows(tx.Query(kLoadOf, db::TextArray(ids)));
}

std::vector<WebhookEndpoint> LoadWebhookEndpoints(db::Transaction& tx, std::optional<absl::Time> before_time,
                                                  absl::string_view before_id, int limit) {
  return AllRows(tx.Query(kLoadPage, before_time, before_id, limit));
}

void SaveWebhookEndpoint(db::Transaction& tx, WebhookEndpoint& endpoint) {
  const pqxx::result rows = tx.Query(kSave, endpoint.number, endpoint.display_name, endpoint.url,
                                     db::TextArray(endpoint.event_types), db::Bytes{endpoint.sealed_secret},
                                     db::Bytes{endpoint.sealed_former_secret}, endpoint.former_expire_time);
  endpoint.revision = rows[0]["revision"].as<int64_t>();
  endpoint.update_time = rows[0]["update_time"].as<absl::Time>();
  SaveBreaker(tx, endpoint);
}

void SaveBreaker(db::Transaction& tx, const WebhookEndpoint& endpoint) {
  const Breaker& breaker = endpoint.breaker;
  tx.Query(kSaveBreaker, endpoint.number, breaker.state, breaker.disabled_reason, breaker.failures,
           breaker.failing_since_time, breaker.retry_time);
}

void RemoveWebhookEndpoint(db::Transaction& tx, int64_t number) { tx.Query(kRemove, number); }

std::optional<EndpointLease> TakeEndpointLease(db::Transaction& tx, absl::Duration duration) {
  const pqxx::result rows = tx.Query(kTakeLease, duration);
  if (rows.empty()) return std::nullopt;
  return EndpointLease{.endpoint = ReadRow(rows.front()), .epoch = rows[0]["lease_epoch"].as<int32_t>()};
}

std::optional<WebhookEndpoint> EndEndpointLease(db::Transaction& tx, const EndpointLease& lease) {
  return OnlyRow(tx.Query(kEndLease, lease.endpoint.number, lease.epoch));
}

}  // namespace masthead::notifications::webhooks
