#include "services/notifications/webhooks/webhook_sender.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "services/notifications/sending/delivery.h"
#include "services/notifications/webhooks/webhook_announcements.h"
#include "services/notifications/webhooks/webhook_call.h"

namespace masthead::notifications::webhooks {
namespace {

// Longer than calls take: who dies is overtaken then.
constexpr absl::Duration kLease = absl::Seconds(60);
constexpr absl::Duration kCallsPatience = absl::Seconds(20);
constexpr absl::Duration kTransactionPatience = absl::Seconds(20);

AttemptRecord ToRecord(const WebhookEvent& event, const CallResult& result) {
  AttemptRecord record = {.event_number = event.number,
                          .attempt = event.attempts + 1,
                          .status = result.status,
                          .text = result.text,
                          .outcome = "GIVEN_UP"};
  if (result.verdict == Verdict::kHeard) record.outcome = "HEARD";
  if (result.verdict != Verdict::kFailed || event.test) return record;
  const std::optional<absl::Duration> wait = RetryIn(record.attempt, Jitter(event.number, record.attempt));
  if (wait) {
    record.outcome = "PUT_OFF";
    record.retry_in = std::max(*wait, result.asked_pause);
  }
  return record;
}

}  // namespace

void RecordVerdicts(db::Transaction& tx, events::Feed& feed, WebhookEndpoint& endpoint,
                    const std::vector<Verdict>& verdicts) {
  const Breaker before = endpoint.breaker;
  const absl::Time now = db::Now(tx);
  for (const Verdict verdict : verdicts) endpoint.breaker = After(endpoint.breaker, verdict, now);
  if (endpoint.breaker == before) return;
  if (endpoint.breaker.state == before.state) return SaveBreaker(tx, endpoint);
  SaveWebhookEndpoint(tx, endpoint);
  HoldEvents(tx, endpoint.number);
  AnnounceWebhook(tx, feed, endpoint);
}

absl::StatusOr<WebhookSender::Work> WebhookSender::TakeWork(const Scope& scope) {
  return database_.Write(scope, [&](db::Transaction& tx) {
    Work work;
    const std::optional<EndpointLease> lease = TakeEndpointLease(tx, kLease);
    if (!lease) return work;
    work.lease = *lease;
    work.now = db::Now(tx);
    const Breaker& breaker = lease->endpoint.breaker;
    work.events = TakeDueEvents(tx, work.lease, breaker.state == "ACTIVE" && !breaker.IsOpen(work.now),
                                breaker.IsOnProbation() ? 1 : options_.calls_at_once);
    return work;
  });
}

WebhookSender::Outcomes WebhookSender::Call(const Scope& scope, const Work& work) {
  const WebhookEndpoint& endpoint = work.lease.endpoint;
  std::vector<CallResult> results(work.events.size());
  std::vector<size_t> places;
  std::vector<http::OutgoingRequest> requests;
  for (size_t i = 0; i < work.events.size(); ++i) {
    const WebhookEvent& event = work.events[i];
    absl::StatusOr<http::OutgoingRequest> request =
        MakeCall(secrets_key_, endpoint, options_.outbound, event.webhook_id, event.body, work.now);
    if (request.ok()) {
      places.push_back(i);
      requests.push_back(*std::move(request));
    } else {
      results[i] = ReadAnswer(request.status(), work.now);
    }
  }
  const std::vector<absl::StatusOr<http::Answer>> answers = client_.SendAll(scope, requests);
  for (size_t i = 0; i < answers.size(); ++i) results[places[i]] = ReadAnswer(answers[i], work.now);
  Outcomes outcomes;
  for (size_t i = 0; i < results.size(); ++i) {
    outcomes.attempts.push_back(ToRecord(work.events[i], results[i]));
    outcomes.verdicts.push_back(results[i].verdict);
  }
  return outcomes;
}

absl::StatusOr<bool> WebhookSender::Step(const Cancellation& stopping) {
  const auto patience = [] { return Scope{.deadline = absl::Now() + kTransactionPatience}; };
  ASSIGN_OR_RETURN(const Work work, TakeWork(patience()));
  if (work.events.empty()) return false;
  const Outcomes outcomes = Call({.deadline = absl::Now() + kCallsPatience, .cancellation = &stopping}, work);
  // Calls that were broken off because the service stops are not the endpoint's failures: they are due again when the
  // lease ends.
  if (stopping.cancelled()) return false;
  RETURN_IF_ERROR(database_.Write(patience(), [&](db::Transaction& tx) -> absl::Status {
    std::optional<WebhookEndpoint> endpoint = EndEndpointLease(tx, work.lease);
    if (!endpoint) return absl::OkStatus();  // Overtaken, or the endpoint was removed.
    SaveAttempts(tx, endpoint->number, outcomes.attempts);
    RecordVerdicts(tx, feed_, *endpoint, outcomes.verdicts);
    return absl::OkStatus();
  }));
  return true;
}

}  // namespace masthead::notifications::webhooks
