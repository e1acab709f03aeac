#include "common/db/snapshot.h"

namespace masthead::db {
namespace {

constexpr char kHoldSnapshot[] = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";

}  // namespace

void HoldSnapshot(Transaction& tx) { tx.Query(kHoldSnapshot); }

}  // namespace masthead::db
