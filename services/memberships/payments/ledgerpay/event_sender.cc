#include "services/memberships/payments/ledgerpay/event_sender.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/db/now.h"
#include "common/failpoint/failpoint.h"
#include "common/http/client.h"
#include "common/telemetry/log.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_store.h"

namespace masthead::memberships::ledgerpay {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(200);
constexpr absl::Duration kPauseAfterFailure = absl::Seconds(2);
constexpr int kPostPatienceSeconds = 5;
constexpr absl::Duration kPostPatience = absl::Seconds(kPostPatienceSeconds);
constexpr int kEventsAtATime = 5;
// Longer than all of a batch may take, so that no other replica sends it meanwhile; and no longer than a buyer waits
// for what a replica that died had taken.
constexpr absl::Duration kLease = absl::Seconds(kPostPatienceSeconds * (kEventsAtATime + 1));
constexpr absl::Duration kLongestPause = absl::Hours(1);
constexpr absl::Duration kPatience = absl::Hours(72);  // Afterwards it can be asked for.

absl::Duration PauseAfter(int attempts) {
  return std::min(kLongestPause, absl::Seconds(1) * (1 << std::min(attempts - 1, 12)));
}

}  // namespace

EventSender::EventSender(Ledgerpay& ledgerpay, const Clock& clock, std::string webhook_url, EventFaults faults)
    : ledgerpay_(ledgerpay), clock_(clock), webhook_url_(std::move(webhook_url)), faults_(faults) {}

absl::Duration EventSender::Work(const Scope& scope) {
  db::Database& database = ledgerpay_.database();
  struct Due {
    absl::Time now;
    std::vector<DueEvent> events;
  };
  const absl::StatusOr<Due> due = database.Write(scope, [&](db::Transaction& tx) -> Due {
    ledgerpay_.till().EndWhatIsDue(tx);
    return {.now = db::Now(tx), .events = LeaseDueEvents(tx, kLease, faults_.shuffled, kEventsAtATime)};
  });
  if (!due.ok()) {
    telemetry::Warning("ledgerpay could not look for what is due",
                       {{"code", absl::StatusCodeToString(due.status().code())}});
    return kPauseAfterFailure;
  }
  for (const DueEvent& event : due->events) {
    if (scope.cancelled()) return kPoll;
    const std::optional<absl::Time> again = Send(scope, event, due->now);
    const absl::Status scheduled = database.Write(scope, [&](db::Transaction& tx) {
      ScheduleEvent(tx, event.id, again);
      return absl::OkStatus();
    });
    if (!scheduled.ok()) return kPauseAfterFailure;  // The lease ends by itself.
  }
  return due->events.empty() ? kPoll : absl::ZeroDuration();
}

std::optional<absl::Time> EventSender::Send(const Scope& scope, const DueEvent& event, absl::Time now) {
  if (now < event.create_time + faults_.delay) return event.create_time + faults_.delay;
  if (absl::Bernoulli(dice_, faults_.dropped)) return std::nullopt;
  bool taken = true;
  for (int copy = 0; copy < faults_.copies; ++copy) taken = Post(scope, event) && taken;
  if (taken) return std::nullopt;
  if (now > event.create_time + kPatience) {
    telemetry::Error("nobody took an event of ledgerpay's", {{"event", event.id}});
    return std::nullopt;
  }
  return now + PauseAfter(event.attempts);
}

bool EventSender::Post(const Scope& scope, const DueEvent& event) {
  failpoint::Hit("ledgerpay.event.before_post");
  const absl::StatusOr<http::Answer> response =
      http::Send(scope, {.method = "POST",
                         .url = webhook_url_,
                         .headers = {"Content-Type: application/json",
                                     absl::StrCat(kSignatureHeader, ": ", ledgerpay_.Sign(event.body, clock_.Now()))},
                         .body = event.body,
                         .patience = kPostPatience});
  return response.ok() && response->status >= 200 && response->status < 300;
}

}  // namespace masthead::memberships::ledgerpay
