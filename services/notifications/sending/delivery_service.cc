#include "services/notifications/sending/delivery_service.h"

#include <algorithm>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/name.h"
#include "services/notifications/errors.h"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/sending/delivery_proto.h"
#include "services/notifications/sending/delivery_store.h"

namespace masthead::notifications {
namespace {

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr int kMaxFilterStates = 11;
constexpr int kMaxFilterReasons = 10;
constexpr int kMaxFailureReasons = 18;
constexpr int kMaxResolved = 1000;

// The ID in `messages/{message}`; empty, with a violation, if it is none.
std::string MessageIdIn(absl::string_view field, absl::string_view name, FieldViolations& violations) {
  const auto ids = resource::ParseName(name, "messages/*");
  if (ids) return (*ids)[0];
  violations.Add(field, "must look like messages/{message}");
  return "";
}

absl::StatusOr<Message> FindMessage(db::Transaction& tx, const std::string& id) {
  std::optional<Message> message = LoadMessage(tx, id);
  if (!message) return MessageNotFound(MessageName(id));
  return *std::move(message);
}

// The seq of the last row of the page before; 0 for the first page.
absl::StatusOr<int64_t> AfterSeq(const std::vector<std::string>& keyset) {
  int64_t seq = 0;
  if (!keyset.empty() && !absl::SimpleAtoi(keyset[0], &seq))
    return absl::InternalError("a page token of another keyset");
  return seq;
}

// The seqs of some of the message's deliveries, as a request names them.
std::vector<int64_t> SeqsOf(const std::string& message_id, const google::protobuf::RepeatedPtrField<std::string>& names,
                            FieldViolations& violations) {
  if (names.size() > kMaxResolved) violations.Add("deliveries", "must not have more than 1000 entries");
  std::vector<int64_t> seqs;
  for (int i = 0; i < std::min(names.size(), kMaxResolved); ++i) {
    const auto ids = resource::ParseName(names[i], "messages/*/deliveries/*");
    const std::optional<int64_t> seq = ids && (*ids)[0] == message_id ? ParseDeliveryId((*ids)[1]) : std::nullopt;
    if (seq) {
      seqs.push_back(*seq);
    } else {
      violations.Add(absl::StrCat("deliveries[", i, "]"), "must be a delivery of the message");
    }
  }
  return seqs;
}

}  // namespace

DeliveryService::DeliveryService(db::Database& database, const crypto::MacKey& key, std::string domain, rpc::Bell& work)
    : database_(database),
      page_tokens_(key),
      domain_(std::move(domain)),
      work_(work),
      service_(*v1::GetDeliveryRequest::descriptor()->file()->FindServiceByName("DeliveryService")) {
  service_.Unary("GetDelivery", this, &DeliveryService::Get);
  service_.Unary("ListDeliveries", this, &DeliveryService::List);
  service_.Unary("ListExclusions", this, &DeliveryService::ListExclusions);
  service_.Unary("ResolveUncertainDeliveries", this, &DeliveryService::Resolve);
  service_.Unary("ListDeadLetters", this, &DeliveryService::ListDeadLetters);
  service_.Unary("ReplayDeadLetters", this, &DeliveryService::ReplayDeadLetters);
  service_.Unary("RetryFailedDeliveries", this, &DeliveryService::RetryFailedDeliveries);
}

absl::StatusOr<v1::Delivery> DeliveryService::Get(const Call& call, const v1::GetDeliveryRequest& request) {
  FieldViolations violations;
  const auto ids = resource::ParseName(request.name(), "messages/*/deliveries/*");
  if (!ids) violations.Add("name", "must look like messages/{message}/deliveries/{delivery}");
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Delivery> {
    const std::optional<int64_t> seq = ParseDeliveryId((*ids)[1]);
    const std::optional<Message> message = LoadMessage(tx, (*ids)[0]);
    if (!message || !seq) return DeliveryNotFound(request.name());
    const std::optional<Delivery> delivery = LoadDelivery(tx, *message, *seq);
    if (!delivery) return DeliveryNotFound(request.name());
    return ToProto(*delivery, domain_);
  });
}

absl::StatusOr<v1::ListDeliveriesResponse> DeliveryService::List(const Call& call,
                                                                 const v1::ListDeliveriesRequest& request) {
  FieldViolations violations;
  const std::string message_id = MessageIdIn("parent", request.parent(), violations);
  DeliveryFilter filter;
  if (request.states_size() > kMaxFilterStates) violations.Add("states", "must not have more than 11 entries");
  for (const int state : request.states()) {
    if (!v1::Delivery::State_IsValid(state) || state == v1::Delivery::STATE_UNSPECIFIED) {
      violations.Add("states", "must be states of deliveries");
      break;
    }
    filter.states.push_back(v1::Delivery::State_Name(state));
  }
  if (!request.recipient().empty()) {
    const auto ids = resource::ParseName(request.recipient(), "recipients/*");
    if (ids) {
      filter.recipient_id = (*ids)[0];
    } else {
      violations.Add("recipient", "must look like recipients/{recipient}");
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  ASSIGN_OR_RETURN(const int64_t after, AfterSeq(keyset));

  ASSIGN_OR_RETURN(const std::vector<Delivery> deliveries,
                   database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<std::vector<Delivery>> {
                     ASSIGN_OR_RETURN(const Message message, FindMessage(tx, message_id));
                     return LoadDeliveries(tx, message, filter, after, page_size + 1);
                   }));
  v1::ListDeliveriesResponse response;
  for (const Delivery& delivery : deliveries) {
    if (response.deliveries_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(deliveries[page_size - 1].seq)}));
      break;
    }
    *response.add_deliveries() = ToProto(delivery, domain_);
  }
  return response;
}

absl::StatusOr<v1::ListExclusionsResponse> DeliveryService::ListExclusions(const Call& call,
                                                                           const v1::ListExclusionsRequest& request) {
  FieldViolations violations;
  const std::string message_id = MessageIdIn("parent", request.parent(), violations);
  std::vector<std::string> reasons;
  if (request.reasons_size() > kMaxFilterReasons) violations.Add("reasons", "must not have more than 10 entries");
  for (const int reason : request.reasons()) {
    if (!v1::Exclusion::Reason_IsValid(reason) || reason == v1::Exclusion::REASON_UNSPECIFIED) {
      violations.Add("reasons", "must be reasons of exclusions");
      break;
    }
    reasons.push_back(v1::Exclusion::Reason_Name(reason));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  ASSIGN_OR_RETURN(const int64_t after, AfterSeq(keyset));

  ASSIGN_OR_RETURN(const std::vector<Exclusion> exclusions,
                   database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<std::vector<Exclusion>> {
                     ASSIGN_OR_RETURN(const Message message, FindMessage(tx, message_id));
                     return LoadExclusions(tx, message, reasons, after, page_size + 1);
                   }));
  v1::ListExclusionsResponse response;
  for (const Exclusion& exclusion : exclusions) {
    if (response.exclusions_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(exclusions[page_size - 1].seq)}));
      break;
    }
    *response.add_exclusions() = ToProto(exclusion);
  }
  return response;
}

absl::StatusOr<v1::ResolveUncertainDeliveriesResponse> DeliveryService::Resolve(
    const Call& call, const v1::ResolveUncertainDeliveriesRequest& request) {
  FieldViolations violations;
  const std::string message_id = MessageIdIn("parent", request.parent(), violations);
  const bool sent = request.outcome() == v1::ResolveUncertainDeliveriesRequest::SENT;
  if (!sent && request.outcome() != v1::ResolveUncertainDeliveriesRequest::NOT_SENT) {
    violations.Add("outcome", "must be SENT or NOT_SENT");
  }
  const std::vector<int64_t> seqs = SeqsOf(message_id, request.deliveries(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::ResolveUncertainDeliveriesResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::ResolveUncertainDeliveriesResponse> {
        const std::optional<Message> message = LockMessage(tx, message_id);
        if (!message) return MessageNotFound(request.parent());
        change.resource = request.parent();
        v1::ResolveUncertainDeliveriesResponse response;
        response.set_resolved_count(ResolveUncertain(tx, *message, seqs, sent));
        if (!sent && response.resolved_count() > 0) ReopenMessage(tx, *message);
        tx.AfterCommit([this] { work_.Ring(); });
        return response;
      });
}

absl::StatusOr<v1::ListDeadLettersResponse> DeliveryService::ListDeadLetters(
    const Call& call, const v1::ListDeadLettersRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  DeadLetterPlace after;
  if (!keyset.empty() && (keyset.size() != 2 || !absl::SimpleAtoi(keyset[0], &after.message_number) ||
                          !absl::SimpleAtoi(keyset[1], &after.seq))) {
    return absl::InternalError("a page token of another keyset");
  }
  ASSIGN_OR_RETURN(const std::vector<DeadLetter> letters, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadDeadLetters(tx, after, page_size + 1);
  }));
  v1::ListDeadLettersResponse response;
  for (const DeadLetter& letter : letters) {
    if (response.deliveries_size() == page_size) {
      const DeadLetterPlace& last = letters[page_size - 1].place;
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request,
                                                     {absl::StrCat(last.message_number), absl::StrCat(last.seq)}));
      break;
    }
    *response.add_deliveries() = ToProto(letter.delivery, domain_);
  }
  return response;
}

absl::StatusOr<v1::ReplayDeadLettersResponse> DeliveryService::ReplayDeadLetters(
    const Call& call, const v1::ReplayDeadLettersRequest& request) {
  FieldViolations violations;
  const std::string message_id = MessageIdIn("parent", request.parent(), violations);
  if (request.deliveries().empty()) violations.Add("deliveries", "must name at least one");
  const std::vector<int64_t> seqs = SeqsOf(message_id, request.deliveries(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::ReplayDeadLettersResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::ReplayDeadLettersResponse> {
        const std::optional<Message> message = LockMessage(tx, message_id);
        if (!message) return MessageNotFound(request.parent());
        change.resource = request.parent();
        if (HasEnded(*message) && message->state != "FINISHED") {
          return MessageAlreadyEnded(request.parent(), message->state);
        }
        v1::ReplayDeadLettersResponse response;
        response.set_replayed_count(RetryFailed(tx, *message, {.seqs = seqs}));
        tx.AfterCommit([this] { work_.Ring(); });
        return response;
      });
}

absl::StatusOr<v1::RetryFailedDeliveriesResponse> DeliveryService::RetryFailedDeliveries(
    const Call& call, const v1::RetryFailedDeliveriesRequest& request) {
  FieldViolations violations;
  const std::string message_id = MessageIdIn("name", request.name(), violations);
  if (request.reasons_size() > kMaxFailureReasons) violations.Add("reasons", "must not have more than 18 entries");
  FailureFilter filter;
  for (const int reason : request.reasons()) {
    if (!v1::Delivery::Reason_IsValid(reason) || reason == v1::Delivery::REASON_UNSPECIFIED) {
      violations.Add("reasons", "must be reasons of deliveries");
      break;
    }
    filter.reasons.push_back(v1::Delivery::Reason_Name(reason));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::RetryFailedDeliveriesResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::RetryFailedDeliveriesResponse> {
        const std::optional<Message> message = LockMessage(tx, message_id);
        if (!message) return MessageNotFound(request.name());
        change.resource = request.name();
        if (HasEnded(*message) && message->state != "FINISHED") {
          return MessageAlreadyEnded(request.name(), message->state);
        }
        v1::RetryFailedDeliveriesResponse response;
        response.set_retried_count(RetryFailed(tx, *message, filter));
        tx.AfterCommit([this] { work_.Ring(); });
        return response;
      });
}

}  // namespace masthead::notifications
