#include "services/memberships/subscriptions/subscription_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {

using absl::StatusCode;

absl::Status SubscriptionNotFound(absl::string_view name) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "SUBSCRIPTION_NOT_FOUND", {{"name", std::string(name)}}}),
                      "memberships.masthead.dev/Subscription", name);
}

absl::Status SubscriptionCannot(absl::string_view name, absl::string_view state, absl::string_view event) {
  return MakeError(StatusCode::kFailedPrecondition,
                   absl::StrCat(name, " is ", state, ": ", event, " does not apply to it now"),
                   {kErrorDomain,
                    "INVALID_TRANSITION",
                    {{"name", std::string(name)}, {"state", std::string(state)}, {"event", std::string(event)}}});
}

absl::Status SubscriptionInOtherCurrency(absl::string_view expected, absl::string_view given) {
  return MakeError(
      StatusCode::kInvalidArgument, absl::StrCat("the subscription is paid in ", expected, ", not in ", given),
      {kErrorDomain, "CURRENCY_MISMATCH", {{"expected", std::string(expected)}, {"given", std::string(given)}}});
}

absl::Status ChangeToArchivedPrice(absl::string_view price) {
  return MakeError(StatusCode::kFailedPrecondition, absl::StrCat(price, " is archived"),
                   {kErrorDomain, "PRICE_ARCHIVED", {{"name", std::string(price)}}});
}

absl::Status ChangeAmountOutOfRange(int64_t least, int64_t most) {
  return MakeError(
      StatusCode::kOutOfRange, absl::StrCat("the amount may be from ", least, " to ", most),
      {kErrorDomain, "AMOUNT_OUT_OF_RANGE", {{"least", absl::StrCat(least)}, {"most", absl::StrCat(most)}}});
}

absl::Status PreviewOutdated() {
  return MakeError(StatusCode::kFailedPrecondition, "the change is no longer what was shown: preview it again",
                   {kErrorDomain, "PREVIEW_OUTDATED"});
}

}  // namespace masthead::memberships
