// The envelopes of one Send: which wait, which are done. Each gets exactly one outcome.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "services/notifications/mail/smtp_outcome.h"
#include "services/notifications/mail/smtp_wire.h"

namespace masthead::notifications::mail {

class SmtpWindow {
 public:
  explicit SmtpWindow(std::vector<Envelope> envelopes);

  size_t waiting() const { return waiting_.size(); }
  bool done() const { return settled_ == envelopes_.size(); }

  // The next envelope that nobody has; it comes back by Settle or GiveBack.
  std::optional<size_t> Take();
  const Envelope& envelope(size_t index) const { return envelopes_[index]; }

  // `outcome` without an id.
  void Settle(size_t index, Outcome outcome);

  // The connection ended before the server said anything about this envelope: often one that had been idle. It waits
  // again, the first time; the second time `outcome` holds.
  void GiveBack(size_t index, Outcome outcome);

  // The same for all that wait.
  void SettleWaiting(const Outcome& outcome);

  // In the order of the envelopes. Once, when done.
  std::vector<Outcome> TakeOutcomes() { return std::move(outcomes_); }

 private:
  std::vector<Envelope> envelopes_;
  std::vector<Outcome> outcomes_;
  std::vector<bool> given_back_;
  std::deque<size_t> waiting_;
  size_t settled_ = 0;
};

}  // namespace masthead::notifications::mail
