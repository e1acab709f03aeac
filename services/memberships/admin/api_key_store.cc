#include "services/memberships/admin/api_key_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertApiKey[] = R"sql(
  INSERT INTO api_keys (id, secret_hash, display_name, scopes, revision, create_time, expire_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadApiKey[] = R"sql(
  SELECT * FROM api_keys WHERE id = $1
)sql";

constexpr char kLockApiKey[] = R"sql(
  SELECT * FROM api_keys WHERE id = $1 FOR UPDATE
)sql";

constexpr char kSaveApiKey[] = R"sql(
  UPDATE api_keys SET revoke_time = $2, revision = $3, expire_time = $4 WHERE id = $1
)sql";

constexpr char kLoadApiKeys[] = R"sql(
  SELECT * FROM api_keys
  WHERE (create_time, id) < ($1, $2)
  ORDER BY create_time DESC, id DESC
  LIMIT $3
)sql";

ApiKey FromRow(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .secret_hash = db::ReadBytes(row["secret_hash"]),
          .display_name = row["display_name"].as<std::string>(),
          .scopes = db::ReadTextArray(row["scopes"]),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .expire_time = row["expire_time"].as<std::optional<absl::Time>>(),
          .revoke_time = row["revoke_time"].as<std::optional<absl::Time>>()};
}

std::optional<ApiKey> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

}  // namespace

void InsertApiKey(db::Transaction& tx, const ApiKey& key) {
  tx.Query(kInsertApiKey, key.id, db::Bytes{key.secret_hash}, key.display_name, db::TextArray(key.scopes), key.revision,
           key.create_time, key.expire_time);
}

std::optional<ApiKey> LoadApiKey(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLoadApiKey, id));
}

std::optional<ApiKey> LockApiKey(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockApiKey, id));
}

void SaveApiKey(db::Transaction& tx, ApiKey& key) {
  ++key.revision;
  tx.Query(kSaveApiKey, key.id, key.revoke_time, key.revision, key.expire_time);
}

std::vector<ApiKey> LoadApiKeys(db::Transaction& tx, const std::optional<ApiKeyCursor>& before, int limit) {
  const ApiKeyCursor start = before.value_or(ApiKeyCursor{absl::InfiniteFuture(), ""});
  std::vector<ApiKey> keys;
  for (const pqxx::row& row : tx.Query(kLoadApiKeys, start.create_time, start.id, limit)) keys.push_back(FromRow(row));
  return keys;
}

}  // namespace masthead::memberships
