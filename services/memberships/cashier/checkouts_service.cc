#include "services/memberships/cashier/checkouts_service.h"

#include <optional>
#include <utility>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "common/telemetry/log.h"
#include "services/memberships/books/book_errors.h"
#include "services/memberships/books/checkout_store.h"
#include "services/memberships/books/payment_store.h"
#include "services/memberships/cashier/checkout_proto.h"
#include "services/memberships/cashier/opening.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/payments/payment_errors.h"
#include "services/memberships/payments/settling.h"
#include "services/memberships/plans/offering.h"

namespace masthead::memberships {
namespace {

CheckoutPage PageOf(db::Transaction& tx, const Checkout& checkout) {
  CheckoutPage page;
  page.key = checkout.id;
  page.member_id = checkout.member_id;
  if (!checkout.price_id.empty()) page.description = LoadPrice(tx, checkout.price_id).value().display_name;
  page.money = checkout.money;
  page.keep_method = !checkout.subscription_id.empty();
  page.success_url = checkout.success_url;
  page.cancel_url = checkout.cancel_url;
  page.expire_time = checkout.expire_time;
  if (const std::optional<Payment> payment = LoadPaymentOfCheckout(tx, checkout.id)) page.payment_id = payment->id;
  return page;
}

// An answer that is kept to be given again has nobody's words in it: they are added when it is given.
v1::Checkout WithoutWords(v1::Checkout checkout) {
  checkout.clear_gift();
  checkout.clear_donation();
  return checkout;
}

absl::Status AddWords(db::Database& database, const Scope& scope, const std::string& id, v1::Checkout& proto) {
  ASSIGN_OR_RETURN(const std::optional<Checkout> checkout,
                   database.Read(scope, [&](db::Transaction& tx) { return LoadCheckout(tx, id); }));
  if (!checkout) return absl::OkStatus();
  v1::Checkout whole = ToProto(*checkout);
  if (whole.has_gift()) proto.mutable_gift()->Swap(whole.mutable_gift());
  if (whole.has_donation()) proto.mutable_donation()->Swap(whole.mutable_donation());
  return absl::OkStatus();
}

struct Opened {
  Checkout checkout;
  CheckoutPage page;
};

}  // namespace

CheckoutsService::CheckoutsService(db::Database& database, events::Feed& feed, const Providers& providers,
                                   std::vector<std::string> origins)
    : database_(database), feed_(feed), providers_(providers), origins_(std::move(origins)) {}

void CheckoutsService::Register(rpc::Service& service) {
  service.Unary("CreateCheckout", this, &CheckoutsService::Create);
  service.Unary("GetCheckout", this, &CheckoutsService::Get);
  service.Unary("ExpireCheckout", this, &CheckoutsService::Expire);
}

absl::StatusOr<v1::Checkout> CheckoutsService::Create(const Call& call, const v1::CreateCheckoutRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("parent", request.parent(), "members", violations);
  const WantedCheckout wanted = ParseCheckout(request.checkout(), member_id, origins_, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));

  ASSIGN_OR_RETURN(const v1::Checkout opened,
                   idempotency::Mutate<v1::Checkout>(
                       database_, call, request,
                       [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Checkout> {
                         ASSIGN_OR_RETURN(const Checkout checkout,
                                          OpenCheckout(tx, feed_, wanted, providers_.Default(), db::Now(tx)));
                         change = {.resource = CheckoutName(member_id, checkout.id),
                                   .revision_before = 0,
                                   .revision_after = checkout.revision};
                         return WithoutWords(ToProto(checkout));
                       }));
  return WithPage(call, ChildIdIn("name", opened.name(), "checkouts", violations).id);
}

absl::StatusOr<v1::Checkout> CheckoutsService::WithPage(const Call& call, const std::string& id) {
  ASSIGN_OR_RETURN(const Opened opened, database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<Opened> {
    const std::optional<Checkout> checkout = LoadCheckout(tx, id);
    if (!checkout) return CheckoutNotFound(id);
    return Opened{*checkout, PageOf(tx, *checkout)};
  }));
  if (opened.checkout.state != Checkout::State::kOpen || !opened.checkout.url.empty()) return ToProto(opened.checkout);
  PaymentProvider* const provider = providers_.Find(opened.checkout.provider);
  if (provider == nullptr) return ProviderUnavailable(opened.checkout.provider);
  const absl::StatusOr<HostedPage> page = provider->CreateCheckout(call.scope, opened.page);
  if (absl::IsUnavailable(page.status())) return ProviderUnavailable(opened.checkout.provider);
  RETURN_IF_ERROR(page.status());

  return database_.Write(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Checkout> {
    Checkout checkout = LockCheckout(tx, id).value();
    if (checkout.url.empty()) {
      checkout.provider_ref = page->provider_ref;
      checkout.url = page->url;
      SaveCheckout(tx, checkout);
    }
    return ToProto(checkout);
  });
}

absl::StatusOr<v1::Checkout> CheckoutsService::Get(const Call& call, const v1::GetCheckoutRequest& request) {
  FieldViolations violations;
  const ChildId id = ChildIdIn("name", request.name(), "checkouts", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id.member_id));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Checkout> {
    const std::optional<Checkout> checkout = LoadCheckout(tx, id.id);
    if (!checkout || checkout->member_id != id.member_id) return CheckoutNotFound(request.name());
    return ToProto(*checkout);
  });
}

absl::StatusOr<v1::Checkout> CheckoutsService::Expire(const Call& call, const v1::ExpireCheckoutRequest& request) {
  FieldViolations violations;
  const ChildId id = ChildIdIn("name", request.name(), "checkouts", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id.member_id));

  std::string provider_name;
  std::string provider_ref;
  ASSIGN_OR_RETURN(v1::Checkout expired,
                   idempotency::Mutate<v1::Checkout>(
                       database_, call, request,
                       [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Checkout> {
                         LockPayer(tx, id.member_id);
                         std::optional<Checkout> checkout = LockCheckout(tx, id.id);
                         if (!checkout || checkout->member_id != id.member_id) return CheckoutNotFound(request.name());
                         RETURN_IF_ERROR(resource::CheckEtag(request.etag(), checkout->revision, request.name()));
                         if (checkout->state != Checkout::State::kOpen) {
                           return InvalidTransition(request.name(), Name(checkout->state), "expire");
                         }
                         change = {.resource = request.name(), .revision_before = checkout->revision};
                         provider_name = checkout->provider;
                         provider_ref = checkout->provider_ref;
                         CloseCheckout(tx, feed_, *checkout, db::Now(tx));
                         change.revision_after = checkout->revision;
                         return WithoutWords(ToProto(*checkout));
                       }));
  RETURN_IF_ERROR(AddWords(database_, call.scope, id.id, expired));
  PaymentProvider* const provider = provider_ref.empty() ? nullptr : providers_.Find(provider_name);
  if (provider == nullptr) return expired;
  // Without it the page stays until it runs out by itself, and what is paid there is given back.
  const absl::Status closed = provider->ExpireCheckout(call.scope, provider_ref);
  if (!closed.ok())
    telemetry::Warning("a provider's page stays open", {{"code", absl::StatusCodeToString(closed.code())}});
  return expired;
}

}  // namespace masthead::memberships
