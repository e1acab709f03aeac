#include "services/memberships/collecting/payment_providers_service.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/name.h"
#include "common/text/text.h"
#include "services/memberships/billing/currency.h"
#include "services/memberships/collecting/inbox_proto.h"
#include "services/memberships/collecting/inbox_store.h"
#include "services/memberships/collecting/webhook.h"
#include "services/memberships/names.h"
#include "services/memberships/payments/ledgerpay/ledgerpay.h"
#include "services/memberships/payments/payment_errors.h"

namespace masthead::memberships {
namespace {

constexpr char kCollection[] = "paymentProviders";
constexpr char kEventPattern[] = "paymentProviders/*/events/*";
constexpr int kMaxHeaders = 64;
constexpr size_t kMaxHeaderBytes = 8192;
constexpr int kMaxReference = 40;
constexpr int64_t kMostAmount = 99999999;

struct EventId {
  std::string provider;
  std::string id;
};

EventId EventIdIn(absl::string_view name, FieldViolations& violations) {
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, kEventPattern);
  if (ids) return {.provider = (*ids)[0], .id = (*ids)[1]};
  violations.Add("name", absl::StrCat("must be a resource name `", kEventPattern, "`"));
  return {};
}

void CheckEvent(const v1::IngestProviderEventRequest& request, FieldViolations& violations) {
  if (request.body().empty() || request.body().size() > kMaxEventBytes) {
    violations.Add("body", "must be 1 byte to 256 KiB");
  }
  if (request.headers_size() > kMaxHeaders) violations.Add("headers", "must be at most 64");
  for (const auto& [name, value] : request.headers()) {
    if (name.size() + value.size() <= kMaxHeaderBytes) continue;
    violations.Add("headers", "must be of at most 8,192 bytes each");
    return;
  }
}

Money CheckMoney(const v1::Money& given, FieldViolations& violations) {
  if (!IsCurrencyCode(given.currency_code())) {
    violations.Add("money.currency_code", "must be an ISO 4217 code, three capital letters");
  }
  if (given.minor_units() < 1 || given.minor_units() > kMostAmount) {
    violations.Add("money.minor_units", "must be 1 to 99,999,999");
  }
  return {.currency = given.currency_code(), .amount = given.minor_units()};
}

// The place of an event in the list, as a page token keeps it.
std::vector<std::string> Keyset(const InboxEvent& event) {
  return {absl::StrCat(absl::ToUnixMicros(event.receive_time)), event.id};
}

}  // namespace

PaymentProvidersService::PaymentProvidersService(db::Database& database, Inbox& inbox, const Providers& providers,
                                                 const crypto::MacKey& mac_key)
    : database_(database),
      inbox_(inbox),
      providers_(providers),
      page_tokens_(mac_key.Derive("memberships.provider_events.page")) {}

void PaymentProvidersService::Register(rpc::Service& service) {
  service.Unary("IngestProviderEvent", this, &PaymentProvidersService::Ingest);
  service.Unary("GetProviderEvent", this, &PaymentProvidersService::Get);
  service.Unary("ListProviderEvents", this, &PaymentProvidersService::List);
  service.Unary("ReplayProviderEvent", this, &PaymentProvidersService::Replay);
  service.Unary("ConfirmTransfer", this, &PaymentProvidersService::ConfirmTransfer);
}

absl::StatusOr<v1::ProviderEvent> PaymentProvidersService::Ingest(const Call& call,
                                                                  const v1::IngestProviderEventRequest& request) {
  FieldViolations violations;
  const std::string provider = IdIn("parent", request.parent(), kCollection, violations);
  CheckEvent(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  const std::map<std::string, std::string> headers(request.headers().begin(), request.headers().end());
  ASSIGN_OR_RETURN(const InboxEvent event, inbox_.Ingest(call.scope, provider, request.body(), headers));
  return ToProto(event);
}

absl::StatusOr<v1::ProviderEvent> PaymentProvidersService::Get(const Call& call,
                                                               const v1::GetProviderEventRequest& request) {
  FieldViolations violations;
  const EventId wanted = EventIdIn(request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ProviderEvent> {
    const std::optional<InboxEvent> event = LoadInboxEvent(tx, wanted.provider, wanted.id);
    if (!event) return ProviderEventNotFound(request.name());
    v1::ProviderEvent proto = ToProto(*event);
    proto.set_body(event->body);
    return proto;
  });
}

absl::StatusOr<v1::ListProviderEventsResponse> PaymentProvidersService::List(
    const Call& call, const v1::ListProviderEventsRequest& request) {
  FieldViolations violations;
  const std::string provider = IdIn("parent", request.parent(), kCollection, violations);
  const std::optional<InboxEvent::State> state = ParseState("state", request.state(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));
  int64_t before_micros = 0;
  const bool first_page = after.size() != 2 || !absl::SimpleAtoi(after[0], &before_micros);
  const absl::Time before = first_page ? absl::InfiniteFuture() : absl::FromUnixMicros(before_micros);

  ASSIGN_OR_RETURN(const std::vector<InboxEvent> events, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadInboxEvents(tx, provider, state, before, first_page ? "" : after[1], page_size + 1);
  }));
  v1::ListProviderEventsResponse response;
  for (const InboxEvent& event : events) {
    if (response.provider_events_size() == page_size) {
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, Keyset(events[page_size - 1])));
      break;
    }
    *response.add_provider_events() = ToProto(event);
  }
  return response;
}

absl::StatusOr<v1::ProviderEvent> PaymentProvidersService::Replay(const Call& call,
                                                                  const v1::ReplayProviderEventRequest& request) {
  FieldViolations violations;
  const EventId wanted = EventIdIn(request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  absl::StatusOr<v1::ProviderEvent> replayed = absl::UnknownError("the event was not replayed");
  RETURN_IF_ERROR(inbox_.Replay(call.scope, wanted.provider, wanted.id, [&](Inbox::Step step) {
    replayed = idempotency::Mutate<v1::ProviderEvent>(
        database_, call, request,
        [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::ProviderEvent> {
          ASSIGN_OR_RETURN(const InboxEvent event, step(tx));
          change = {
              .resource = request.name(), .revision_before = event.attempts - 1, .revision_after = event.attempts};
          return ToProto(event);
        });
    return replayed.status();
  }));
  return replayed;
}

absl::StatusOr<v1::ConfirmTransferResponse> PaymentProvidersService::ConfirmTransfer(
    const Call& call, const v1::ConfirmTransferRequest& request) {
  FieldViolations violations;
  const Money money = CheckMoney(request.money(), violations);
  std::string reference = request.reference();
  text::CheckLine("reference", reference, kMaxReference, /*required=*/true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const ledgerpay::Ledgerpay* const embedded = providers_.embedded();
  if (embedded == nullptr) return ProviderNotFound(ledgerpay::kName);

  return idempotency::Mutate<v1::ConfirmTransferResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::ConfirmTransferResponse> {
        ASSIGN_OR_RETURN(const std::string charge, embedded->till().ConfirmTransfer(tx, reference, money));
        change = {
            .resource = absl::StrCat(kCollection, "/", ledgerpay::kName), .revision_before = 0, .revision_after = 0};
        v1::ConfirmTransferResponse response;
        response.set_provider_ref(charge);
        return response;
      });
}

}  // namespace masthead::memberships
