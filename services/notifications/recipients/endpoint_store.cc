#include "services/notifications/recipients/endpoint_store.h"

#include <string>

namespace masthead::notifications {
namespace {

#define ENDPOINT_SELECT                                                                                          \
  "SELECT number, id, channel::text AS channel, mailbox, address_hash, target, state, suppressed, expire_time, " \
  "create_time, "                                                                                                \
  "update_time, revision FROM endpoints "

constexpr char kLoadEndpoints[] = ENDPOINT_SELECT "WHERE recipient_number = $1 ORDER BY number";

constexpr char kLoadEndpoint[] = ENDPOINT_SELECT "WHERE recipient_number = $1 AND id = $2";

constexpr char kLoadEndpointByNumber[] = ENDPOINT_SELECT "WHERE number = $1";

constexpr char kLoadMailbox[] = ENDPOINT_SELECT
    "WHERE recipient_number = $1 AND channel = 'EMAIL' AND state IN ('ACTIVE', 'PENDING') ORDER BY state, number LIMIT "
    "1";

#undef ENDPOINT_SELECT

constexpr char kInsertEndpoint[] = R"sql(
    INSERT INTO endpoints (recipient_number, id, channel, mailbox, address_hash, target, state, expire_time)
    VALUES ($1, $2, $3::channel, $4, $5, $6, $7, $8)
    RETURNING number, suppressed, create_time
)sql";

constexpr char kSaveEndpoint[] = R"sql(
    UPDATE endpoints
    SET target = $2, address_hash = $3, state = $4, expire_time = $5, revision = revision + 1, update_time = db_now()
    WHERE number = $1
    RETURNING revision, update_time, suppressed
)sql";

constexpr char kRemoveEndpoint[] = R"sql(
    DELETE FROM endpoints WHERE number = $1
)sql";

// Says to the fan-out that it must look for twins.
constexpr char kMarkSharedAddress[] = R"sql(
    UPDATE endpoints
    SET shares_address = true
    WHERE address_hash = $1 AND NOT shares_address AND (SELECT count(*) > 1 FROM endpoints WHERE address_hash = $1)
)sql";

constexpr char kEnsureInbox[] = R"sql(
    INSERT INTO endpoints (recipient_number, id, channel, mailbox, address_hash)
    SELECT number, 'inbox', 'INBOX', '', sha256(convert_to('INBOX ' || id, 'UTF8'))
    FROM recipients
    WHERE number = $1
    ON CONFLICT (recipient_number, id) DO NOTHING
)sql";

constexpr char kExpireEndpoints[] = R"sql(
    UPDATE endpoints
    SET state = 'EXPIRED', revision = revision + 1, update_time = db_now()
    WHERE number IN (SELECT number FROM endpoints WHERE expire_time <= db_now() AND state = 'ACTIVE' LIMIT $1 FOR UPDATE SKIP LOCKED)
)sql";

constexpr char kRemoveUnconfirmed[] = R"sql(
    DELETE FROM endpoints
    WHERE number IN (SELECT number FROM endpoints
                     WHERE state = 'PENDING' AND create_time <= db_now() - $2::interval
                     LIMIT $1
                     FOR UPDATE SKIP LOCKED)
)sql";

Endpoint FromRow(const pqxx::row& row) {
  return {.number = row["number"].as<int64_t>(),
          .id = row["id"].as<std::string>(),
          .channel = ChannelOfName(row["channel"].as<std::string>()),
          .mailbox = row["mailbox"].as<std::string>(),
          .address_hash = db::ReadBytes(row["address_hash"]),
          .sealed_target = db::ReadBytes(row["target"]),
          .state = row["state"].as<std::string>(),
          .suppressed = row["suppressed"].as<bool>(),
          .expire_time = row["expire_time"].as<std::optional<absl::Time>>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>(),
          .revision = row["revision"].as<int64_t>()};
}

std::optional<Endpoint> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

constexpr char kIsWebhookEndpoint[] =
    "SELECT 1 FROM webhook_endpoints WHERE id = substr($1, length('webhookEndpoints/') + 1)";

}  // namespace

std::vector<Endpoint> LoadEndpoints(db::Transaction& tx, int64_t recipient_number) {
  std::vector<Endpoint> endpoints;
  for (const pqxx::row& row : tx.Query(kLoadEndpoints, recipient_number)) endpoints.push_back(FromRow(row));
  return endpoints;
}

std::optional<Endpoint> LoadEndpoint(db::Transaction& tx, int64_t recipient_number, absl::string_view id) {
  return FirstRow(tx.Query(kLoadEndpoint, recipient_number, id));
}

std::optional<Endpoint> LoadEndpointByNumber(db::Transaction& tx, int64_t number) {
  return FirstRow(tx.Query(kLoadEndpointByNumber, number));
}

std::optional<Endpoint> LoadMailbox(db::Transaction& tx, int64_t recipient_number) {
  return FirstRow(tx.Query(kLoadMailbox, recipient_number));
}

void InsertEndpoint(db::Transaction& tx, int64_t recipient_number, Endpoint& endpoint) {
  const pqxx::result rows = tx.Query(kInsertEndpoint, recipient_number, endpoint.id, ChannelName(endpoint.channel),
                                     endpoint.mailbox, db::Bytes{endpoint.address_hash},
                                     db::Bytes{endpoint.sealed_target}, endpoint.state, endpoint.expire_time);
  endpoint.number = rows[0]["number"].as<int64_t>();
  endpoint.suppressed = rows[0]["suppressed"].as<bool>();
  endpoint.create_time = endpoint.update_time = rows[0]["create_time"].as<absl::Time>();
  tx.Query(kMarkSharedAddress, db::Bytes{endpoint.address_hash});
}

void SaveEndpoint(db::Transaction& tx, Endpoint& endpoint) {
  const pqxx::result rows = tx.Query(kSaveEndpoint, endpoint.number, db::Bytes{endpoint.sealed_target},
                                     db::Bytes{endpoint.address_hash}, endpoint.state, endpoint.expire_time);
  endpoint.revision = rows[0]["revision"].as<int64_t>();
  endpoint.update_time = rows[0]["update_time"].as<absl::Time>();
  endpoint.suppressed = rows[0]["suppressed"].as<bool>();
  tx.Query(kMarkSharedAddress, db::Bytes{endpoint.address_hash});
}

void RemoveEndpoint(db::Transaction& tx, const Endpoint& endpoint) { tx.Query(kRemoveEndpoint, endpoint.number); }

bool IsWebhookEndpoint(db::Transaction& tx, absl::string_view name) {
  return !tx.Query(kIsWebhookEndpoint, name).empty();
}

void EnsureInbox(db::Transaction& tx, int64_t recipient_number) { tx.Query(kEnsureInbox, recipient_number); }

int64_t ExpireEndpoints(db::Transaction& tx, int limit) {
  return static_cast<int64_t>(tx.Query(kExpireEndpoints, limit).affected_rows()) +
         static_cast<int64_t>(tx.Query(kRemoveUnconfirmed, limit, kConfirmationPatience).affected_rows());
}

}  // namespace masthead::notifications
