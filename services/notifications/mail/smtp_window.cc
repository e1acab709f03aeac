#include "services/notifications/mail/smtp_window.h"

#include <numeric>
#include <utility>

namespace masthead::notifications::mail {

SmtpWindow::SmtpWindow(std::vector<Envelope> envelopes)
    : envelopes_(std::move(envelopes)),
      outcomes_(envelopes_.size()),
      given_back_(envelopes_.size()),
      waiting_(envelopes_.size()) {
  std::iota(waiting_.begin(), waiting_.end(), size_t{0});
}

std::optional<size_t> SmtpWindow::Take() {
  if (waiting_.empty()) return std::nullopt;
  const size_t index = waiting_.front();
  waiting_.pop_front();
  return index;
}

void SmtpWindow::Settle(size_t index, Outcome outcome) {
  outcome.id = envelopes_[index].id;
  outcomes_[index] = std::move(outcome);
  ++settled_;
}

void SmtpWindow::GiveBack(size_t index, Outcome outcome) {
  if (given_back_[index]) return Settle(index, std::move(outcome));
  given_back_[index] = true;
  waiting_.push_front(index);
}

void SmtpWindow::SettleWaiting(const Outcome& outcome) {
  while (const std::optional<size_t> index = Take()) Settle(*index, outcome);
}

}  // namespace masthead::notifications::mail
