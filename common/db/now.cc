#include "common/db/now.h"

namespace masthead::db {
namespace {

constexpr char kNow[] = "SELECT db_now()";

}  // namespace

absl::Time Now(Transaction& tx) { return tx.Query(kNow)[0][0].as<absl::Time>(); }

}  // namespace masthead::db
