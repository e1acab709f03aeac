#include "services/memberships/subscriptions/paid_subscriptions_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/subscriptions/subscription_errors.h"
#include "services/memberships/subscriptions/subscription_proto.h"
#include "services/memberships/subscriptions/subscription_requests.h"
#include "services/memberships/subscriptions/subscription_store.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kLongestPause = absl::Hours(2 * 366 * 24);

std::vector<std::string> Keyset(const Subscription& subscription) {
  return {absl::StrCat(absl::ToUnixMicros(subscription.create_time)), subscription.id};
}

std::optional<SubscriptionCursor> CursorOf(const std::vector<std::string>& keyset) {
  int64_t micros = 0;
  if (keyset.size() != 2 || !absl::SimpleAtoi(keyset[0], &micros)) return std::nullopt;
  return SubscriptionCursor{absl::FromUnixMicros(micros), keyset[1]};
}

ChildId SubscriptionIdIn(const std::string& name, FieldViolations& violations) {
  return ChildIdIn("name", name, "subscriptions", violations);
}

// Money that was paid goes back, and debts are let go, by staff and by backends alone.
absl::Status CheckNotMember(const rpc::Call& call) {
  return call.caller->kind == auth::Caller::Kind::kMember ? NotOwnResource() : absl::OkStatus();
}

UnusedTime ParseSettlement(const v1::CancelSubscriptionRequest& request, FieldViolations& violations) {
  using Request = v1::CancelSubscriptionRequest;
  const bool at_once = request.timing() == Request::IMMEDIATELY;
  if (!Request::Timing_IsValid(request.timing())) violations.Add("timing", "must be a timing that is known");
  if (!at_once && request.settlement() != Request::SETTLEMENT_UNSPECIFIED) {
    violations.Add("settlement", "is for subscriptions that end at once");
  }
  switch (request.settlement()) {
    case Request::SETTLEMENT_UNSPECIFIED:
    case Request::KEEP:
      return UnusedTime::kKeep;
    case Request::CREDIT:
      return UnusedTime::kCredit;
    case Request::REFUND:
      return UnusedTime::kRefund;
    case Request::FORFEIT:
      return UnusedTime::kForfeit;
    default:
      violations.Add("settlement", "must be a settlement that is known");
      return UnusedTime::kKeep;
  }
}

absl::Status CheckResumeTime(std::optional<absl::Time> resume_time, absl::Time now) {
  FieldViolations violations;
  if (resume_time && (*resume_time <= now || *resume_time > now + kLongestPause)) {
    violations.Add("resume_time", "must be in the future, and at most two years from now");
  }
  return violations.ToStatus();
}

}  // namespace

PaidSubscriptionsService::PaidSubscriptionsService(db::Database& database, events::Feed& feed,
                                                   const crypto::MacKey& mac_key)
    : database_(database), feed_(feed), page_tokens_(mac_key.Derive("memberships.subscriptions.page")) {}

void PaidSubscriptionsService::Register(rpc::Service& service) {
  service.Unary("GetSubscription", this, &PaidSubscriptionsService::Get);
  service.Unary("ListSubscriptions", this, &PaidSubscriptionsService::List);
  service.Unary("ChangeSubscription", this, &PaidSubscriptionsService::Change);
  service.Unary("CancelSubscription", this, &PaidSubscriptionsService::Cancel);
  service.Unary("ResumeSubscription", this, &PaidSubscriptionsService::Resume);
  service.Unary("PauseSubscription", this, &PaidSubscriptionsService::Pause);
  service.Unary("ApplyOffer", this, &PaidSubscriptionsService::ApplyOffer);
}

template <typename Response, typename Request>
absl::StatusOr<Response> PaidSubscriptionsService::Mutate(
    const Call& call, const Request& request, const ChildId& id,
    absl::FunctionRef<absl::StatusOr<Response>(db::Transaction&, Subscription&, absl::Time)> body) {
  RETURN_IF_ERROR(CheckOwn(*call.caller, id.member_id));
  return idempotency::Mutate<Response>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<Response> {
        if (!LockMember(tx, id.member_id)) return MemberNotFound(id.member_id);
        std::optional<Subscription> subscription = LockSubscription(tx, id.id);
        if (!subscription || subscription->member_id != id.member_id) return SubscriptionNotFound(request.name());
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), subscription->revision, request.name()));
        if (subscription->collection == Subscription::Collection::kExternal) {
          return SubscriptionIsExternal(request.name(), subscription->provider);
        }
        change = {.resource = request.name(), .revision_before = subscription->revision};
        ASSIGN_OR_RETURN(Response response, body(tx, *subscription, db::Now(tx)));
        change.revision_after = subscription->revision;
        return response;
      });
}

absl::StatusOr<v1::Subscription> PaidSubscriptionsService::Get(const Call& call,
                                                               const v1::GetSubscriptionRequest& request) {
  FieldViolations violations;
  const ChildId id = SubscriptionIdIn(request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id.member_id));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Subscription> {
    const std::optional<Subscription> subscription = LoadSubscription(tx, id.id);
    if (!subscription || subscription->member_id != id.member_id) return SubscriptionNotFound(request.name());
    return ToProto(*subscription);
  });
}

absl::StatusOr<v1::ListSubscriptionsResponse> PaidSubscriptionsService::List(
    const Call& call, const v1::ListSubscriptionsRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("parent", request.parent(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListSubscriptionsResponse> {
    const std::vector<Subscription> subscriptions = LoadSubscriptions(tx, member_id, CursorOf(after), page_size + 1);
    v1::ListSubscriptionsResponse response;
    for (const Subscription& subscription : subscriptions) {
      if (response.subscriptions_size() == page_size) {
        response.set_next_page_token(
            page_tokens_.Make(call.caller->principal(), request, Keyset(subscriptions[page_size - 1])));
        break;
      }
      *response.add_subscriptions() = ToProto(subscription);
    }
    return response;
  });
}

absl::StatusOr<v1::ChangeSubscriptionResponse> PaidSubscriptionsService::Change(
    const Call& call, const v1::ChangeSubscriptionRequest& request) {
  FieldViolations violations;
  const ChildId id = SubscriptionIdIn(request.name(), violations);
  const WantedChange wanted = ParseWantedChange(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return Mutate<v1::ChangeSubscriptionResponse>(
      call, request, id,
      [&](db::Transaction& tx, Subscription& subscription,
          absl::Time now) -> absl::StatusOr<v1::ChangeSubscriptionResponse> {
        ASSIGN_OR_RETURN(const RequestedChange change, RequestChange(tx, feed_, subscription, wanted, now));
        v1::ChangeSubscriptionResponse response;
        *response.mutable_subscription() = ToProto(subscription);
        if (change.invoice) WriteCharge(*change.invoice, change.proration_time, response);
        // What was rolled back has no name.
        if (request.validate_only()) {
          response.clear_invoice();
          response.mutable_subscription()->mutable_pending_change()->clear_invoice();
        }
        return response;
      });
}

absl::StatusOr<v1::Subscription> PaidSubscriptionsService::Cancel(const Call& call,
                                                                  const v1::CancelSubscriptionRequest& request) {
  FieldViolations violations;
  const ChildId id = SubscriptionIdIn(request.name(), violations);
  const UnusedTime unused = ParseSettlement(request, violations);
  const std::string reason = ParseCancelReason(request.reason(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (unused == UnusedTime::kRefund) RETURN_IF_ERROR(CheckNotMember(call));

  return Mutate<v1::Subscription>(
      call, request, id,
      [&](db::Transaction& tx, Subscription& subscription, absl::Time now) -> absl::StatusOr<v1::Subscription> {
        if (request.timing() == v1::CancelSubscriptionRequest::IMMEDIATELY) {
          RETURN_IF_ERROR(CancelNow(tx, feed_, subscription, reason, unused, now));
        } else {
          RETURN_IF_ERROR(CancelAtPeriodEnd(tx, feed_, subscription, reason, now));
        }
        return ToProto(subscription);
      });
}

absl::StatusOr<v1::Subscription> PaidSubscriptionsService::Resume(const Call& call,
                                                                  const v1::ResumeSubscriptionRequest& request) {
  FieldViolations violations;
  const ChildId id = SubscriptionIdIn(request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return Mutate<v1::Subscription>(
      call, request, id,
      [&](db::Transaction& tx, Subscription& subscription, absl::Time now) -> absl::StatusOr<v1::Subscription> {
        RETURN_IF_ERROR(ResumeOnRequest(tx, feed_, subscription, now));
        return ToProto(subscription);
      });
}

absl::StatusOr<v1::Subscription> PaidSubscriptionsService::Pause(const Call& call,
                                                                 const v1::PauseSubscriptionRequest& request) {
  FieldViolations violations;
  const ChildId id = SubscriptionIdIn(request.name(), violations);
  std::optional<absl::Time> resume_time;
  if (request.has_resume_time()) {
    resume_time = resource::ParseTimestamp("resume_time", request.resume_time(), violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  if (request.waive_debt()) RETURN_IF_ERROR(CheckNotMember(call));

  return Mutate<v1::Subscription>(
      call, request, id,
      [&](db::Transaction& tx, Subscription& subscription, absl::Time now) -> absl::StatusOr<v1::Subscription> {
        RETURN_IF_ERROR(CheckResumeTime(resume_time, now));
        RETURN_IF_ERROR(PauseOnRequest(tx, feed_, subscription, resume_time, request.waive_debt(), now));
        return ToProto(subscription);
      });
}

absl::StatusOr<v1::Subscription> PaidSubscriptionsService::ApplyOffer(const Call& call,
                                                                      const v1::ApplyOfferRequest& request) {
  FieldViolations violations;
  const ChildId id = SubscriptionIdIn(request.name(), violations);
  const std::string offer_id = IdIn("offer", request.offer(), "offers", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return Mutate<v1::Subscription>(
      call, request, id,
      [&](db::Transaction& tx, Subscription& subscription, absl::Time now) -> absl::StatusOr<v1::Subscription> {
        RETURN_IF_ERROR(ApplyRetentionOffer(tx, feed_, subscription, offer_id, now));
        return ToProto(subscription);
      });
}

}  // namespace masthead::memberships
