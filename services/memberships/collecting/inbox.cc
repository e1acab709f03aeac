#include "services/memberships/collecting/inbox.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "services/memberships/collecting/inbox_store.h"
#include "services/memberships/payments/facts.h"
#include "services/memberships/payments/payment_errors.h"

namespace masthead::memberships {
namespace {

using State = InboxEvent::State;

// As long as asking the provider for what an event leaves out may take, and more.
constexpr absl::Duration kLease = absl::Minutes(3);

void Count(const InboxEvent& event, State outcome) {
  telemetry::Counter("masthead_memberships_provider_events_total",
                     "Events of payment providers by what became of them.",
                     {{"provider", event.provider}, {"outcome", absl::AsciiStrToLower(Name(outcome))}})
      .Increment();
}

std::vector<std::string> ObjectsOf(const std::vector<ProviderFact>& facts) {
  std::set<std::string> objects;
  for (const ProviderFact& fact : facts) {
    objects.insert({fact.checkout_ref, fact.payment_ref, fact.dispute_ref, fact.payment_key});
    if (fact.subscription) objects.insert(fact.subscription->ref);
  }
  objects.erase("");
  return {objects.begin(), objects.end()};
}

bool IsOver(State state) { return state == State::kApplied || state == State::kDuplicate || state == State::kIgnored; }

}  // namespace

Inbox::Inbox(db::Database& database, events::Feed& feed, const Providers& providers, const Clock& clock)
    : database_(database), feed_(feed), providers_(providers), clock_(clock) {}

absl::StatusOr<InboxEvent> Inbox::Ingest(const Scope& scope, absl::string_view provider, const std::string& body,
                                         const std::map<std::string, std::string>& headers) {
  PaymentProvider* const known = providers_.Find(provider);
  if (known == nullptr) return ProviderNotFound(provider);
  std::map<std::string, std::string> in_lower_case;
  for (const auto& [name, value] : headers) in_lower_case[absl::AsciiStrToLower(name)] = value;
  RETURN_IF_ERROR(known->VerifyEvent(body, in_lower_case, clock_.Now()));
  return Take(scope, *known, body);
}

absl::StatusOr<InboxEvent> Inbox::Take(const Scope& scope, PaymentProvider& provider, const std::string& body) {
  ASSIGN_OR_RETURN(const ProviderEvent event, provider.ParseEvent(scope, body));
  ASSIGN_OR_RETURN(InboxEvent entered, database_.Write(scope, [&](db::Transaction& tx) {
    InboxEvent result = Enter(tx, provider, event, body);
    failpoint::Hit("memberships.inbox.applied");
    return result;
  }));
  Count(entered, entered.state);
  if (!event.refusal.ok()) {
    telemetry::Error(
        "an event of another mode or version than ours came",
        {{"provider", provider.name()}, {"event", entered.id}, {"why", std::string(event.refusal.message())}});
    return event.refusal;
  }
  // What this freed is done at once if it can be; the worker has it otherwise.
  if (entered.state == State::kApplied) RetryParked(scope).IgnoreError();
  return entered;
}

InboxEvent Inbox::Enter(db::Transaction& tx, const PaymentProvider& provider, const ProviderEvent& event,
                        const std::string& body) {
  const absl::Time now = db::Now(tx);
  InboxEvent entered = {.id = ids::NewUuid(now),
                        .provider = provider.name(),
                        .event_id = event.event_id,
                        .type = event.type,
                        .object_refs = ObjectsOf(event.facts),
                        .body = body,
                        .state = State::kParked,
                        .next_action_time = now,
                        .receive_time = now};
  if (!InsertInboxEvent(tx, entered)) {
    entered = LockEventOfProvider(tx, provider.name(), event.event_id).value();
    if (IsOver(entered.state)) {
      entered.state = State::kDuplicate;
      return entered;
    }
  }
  Apply(tx, event, entered);
  return entered;
}

void Inbox::Apply(db::Transaction& tx, const ProviderEvent& event, InboxEvent& entered) {
  const absl::Time now = db::Now(tx);
  int applied = 0;
  int parked = 0;
  for (const ProviderFact& fact : event.facts) {
    const FactEffect effect = ApplyFact(tx, feed_, entered.provider, fact, now);
    applied += effect == FactEffect::kApplied;
    parked += effect == FactEffect::kParked;
  }
  ++entered.attempts;
  entered.type = event.type;
  entered.object_refs = ObjectsOf(event.facts);
  entered.detail.clear();
  entered.next_action_time = std::nullopt;
  if (!event.refusal.ok()) {
    entered.state = State::kRejected;
    entered.detail = std::string(event.refusal.message());
  } else if (parked > 0) {
    entered.next_action_time = NextAttempt(entered.attempts, entered.receive_time, now);
    entered.state = entered.next_action_time ? State::kParked : State::kIgnored;
    entered.detail = entered.next_action_time ? "what it is about is not here" : "what it is about never came";
  } else if (event.facts.empty()) {
    entered.state = State::kIgnored;
    entered.detail = "nothing to us";
  } else {
    entered.state = applied > 0 ? State::kApplied : State::kDuplicate;
    entered.apply_time = now;
  }
  SaveInboxEvent(tx, entered);
  if (applied > 0) FreeParkedEvents(tx, entered.provider, entered.object_refs);
}

absl::Status Inbox::Replay(const Scope& scope, absl::string_view provider, absl::string_view id,
                           absl::FunctionRef<absl::Status(Step)> write) {
  PaymentProvider* const known = providers_.Find(provider);
  if (known == nullptr) return ProviderNotFound(provider);
  ASSIGN_OR_RETURN(const std::optional<InboxEvent> stored,
                   database_.Read(scope, [&](db::Transaction& tx) { return LoadInboxEvent(tx, provider, id); }));
  if (!stored) return ProviderEventNotFound(InboxEventName(provider, id));
  ASSIGN_OR_RETURN(const ProviderEvent event, known->ParseEvent(scope, stored->body));
  RETURN_IF_ERROR(event.refusal);
  return write([&](db::Transaction& tx) -> absl::StatusOr<InboxEvent> {
    std::optional<InboxEvent> entered = LockInboxEvent(tx, provider, id);
    if (!entered) return ProviderEventNotFound(InboxEventName(provider, id));
    Apply(tx, event, *entered);
    return *std::move(entered);
  });
}

absl::StatusOr<bool> Inbox::RetryParked(const Scope& scope) {
  ASSIGN_OR_RETURN(const std::optional<InboxEvent> due,
                   database_.Write(scope, [&](db::Transaction& tx) { return LeaseParkedEvent(tx, kLease); }));
  if (!due) return false;
  PaymentProvider* const provider = providers_.Find(due->provider);
  // It waits for its provider to be configured again.
  if (provider == nullptr) return true;
  ASSIGN_OR_RETURN(const ProviderEvent event, provider->ParseEvent(scope, due->body));
  ASSIGN_OR_RETURN(const InboxEvent entered, database_.Write(scope, [&](db::Transaction& tx) {
    InboxEvent result = LockInboxEvent(tx, due->provider, due->id).value();
    if (result.state == State::kParked) Apply(tx, event, result);
    return result;
  }));
  Count(entered, entered.state);
  return true;
}

}  // namespace masthead::memberships
