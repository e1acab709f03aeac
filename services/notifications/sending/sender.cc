#include "services/notifications/sending/sender.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "services/notifications/messages/announcements.h"
#include "services/notifications/messages/message_store.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kTransactionPatience = absl::Seconds(20);
constexpr absl::Duration kIdleConnections = absl::Seconds(20);
// Calling off a cancelled message sends nothing: a whole chunk at a time.
constexpr int kCalledOffAtOnce = 10000;

Scope Patience() { return {.deadline = absl::Now() + kTransactionPatience}; }

// In [0, 1), the same for the same delivery and attempt.
double Jitter(const Due& due) {
  return static_cast<double>((static_cast<uint64_t>(due.seq) * 0x9E3779B97F4A7C15 + due.attempts) >> 40 & 0xFFFF) /
         65536;
}

prometheus::Counter& OutcomeCounter(const std::string& state) {
  return telemetry::Counter("masthead_delivery_outcomes_total", "Attempts of deliveries by what became of them.",
                            {{"state", state}});
}

}  // namespace

Sender::Sender(db::Database& database, events::Feed& feed, rpc::Bell& progress, mail::SmtpRouteOptions route,
               Letters letters, SenderOptions options)
    : database_(database),
      feed_(feed),
      progress_(progress),
      route_(std::move(route)),
      letters_(std::move(letters)),
      options_(options) {}

absl::StatusOr<bool> Sender::Step(const Cancellation& stopping) {
  ASSIGN_OR_RETURN(const std::optional<Lease> lease, database_.Write(Patience(), [&](db::Transaction& tx) {
    return TakeLease(tx, options_.lease, options_.critical_only);
  }));
  if (!lease) {
    route_.CloseIdle(kIdleConnections);
    return false;
  }
  failpoint::Hit("notifications.lease.taken");
  ASSIGN_OR_RETURN(const std::optional<Message> message,
                   database_.Read(Patience(), [&](db::Transaction& tx) { return LoadMessage(tx, lease->message_id); }));

  bool route_down = false;
  while (!route_down && !stopping.cancelled()) {
    ASSIGN_OR_RETURN(const Window window, OpenWindow(*lease));
    if (window.lease_lost) return true;
    if (window.done) break;
    progress_.Ring();
    if (window.intended.empty()) continue;
    failpoint::Hit("notifications.intent.committed");
    ASSIGN_OR_RETURN(const std::vector<Decision> decisions, SendWindow(*lease, *message, window.intended, route_down));
    failpoint::Hit("notifications.outcome.before");
    RETURN_IF_ERROR(CloseWindow(*lease, decisions));
  }
  RETURN_IF_ERROR(Return(*lease, route_down ? options_.route_pause : absl::ZeroDuration()));
  return true;
}

absl::StatusOr<Sender::Window> Sender::OpenWindow(const Lease& lease) {
  const int limit = lease.message_state == "CANCELLED" ? kCalledOffAtOnce : options_.window;
  return database_.Write(Patience(), [&](db::Transaction& tx) {
    Window window;
    window.lease_lost = !HoldLease(tx, lease, options_.lease);
    if (window.lease_lost) return window;
    const std::vector<Due> due = LoadDue(tx, lease, limit);
    window.done = due.empty();
    std::vector<int64_t> wanted;
    std::vector<Decision> called_off;
    std::set<int64_t> intended;
    for (const Due& delivery : due) {
      std::optional<Disposition> disposition = CallOff(delivery.obstacles);
      if (delivery.intended) {
        intended.insert(delivery.seq);
      } else if (disposition) {
        called_off.push_back({.seq = delivery.seq, .disposition = *std::move(disposition)});
      } else {
        wanted.push_back(delivery.seq);
      }
    }
    SaveDecisions(tx, lease, called_off);
    for (const int64_t seq : SaveIntents(tx, lease, wanted)) intended.insert(seq);
    std::copy_if(due.begin(), due.end(), std::back_inserter(window.intended),
                 [&](const Due& delivery) { return intended.contains(delivery.seq); });
    return window;
  });
}

absl::StatusOr<std::vector<Decision>> Sender::SendWindow(const Lease& lease, const Message& message,
                                                         const std::vector<Due>& window, bool& route_down) {
  std::vector<Decision> decisions;
  std::vector<mail::Envelope> envelopes;
  std::map<int64_t, const Due*> by_seq;
  for (const Due& due : window) {
    by_seq[due.seq] = &due;
    absl::StatusOr<mail::Envelope> envelope = letters_.Write(database_, Patience(), message, due);
    if (envelope.ok()) {
      envelopes.push_back(*std::move(envelope));
    } else if (absl::IsInvalidArgument(envelope.status()) || absl::IsFailedPrecondition(envelope.status())) {
      decisions.push_back({.seq = due.seq,
                           .disposition = Unrenderable(envelope.status()),
                           .attempted = true,
                           .text = std::string(envelope.status().message())});
    } else {
      decisions.push_back({.seq = due.seq, .disposition = {.state = "PENDING", .counts_as_attempt = false}});
    }
  }
  bool got_through =
      std::any_of(decisions.begin(), decisions.end(), [](const Decision& decision) { return decision.attempted; });
  route_down = !got_through;
  if (envelopes.empty()) return decisions;
  for (const mail::Outcome& outcome : route_.Send(std::move(envelopes), absl::Now() + options_.window_patience)) {
    const Due& due = *by_seq.at(outcome.id);
    decisions.push_back({.seq = outcome.id,
                         .disposition = Judge(outcome, lease.at_most_once, due.attempts + 1, Jitter(due)),
                         .attempted = true,
                         .smtp_code = outcome.code,
                         .enhanced_code = outcome.enhanced.ToString(),
                         .text = outcome.text});
    got_through = got_through || (outcome.kind != mail::OutcomeKind::kNotSent && !RouteIsDown(outcome));
  }
  route_down = !got_through;
  return decisions;
}

absl::Status Sender::CloseWindow(const Lease& lease, const std::vector<Decision>& decisions) {
  ASSIGN_OR_RETURN(const bool recorded, database_.Write(Patience(), [&](db::Transaction& tx) {
    if (!HoldLease(tx, lease, options_.lease)) return false;
    SaveDecisions(tx, lease, decisions);
    return true;
  }));
  if (!recorded) return absl::AbortedError("the lease was taken over before the outcomes could be recorded");
  for (const Decision& decision : decisions) OutcomeCounter(decision.disposition.state).Increment();
  progress_.Ring();
  return absl::OkStatus();
}

absl::Status Sender::Return(const Lease& lease, absl::Duration pause) {
  RETURN_IF_ERROR(database_.Write(Patience(), [&](db::Transaction& tx) -> absl::Status {
    const std::optional<std::string> finished = ReturnLease(tx, lease, pause);
    if (finished) AnnounceMessageEnded(tx, feed_, *LoadMessage(tx, *finished));
    return absl::OkStatus();
  }));
  progress_.Ring();
  return absl::OkStatus();
}

}  // namespace masthead::notifications
