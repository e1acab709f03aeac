#include "services/notifications/sending/email_channel.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kTransactionPatience = absl::Seconds(20);

// No letter can be made for this reader; or not now.
Decision Unwritten(const Due& due, const absl::Status& error) {
  if (absl::IsInvalidArgument(error) || absl::IsFailedPrecondition(error)) {
    return {
        .seq = due.seq, .disposition = Unrenderable(error), .attempted = true, .text = std::string(error.message())};
  }
  return {.seq = due.seq, .disposition = {.state = "PENDING", .counts_as_attempt = false}};
}

}  // namespace

Channel::HandedOver EmailChannel::Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                                       absl::Time deadline) {
  HandedOver handed_over;
  std::vector<Decision>& decisions = handed_over.decisions;
  std::vector<mail::Envelope> envelopes;
  std::map<int64_t, const Due*> by_seq;
  for (const Due& due : window) {
    by_seq[due.seq] = &due;
    absl::StatusOr<mail::Envelope> envelope =
        letters_.Write(database_, {.deadline = absl::Now() + kTransactionPatience}, message, due);
    if (envelope.ok()) {
      envelopes.push_back(*std::move(envelope));
    } else {
      decisions.push_back(Unwritten(due, envelope.status()));
    }
  }
  handed_over.reachable =
      std::any_of(decisions.begin(), decisions.end(), [](const Decision& decision) { return decision.attempted; });
  if (envelopes.empty()) return handed_over;
  for (const mail::Outcome& outcome : route_.Send(std::move(envelopes), deadline)) {
    const Due& due = *by_seq.at(outcome.id);
    decisions.push_back(
        {.seq = outcome.id,
         .disposition = Judge(outcome, lease.at_most_once, due.attempts + 1, Jitter(due.seq, due.attempts)),
         .attempted = true,
         .smtp_code = outcome.code,
         .enhanced_code = outcome.enhanced.ToString(),
         .text = outcome.text});
    if (outcome.kind != mail::OutcomeKind::kNotSent && !RouteIsDown(outcome)) handed_over.reachable = true;
  }
  return handed_over;
}

}  // namespace masthead::notifications
