#include "services/memberships/now_store.h"

namespace masthead::memberships {
namespace {

constexpr char kLoadNow[] = R"sql(
  SELECT db_now()
)sql";

}  // namespace

absl::Time LoadNow(db::Transaction& tx) { return tx.Query(kLoadNow).front()[0].as<absl::Time>(); }

}  // namespace masthead::memberships
