#include "services/memberships/collecting/cursor_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertCursor[] = R"sql(
  INSERT INTO provider_cursors (provider, next_action_time) VALUES ($1, db_now()) ON CONFLICT DO NOTHING
)sql";

constexpr char kLeaseCursor[] = R"sql(
  UPDATE provider_cursors
  SET lease_time = db_now() + $2::interval
  WHERE provider = $1 AND next_action_time <= db_now() AND (lease_time IS NULL OR lease_time <= db_now())
  RETURNING cursor
)sql";

constexpr char kSaveCursor[] = R"sql(
  UPDATE provider_cursors
  SET cursor = $2, next_action_time = db_now() + $3::interval, lease_time = NULL
  WHERE provider = $1
)sql";

}  // namespace

std::optional<std::string> LeaseCursor(db::Transaction& tx, absl::string_view provider, absl::Duration lease) {
  tx.Query(kInsertCursor, provider);
  const pqxx::result rows = tx.Query(kLeaseCursor, provider, lease);
  if (rows.empty()) return std::nullopt;
  return rows.front()[0].as<std::string>();
}

void SaveCursor(db::Transaction& tx, absl::string_view provider, absl::string_view cursor, absl::Duration pause) {
  tx.Query(kSaveCursor, provider, cursor, pause);
}

}  // namespace masthead::memberships
