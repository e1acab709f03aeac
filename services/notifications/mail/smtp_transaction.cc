// The transactions of an SmtpConnection: MAIL, RCPT, DATA, the message.
#include <algorithm>
#include <utility>

#include "services/notifications/mail/smtp_connection.h"

namespace masthead::notifications::mail {
namespace {

constexpr int kStartInput = 354;

bool Refuses(const SmtpReply& reply) { return reply.code >= 400; }

// As our own check says it; no server was asked.
Outcome FromRefusal(const Refusal& refusal) {
  Outcome outcome;
  outcome.kind = OutcomeKind::kFailed;
  outcome.bounce = ClassifyReply(SmtpStage::kRcpt, refusal.code, refusal.enhanced).bounce;
  outcome.stage = SmtpStage::kMail;
  outcome.code = refusal.code;
  outcome.enhanced = refusal.enhanced;
  outcome.text = std::string(refusal.text);
  return outcome;
}

}  // namespace

Outcome FromReply(SmtpStage stage, const SmtpReply& reply) {
  const Verdict verdict = ClassifyReply(stage, reply.code, reply.enhanced);
  Outcome outcome;
  outcome.kind = verdict.kind;
  outcome.bounce = verdict.bounce;
  outcome.stage = stage;
  outcome.code = reply.code;
  outcome.enhanced = reply.enhanced;
  outcome.text = reply.Text();
  return outcome;
}

bool SmtpConnection::MayStart() const {
  if (!ready_ || closed_ || messages_ >= options_.max_messages_per_connection) return false;
  if (transactions_.empty()) return awaiting_.empty();
  return extensions_.pipelining && transactions_.size() == 1 && transactions_.front().terminator_at.has_value();
}

void SmtpConnection::Feed(SmtpWindow& window, SteadyTime now) {
  while (MayStart()) {
    const std::optional<size_t> index = window.Take();
    if (!index.has_value()) break;
    if (const Refusal refusal = CheckEnvelope(window.envelope(*index), extensions_); refusal.code != 0) {
      window.Settle(*index, FromRefusal(refusal));
      continue;
    }
    if (awaiting_.empty()) last_progress_ = now;
    Begin(*index, window);
  }
  Flush(window, now);
  if (idle() && messages_ >= options_.max_messages_per_connection) Quit();
}

void SmtpConnection::Begin(size_t index, SmtpWindow& window) {
  Transaction& transaction = transactions_.emplace_back();
  transaction.index = index;
  ++messages_;
  if (std::exchange(needs_reset_, false)) {
    Ask(Awaited::kReset, "RSET\r\n");
    if (!extensions_.pipelining) return;
  }
  const Envelope& envelope = window.envelope(index);
  Ask(Awaited::kMail, MailCommand(envelope, extensions_));
  if (!extensions_.pipelining) return;
  Ask(Awaited::kRcpt, RcptCommand(envelope));
  Ask(Awaited::kData, "DATA\r\n");
}

void SmtpConnection::OnMail(const SmtpReply& reply, SmtpWindow& window) {
  Transaction& transaction = transactions_.front();
  transaction.answered = true;
  transaction.has_sender = reply.positive();
  if (!reply.positive()) {
    transaction.refusal = FromReply(SmtpStage::kMail, reply);
    if (!Refuses(reply)) return Lose(window, *transaction.refusal);
    if (!extensions_.pipelining) EndRefused(window);
  } else if (!extensions_.pipelining) {
    Ask(Awaited::kRcpt, RcptCommand(window.envelope(transaction.index)));
  }
}

void SmtpConnection::OnRcpt(const SmtpReply& reply, SmtpWindow& window) {
  Transaction& transaction = transactions_.front();
  transaction.has_recipient = reply.positive();
  if (!reply.positive()) {
    if (!transaction.refusal.has_value()) transaction.refusal = FromReply(SmtpStage::kRcpt, reply);
    if (!Refuses(reply)) return Lose(window, *transaction.refusal);
    if (!extensions_.pipelining) EndRefused(window);
  } else if (!extensions_.pipelining) {
    Ask(Awaited::kData, "DATA\r\n");
  }
}

void SmtpConnection::OnData(const SmtpReply& reply, SmtpWindow& window) {
  Transaction& transaction = transactions_.front();
  if (reply.code == kStartInput && !transaction.refusal.has_value()) return SendMessage(window);
  if (reply.code == kStartInput) {
    // A recipient without a sender: the lone dot would send them an empty message.
    if (transaction.has_recipient) return Lose(window, *transaction.refusal);
    EndRefused(window);
    needs_reset_ = false;
    return Ask(Awaited::kEmptyDot, ".\r\n");
  }
  if (!transaction.refusal.has_value()) transaction.refusal = FromReply(SmtpStage::kData, reply);
  if (!Refuses(reply)) return Lose(window, *transaction.refusal);
  EndRefused(window);
}

void SmtpConnection::SendMessage(SmtpWindow& window) {
  Transaction& transaction = transactions_.front();
  scratch_.clear();
  AppendStuffed(scratch_, window.envelope(transaction.index).bytes);
  stream_.Queue(scratch_);
  transaction.terminator_at = stream_.queued();
  Ask(Awaited::kFinalDot, kTerminator);
}

void SmtpConnection::OnFinalDot(const SmtpReply& reply, SmtpWindow& window) {
  const size_t index = transactions_.front().index;
  transactions_.pop_front();
  Outcome outcome = FromReply(SmtpStage::kFinalDot, reply);
  const bool understood = outcome.kind != OutcomeKind::kUncertain;
  window.Settle(index, outcome);
  if (!understood) Lose(window, std::move(outcome));
}

void SmtpConnection::EndRefused(SmtpWindow& window) {
  window.Settle(transactions_.front().index, *std::move(transactions_.front().refusal));
  needs_reset_ = transactions_.front().has_sender;
  transactions_.pop_front();
}

}  // namespace masthead::notifications::mail
