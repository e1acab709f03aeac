// What subscriptions refuse.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::memberships {

absl::Status SubscriptionNotFound(absl::string_view name);
// INVALID_TRANSITION.
absl::Status SubscriptionCannot(absl::string_view name, absl::string_view state, absl::string_view event);
absl::Status SubscriptionInOtherCurrency(absl::string_view expected, absl::string_view given);
// `price` cannot replace the price of the subscription: nothing new is sold at it.
absl::Status ChangeToArchivedPrice(absl::string_view price);
absl::Status ChangeAmountOutOfRange(int64_t least, int64_t most);
absl::Status PreviewOutdated();

}  // namespace masthead::memberships
