#include "services/memberships/admin/bootstrap.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "services/memberships/admin/api_key_store.h"
#include "services/memberships/admin/key_minting.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

}  // namespace

absl::StatusOr<std::string> CreateFirstApiKey(db::Database& database, const std::string& display_name,
                                              const std::vector<std::string>& scopes) {
  FieldViolations violations;
  ApiKey wanted = {.display_name = display_name, .scopes = scopes};
  CheckApiKey("api_key", wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const MintedKey minted = MintApiKey(std::move(wanted));

  RETURN_IF_ERROR(database.Write({.deadline = absl::Now() + kPatience}, [&](db::Transaction& tx) -> absl::Status {
    ApiKey key = minted.key;
    key.create_time = db::Now(tx);
    InsertApiKey(tx, key);
    return absl::OkStatus();
  }));
  return minted.text;
}

}  // namespace masthead::memberships
