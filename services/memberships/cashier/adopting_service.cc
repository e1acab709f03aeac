#include "services/memberships/cashier/adopting_service.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/names.h"
#include "services/memberships/payments/payment_errors.h"
#include "services/memberships/subscriptions/external.h"
#include "services/memberships/subscriptions/subscription_errors.h"
#include "services/memberships/subscriptions/subscription_proto.h"

namespace masthead::memberships {
namespace {

constexpr size_t kLongestExternalId = 255;

// It becomes part of an address of the provider's: nothing in it may lead elsewhere.
void CheckExternalId(const std::string& id, FieldViolations& violations) {
  const bool plain =
      std::all_of(id.begin(), id.end(), [](unsigned char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-'; });
  if (id.empty() || id.size() > kLongestExternalId || !plain) {
    violations.Add("external_id", "must be 1 to 255 letters, digits, `_` and `-`");
  }
}

}  // namespace

void AdoptingService::Register(rpc::Service& service) {
  service.Unary("AdoptSubscription", this, &AdoptingService::Adopt);
}

absl::StatusOr<v1::Subscription> AdoptingService::Adopt(const rpc::Call& call,
                                                        const v1::AdoptSubscriptionRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("parent", request.parent(), "members", violations);
  const std::string provider_name = IdIn("provider", request.provider(), "paymentProviders", violations);
  const std::string price_id = IdIn("price", request.price(), "prices", violations);
  CheckExternalId(request.external_id(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  PaymentProvider* const provider = providers_.Find(provider_name);
  if (provider == nullptr) return ProviderNotFound(provider_name);
  const absl::StatusOr<ExternalSubscription> external = provider->ReadSubscription(call.scope, request.external_id());
  if (absl::IsNotFound(external.status())) return ExternalSubscriptionNotFound(request.external_id());
  RETURN_IF_ERROR(external.status());

  return idempotency::Mutate<v1::Subscription>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Subscription> {
        if (!LockMember(tx, member_id)) return MemberNotFound(member_id);
        ASSIGN_OR_RETURN(const Subscription adopted,
                         memberships::Adopt(tx, feed_, member_id, provider_name, price_id, *external, db::Now(tx)));
        change = {.resource = SubscriptionName(member_id, adopted.id), .revision_after = adopted.revision};
        return ToProto(adopted);
      });
}

}  // namespace masthead::memberships
