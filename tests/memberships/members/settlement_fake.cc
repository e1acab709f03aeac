// In place of subscriptions: ends a subscription without asking anybody. What is tested here is who has it ended.
#include "services/memberships/subscriptions/settlement.h"

namespace masthead::memberships {
namespace {

constexpr char kEnd[] = R"sql(
  UPDATE subscriptions
  SET state = 'CANCELED', end_time = $2, end_reason = $3, next_action_time = NULL
  WHERE id = $1
)sql";

}  // namespace

void EndForMoney(db::Transaction& tx, events::Feed&, absl::string_view subscription_id, absl::string_view reason,
                 absl::Time now) {
  tx.Query(kEnd, subscription_id, now, reason);
}

}  // namespace masthead::memberships
