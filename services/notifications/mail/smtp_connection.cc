#include "services/notifications/mail/smtp_connection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/failpoint/failpoint.h"

namespace masthead::notifications::mail {
namespace {

constexpr int kServiceReady = 220;
constexpr int kAuthenticated = 235;
constexpr int kGoOn = 334;
constexpr int kClosing = 421;

Outcome FromEnd(OutcomeKind kind, SmtpStage stage, absl::string_view why) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.stage = stage;
  outcome.text = std::string(why);
  return outcome;
}

}  // namespace

SteadyTime After(SteadyTime start, absl::Duration delay) {
  return start +
         std::chrono::duration_cast<SteadyTime::duration>(absl::ToChronoNanoseconds(std::min(delay, absl::Hours(24))));
}

SmtpConnection::SmtpConnection(const SmtpRouteOptions& options, const TlsSettings& tls, bool use_tls, SmtpStream stream,
                               SteadyTime now)
    : options_(options), tls_(tls), use_tls_(use_tls), stream_(std::move(stream)), last_progress_(now) {
  awaiting_.push_back(Awaited::kBanner);
}

SmtpStage SmtpConnection::Stage() const {
  if (connecting_) return SmtpStage::kConnect;
  if (awaiting_.empty()) return SmtpStage::kMail;
  switch (awaiting_.front()) {
    case Awaited::kBanner:
      return SmtpStage::kBanner;
    case Awaited::kEhlo:
      return SmtpStage::kEhlo;
    case Awaited::kStartTls:
    case Awaited::kHandshake:
      return SmtpStage::kStartTls;
    case Awaited::kAuth:
    case Awaited::kAuthUser:
    case Awaited::kAuthPassword:
      return SmtpStage::kAuth;
    case Awaited::kRcpt:
      return SmtpStage::kRcpt;
    case Awaited::kData:
    case Awaited::kFinalDot:
      return SmtpStage::kData;
    case Awaited::kReset:
    case Awaited::kMail:
    case Awaited::kEmptyDot:
      break;
  }
  return SmtpStage::kMail;
}

SteadyTime SmtpConnection::deadline() const {
  const SmtpTimeouts& timeouts = options_.timeouts;
  if (connecting_) return After(last_progress_, timeouts.connect);
  if (stream_.has_unsent()) return After(last_progress_, timeouts.data_block);
  if (awaiting_.empty()) return SteadyTime::max();
  if (awaiting_.front() == Awaited::kBanner) return After(last_progress_, timeouts.banner);
  return After(last_progress_, awaiting_.front() == Awaited::kFinalDot ? timeouts.final_dot : timeouts.command);
}

void SmtpConnection::Ask(Awaited awaited, absl::string_view command) {
  stream_.Queue(command);
  awaiting_.push_back(awaited);
}

void SmtpConnection::OnWritable(SmtpWindow& window, SteadyTime now) {
  if (closed_) return;
  if (connecting_) {
    if (const absl::Status status = stream_.FinishConnect(); !status.ok()) {
      return Lose(window, FromEnd(OutcomeKind::kDeferred, SmtpStage::kConnect, std::string(status.message())));
    }
    failpoint::Hit("smtp.connected");
    connecting_ = false;
    last_progress_ = now;
    return;
  }
  Flush(window, now);
}

void SmtpConnection::OnReadable(SmtpWindow& window, SteadyTime now) {
  if (closed_ || connecting_) return;
  scratch_.clear();
  const absl::StatusOr<bool> open = stream_.Read(scratch_);
  parser_.Append(scratch_);
  if (awaiting_.size() == 1 && awaiting_.front() == Awaited::kHandshake) {
    ContinueHandshake(window, now);
  } else {
    TakeReplies(window, now);
  }
  if (closed_) return;
  if (!open.ok() || !*open) return Lose(window, FromEnd(OutcomeKind::kNotSent, Stage(), "connection lost"));
  Feed(window, now);
}

void SmtpConnection::TakeReplies(SmtpWindow& window, SteadyTime now) {
  SmtpReply reply;
  while (!closed_) {
    const SmtpReplyParser::Progress progress = parser_.Take(reply);
    if (progress == SmtpReplyParser::Progress::kIncomplete) return;
    if (progress == SmtpReplyParser::Progress::kMalformed || awaiting_.empty()) {
      Outcome outcome = FromEnd(OutcomeKind::kDeferred, Stage(), "the server's reply is malformed");
      outcome.code = kClosing;
      return Lose(window, std::move(outcome));
    }
    last_progress_ = now;
    const SmtpStage stage = Stage();
    OnReply(reply, window);
    if (reply.code == kClosing && !closed_) Lose(window, FromReply(stage, reply));
  }
}

void SmtpConnection::OnReply(const SmtpReply& reply, SmtpWindow& window) {
  const SmtpStage stage = Stage();
  const Awaited awaited = awaiting_.front();
  awaiting_.pop_front();
  switch (awaited) {
    case Awaited::kBanner:
      if (!reply.positive()) return Lose(window, FromReply(stage, reply));
      return SayHello();
    case Awaited::kEhlo:
      return OnEhlo(reply, window);
    case Awaited::kStartTls:
      return OnStartTls(reply, window);
    case Awaited::kAuth:
    case Awaited::kAuthUser:
    case Awaited::kAuthPassword:
      return OnAuth(awaited, reply, window);
    case Awaited::kReset:
      if (!reply.positive()) return Lose(window, FromReply(stage, reply));
      if (!extensions_.pipelining)
        Ask(Awaited::kMail, MailCommand(window.envelope(transactions_.front().index), extensions_));
      return;
    case Awaited::kMail:
      return OnMail(reply, window);
    case Awaited::kRcpt:
      return OnRcpt(reply, window);
    case Awaited::kData:
      return OnData(reply, window);
    case Awaited::kFinalDot:
      return OnFinalDot(reply, window);
    case Awaited::kEmptyDot:  // Nobody was to receive that message: any answer will do.
    case Awaited::kHandshake:
      return;
  }
}

void SmtpConnection::SayHello() {
  extensions_ = {};
  Ask(Awaited::kEhlo, absl::StrCat("EHLO ", options_.ehlo_name, "\r\n"));
}

void SmtpConnection::OnEhlo(const SmtpReply& reply, SmtpWindow& window) {
  if (!reply.positive()) return Lose(window, FromReply(SmtpStage::kEhlo, reply));
  for (size_t i = 1; i < reply.lines.size(); ++i) extensions_.Add(reply.lines[i]);
  extensions_.pipelining = extensions_.pipelining && options_.pipelining;
  if (use_tls_ && !stream_.encrypted()) {
    if (extensions_.starttls) return Ask(Awaited::kStartTls, "STARTTLS\r\n");
    if (options_.tls == SmtpTls::kRequired) {
      return Lose(window, FromEnd(OutcomeKind::kDeferred, SmtpStage::kStartTls, "the server does not offer STARTTLS"));
    }
  }
  if (!options_.user.empty()) return SayWhoWeAre(window);
  ready_ = true;
}

void SmtpConnection::SayWhoWeAre(SmtpWindow& window) {
  if (extensions_.auth_plain) return Ask(Awaited::kAuth, AuthPlainCommand(options_.user, options_.password));
  if (extensions_.auth_login) return Ask(Awaited::kAuthUser, "AUTH LOGIN\r\n");
  Lose(window,
       FromEnd(OutcomeKind::kDeferred, SmtpStage::kAuth, "the server offers neither AUTH PLAIN nor AUTH LOGIN"));
}

void SmtpConnection::OnAuth(Awaited awaited, const SmtpReply& reply, SmtpWindow& window) {
  if (awaited == Awaited::kAuthUser && reply.code == kGoOn) {
    return Ask(Awaited::kAuthPassword, absl::StrCat(absl::Base64Escape(options_.user), "\r\n"));
  }
  if (awaited == Awaited::kAuthPassword && reply.code == kGoOn) {
    return Ask(Awaited::kAuth, absl::StrCat(absl::Base64Escape(options_.password), "\r\n"));
  }
  if (awaited != Awaited::kAuth || reply.code != kAuthenticated)
    return Lose(window, FromReply(SmtpStage::kAuth, reply));
  ready_ = true;
}

void SmtpConnection::OnStartTls(const SmtpReply& reply, SmtpWindow& window) {
  if (reply.code != kServiceReady) {
    if (options_.tls == SmtpTls::kRequired) return Lose(window, FromReply(SmtpStage::kStartTls, reply));
    ready_ = true;
    return;
  }
  // Whatever came with the reply was said in the clear, and not for sure by the server (CVE-2011-0411).
  if (!parser_.empty())
    return Lose(window,
                FromEnd(OutcomeKind::kDeferred, SmtpStage::kStartTls, "the server spoke before the TLS handshake"));
  awaiting_.push_back(Awaited::kHandshake);
  if (const absl::Status status = stream_.StartTls(tls_); !status.ok()) {
    Lose(window, FromEnd(OutcomeKind::kDeferred, SmtpStage::kStartTls, std::string(status.message())));
  }
}

void SmtpConnection::ContinueHandshake(SmtpWindow& window, SteadyTime now) {
  const absl::StatusOr<bool> secure = stream_.Handshake();
  if (!secure.ok()) {
    return Lose(window, FromEnd(OutcomeKind::kDeferred, SmtpStage::kStartTls, std::string(secure.status().message())));
  }
  last_progress_ = now;
  if (!*secure) return;
  awaiting_.clear();
  SayHello();
}

void SmtpConnection::Flush(SmtpWindow& window, SteadyTime now) {
  if (closed_ || connecting_ || !stream_.has_unsent()) return;
  const uint64_t before = stream_.handed_over();
  absl::Status status;
  const auto flush = [&] { status = stream_.Flush(); };
  const bool completes_a_message =
      !transactions_.empty() && transactions_.front().terminator_at.has_value() && !HandedOver(transactions_.front());
  if (completes_a_message) {
    failpoint::Around("smtp.final_dot", flush);
  } else {
    flush();
  }
  if (stream_.handed_over() != before) last_progress_ = now;
  if (!status.ok()) Lose(window, FromEnd(OutcomeKind::kNotSent, Stage(), "connection lost"));
}

bool SmtpConnection::HandedOver(const Transaction& transaction) const {
  return transaction.terminator_at.has_value() && stream_.handed_over() > *transaction.terminator_at;
}

void SmtpConnection::Lose(SmtpWindow& window, Outcome outcome) {
  if (closed_) return;
  closed_ = true;
  failed_tls_ = !awaiting_.empty() && awaiting_.front() == Awaited::kHandshake;
  if (!ready_) outcome.kind = OutcomeKind::kDeferred;
  if (!ready_ || !transactions_.empty()) failure_ = outcome;
  for (Transaction& transaction : transactions_) {
    if (transaction.refusal.has_value()) {
      window.Settle(transaction.index, *std::move(transaction.refusal));
    } else if (HandedOver(transaction)) {
      window.Settle(transaction.index, FromEnd(OutcomeKind::kUncertain, SmtpStage::kFinalDot, outcome.text));
    } else if (!transaction.answered) {
      window.GiveBack(transaction.index, outcome);
    } else {
      window.Settle(transaction.index, outcome);
    }
  }
  transactions_.clear();
  awaiting_.clear();
}

void SmtpConnection::Abandon(SmtpWindow& window, absl::string_view why) {
  Lose(window, FromEnd(OutcomeKind::kNotSent, Stage(), why));
}

void SmtpConnection::Quit() {
  if (closed_) return;
  stream_.Queue("QUIT\r\n");
  // No answer is owed to anybody any more; if the kernel does not take the word, the end of the connection says the
  // same.
  stream_.Flush().IgnoreError();
  closed_ = true;
}

}  // namespace masthead::notifications::mail
