#include "services/memberships/privacy/wrapped_key_store.h"

namespace masthead::memberships {
namespace {

constexpr char kSelectMembers[] = R"sql(
  SELECT id, wrapped_key AS wrapped FROM members
  WHERE id > $1 AND wrapped_key IS NOT NULL
  ORDER BY id
  LIMIT $2
)sql";

constexpr char kSaveMember[] = R"sql(
  UPDATE members SET wrapped_key = $3 WHERE id = $1 AND wrapped_key = $2
)sql";

constexpr char kSelectGifts[] = R"sql(
  SELECT id, sealed_delivery AS wrapped FROM gifts
  WHERE id > $1 AND sealed_delivery IS NOT NULL
  ORDER BY id
  LIMIT $2
)sql";

constexpr char kSaveGift[] = R"sql(
  UPDATE gifts SET sealed_delivery = $3 WHERE id = $1 AND sealed_delivery = $2
)sql";

constexpr char kSelectCheckouts[] = R"sql(
  SELECT id, sealed_details AS wrapped FROM checkouts
  WHERE id > $1 AND sealed_details IS NOT NULL
  ORDER BY id
  LIMIT $2
)sql";

constexpr char kSaveCheckout[] = R"sql(
  UPDATE checkouts SET sealed_details = $3 WHERE id = $1 AND sealed_details = $2
)sql";

struct Statements {
  const char* collection;
  const char* select;
  const char* save;
};

const Statements& Of(SealedRows rows) {
  static constexpr Statements kMembers = {"members", kSelectMembers, kSaveMember};
  static constexpr Statements kGifts = {"gifts", kSelectGifts, kSaveGift};
  static constexpr Statements kCheckouts = {"checkouts", kSelectCheckouts, kSaveCheckout};
  switch (rows) {
    case SealedRows::kMembers:
      break;
    case SealedRows::kGifts:
      return kGifts;
    case SealedRows::kCheckouts:
      return kCheckouts;
  }
  return kMembers;
}

}  // namespace

const char* CollectionOf(SealedRows rows) { return Of(rows).collection; }

std::vector<WrappedKey> LoadWrappedKeys(db::Transaction& tx, SealedRows rows, absl::string_view id, int limit) {
  std::vector<WrappedKey> keys;
  for (const pqxx::row& row : tx.Query(Of(rows).select, id, limit)) {
    keys.push_back({.id = row["id"].as<std::string>(), .wrapped = db::ReadBytes(row["wrapped"])});
  }
  return keys;
}

void SaveWrappedKey(db::Transaction& tx, SealedRows rows, const WrappedKey& key, const std::string& wrapped_again) {
  tx.Query(Of(rows).save, key.id, db::Bytes{key.wrapped}, db::Bytes{wrapped_again});
}

}  // namespace masthead::memberships
