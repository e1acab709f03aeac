#include "services/notifications/sending/sender.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "services/notifications/messages/announcements.h"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/sending/brake.h"
#include "services/notifications/sending/limits.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kTransactionPatience = absl::Seconds(20);
constexpr absl::Duration kIdleConnections = absl::Seconds(20);
constexpr absl::Duration kUntilSetUp = absl::Minutes(1);
// Calling off a cancelled message sends nothing: a whole chunk at a time.
constexpr int kCalledOffAtOnce = 10000;
constexpr uint64_t kWindowsBetweenGlances = 16;

Scope Patience() { return {.deadline = absl::Now() + kTransactionPatience}; }

bool AnyFailed(const std::vector<Decision>& decisions) {
  return std::any_of(decisions.begin(), decisions.end(),
                     [](const Decision& decision) { return decision.disposition.state == "FAILED"; });
}

prometheus::Counter& OutcomeCounter(const std::string& state) {
  return telemetry::Counter("masthead_delivery_outcomes_total", "Attempts of deliveries by what became of them.",
                            {{"state", state}});
}

}  // namespace

Sender::Sender(db::Database& database, events::Feed& feed, rpc::Bell& progress, ChannelMap channels,
               SenderOptions options)
    : database_(database), feed_(feed), progress_(progress), channels_(std::move(channels)), options_(options) {}

absl::StatusOr<bool> Sender::Step(const Cancellation& stopping) {
  ASSIGN_OR_RETURN(const std::optional<Lease> lease, TakeNextLease());
  if (!lease) {
    for (const auto& [kind, channel] : channels_) channel->CloseIdle(kIdleConnections);
    return false;
  }
  failpoint::Hit("notifications.lease.taken");
  ASSIGN_OR_RETURN(const std::optional<Message> message,
                   database_.Read(Patience(), [&](db::Transaction& tx) { return LoadMessage(tx, lease->message_id); }));

  bool route_down = false;
  while (!route_down && !stopping.cancelled()) {
    ASSIGN_OR_RETURN(const Window window, OpenWindow(*lease, *message));
    if (window.lease_lost) return true;
    if (window.done) break;
    progress_.Ring();
    if (window.intended.empty()) continue;
    failpoint::Hit("notifications.intent.committed");
    const std::vector<Decision> decisions = SendWindow(*lease, *message, window.intended, route_down);
    failpoint::Hit("notifications.outcome.before");
    RETURN_IF_ERROR(CloseWindow(*lease, *message, decisions));
    // Refusals show at once; returns and complaints come slowly.
    if (AnyFailed(decisions) || windows_++ % kWindowsBetweenGlances == 0) RETURN_IF_ERROR(ApplyBrake(*message));
  }
  RETURN_IF_ERROR(Return(*lease, route_down ? options_.route_pause : absl::ZeroDuration()));
  return true;
}

absl::StatusOr<std::optional<Lease>> Sender::TakeNextLease() {
  const LaneRange lanes = options_.lanes == kEveryLane ? LanesOfTurn(turn_++) : options_.lanes;
  return database_.Write(Patience(), [&](db::Transaction& tx) {
    std::optional<Lease> lease = TakeLease(tx, options_.lease, lanes);
    return lease || lanes == options_.lanes ? lease : TakeLease(tx, options_.lease, options_.lanes);
  });
}

absl::StatusOr<Sender::Window> Sender::OpenWindow(const Lease& lease, const Message& message) {
  const int limit = lease.message_state == "CANCELLED" ? kCalledOffAtOnce : options_.window;
  return database_.Write(Patience(), [&](db::Transaction& tx) {
    Window window;
    window.lease_lost = !HoldLease(tx, lease, options_.lease);
    if (window.lease_lost) return window;
    window.done = ShouldYield(tx, lease);
    if (window.done) return window;
    const std::vector<Due> due = LoadDue(tx, lease, limit);
    window.done = due.empty();
    const std::map<int64_t, Disposition> held_back = HoldBack(tx, message, due);
    std::vector<int64_t> wanted;
    std::vector<Decision> called_off;
    std::set<int64_t> intended;
    for (const Due& delivery : due) {
      std::optional<Disposition> disposition = CallOff(delivery.obstacles);
      const auto limit_reached = held_back.find(delivery.seq);
      if (!disposition && limit_reached != held_back.end()) disposition = limit_reached->second;
      if (delivery.intended) {
        intended.insert(delivery.seq);
      } else if (disposition) {
        called_off.push_back({.seq = delivery.seq, .disposition = *std::move(disposition)});
      } else {
        wanted.push_back(delivery.seq);
      }
    }
    const std::map<int64_t, Disposition> paced = Pace(tx, message, wanted);
    for (const auto& [seq, disposition] : paced) called_off.push_back({.seq = seq, .disposition = disposition});
    std::erase_if(wanted, [&](int64_t seq) { return paced.contains(seq); });
    SaveDecisions(tx, lease, called_off);
    for (const int64_t seq : SaveIntents(tx, lease, wanted)) intended.insert(seq);
    std::copy_if(due.begin(), due.end(), std::back_inserter(window.intended),
                 [&](const Due& delivery) { return intended.contains(delivery.seq); });
    return window;
  });
}

std::vector<Decision> Sender::SendWindow(const Lease& lease, const Message& message, const std::vector<Due>& window,
                                         bool& route_down) {
  std::map<Channels, std::vector<Due>> by_channel;
  for (const Due& due : window) by_channel[due.channel].push_back(due);
  std::vector<Decision> decisions;
  route_down = true;
  for (const auto& [kind, deliveries] : by_channel) {
    const auto channel = channels_.find(kind);
    if (channel == channels_.end()) {  // Not set up here. A newer replica may know it; nobody waits behind it.
      for (const Due& due : deliveries) {
        decisions.push_back(
            {.seq = due.seq,
             .disposition = {.state = "DEFERRED", .retry_in = kUntilSetUp, .counts_as_attempt = false}});
      }
      continue;
    }
    Channel::HandedOver handed_over =
        channel->second->Send(lease, message, deliveries, absl::Now() + options_.window_patience);
    route_down = route_down && !handed_over.reachable;
    std::move(handed_over.decisions.begin(), handed_over.decisions.end(), std::back_inserter(decisions));
  }
  return decisions;
}

absl::Status Sender::CloseWindow(const Lease& lease, const Message& message, const std::vector<Decision>& decisions) {
  ASSIGN_OR_RETURN(const bool recorded, database_.Write(Patience(), [&](db::Transaction& tx) {
    if (!HoldLease(tx, lease, options_.lease)) return false;
    SaveDecisions(tx, lease, decisions);
    for (const auto& [kind, channel] : channels_) channel->Record(tx, lease, message, decisions);
    return true;
  }));
  if (!recorded) return absl::AbortedError("the lease was taken over before the outcomes could be recorded");
  for (const Decision& decision : decisions) OutcomeCounter(decision.disposition.state).Increment();
  progress_.Ring();
  return absl::OkStatus();
}

absl::Status Sender::ApplyBrake(const Message& message) {
  if (IsTransactional(message)) return absl::OkStatus();
  const auto why = [](const Message& now) { return WhyToHold(now.counts, now.counts_when_resumed); };
  ASSIGN_OR_RETURN(const std::optional<Message> now,
                   database_.Read(Patience(), [&](db::Transaction& tx) { return LoadMessage(tx, message.id); }));
  if (!now || why(*now).empty()) return absl::OkStatus();
  return database_.Write(Patience(), [&](db::Transaction& tx) -> absl::Status {
    const std::optional<Message> locked = LockMessage(tx, message.id);
    if (!locked || HasEnded(*locked) || locked->state == "PAUSED" || why(*locked).empty()) return absl::OkStatus();
    PauseMessage(tx, *locked, why(*locked));
    AnnounceMessagePaused(tx, feed_, *LoadMessage(tx, message.id));
    return absl::OkStatus();
  });
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
