#include "services/notifications/now_store.h"

namespace masthead::notifications {
namespace {

constexpr char kLoadNow[] = "SELECT db_now()";

}  // namespace

absl::Time LoadNow(db::Transaction& tx) { return tx.Query(kLoadNow)[0][0].as<absl::Time>(); }

}  // namespace masthead::notifications
