// One conversation with a server, as a state machine over a non-blocking stream: greeting, TLS, who we are, then
// transaction after transaction.
//
// With PIPELINING, MAIL, RCPT and DATA of the next envelope leave together with the message before it (RFC 2920
// section 3.1 allows that: they hand over nothing), so a message costs one round trip. There is one RCPT a message, so
// each reader has an answer of their own.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "services/notifications/mail/smtp_outcome.h"
#include "services/notifications/mail/smtp_reply.h"
#include "services/notifications/mail/smtp_route_options.h"
#include "services/notifications/mail/smtp_stream.h"
#include "services/notifications/mail/smtp_window.h"
#include "services/notifications/mail/smtp_wire.h"

namespace masthead::notifications::mail {

using SteadyTime = std::chrono::steady_clock::time_point;

// `delay` is taken as at most a day.
SteadyTime After(SteadyTime start, absl::Duration delay);

// What `reply` at `stage` means for an envelope.
Outcome FromReply(SmtpStage stage, const SmtpReply& reply);

class SmtpConnection {
 public:
  // `options` and `tls` outlive the connection. `use_tls`: whether to try, where the options leave it open.
  SmtpConnection(const SmtpRouteOptions& options, const TlsSettings& tls, bool use_tls, SmtpStream stream,
                 SteadyTime now);

  int fd() const { return stream_.fd(); }
  bool closed() const { return closed_; }
  bool opening() const { return !closed_ && !ready_; }
  bool opened() const { return ready_; }
  bool idle() const { return ready_ && !closed_ && awaiting_.empty(); }
  bool wants_write() const { return connecting_ || stream_.has_unsent(); }
  // When to abandon it, unless something happens before.
  SteadyTime deadline() const;
  SteadyTime last_progress() const { return last_progress_; }

  // Takes envelopes from `window`, as many as may be under way at once. Says goodbye if it has carried its share.
  void Feed(SmtpWindow& window, SteadyTime now);
  void OnReadable(SmtpWindow& window, SteadyTime now);
  void OnWritable(SmtpWindow& window, SteadyTime now);

  // Ends now. What is under way becomes not sent, or uncertain.
  void Abandon(SmtpWindow& window, absl::string_view why);

  // Says goodbye and closes; for idle connections.
  void Quit();

  // How the server or the network ended it while it was opening or at work; what that means for an envelope that got no
  // answer.
  const std::optional<Outcome>& failure() const { return failure_; }
  // It ended in the handshake of TLS.
  bool failed_tls() const { return failed_tls_; }

 private:
  enum class Awaited {
    kBanner,
    kEhlo,
    kStartTls,
    kHandshake,
    kAuth,
    kAuthUser,
    kAuthPassword,
    kReset,
    kMail,
    kRcpt,
    kData,
    kFinalDot,
    kEmptyDot
  };

  struct Transaction {
    size_t index = 0;
    bool answered = false;  // The server has said something about it.
    bool has_sender = false;
    bool has_recipient = false;
    std::optional<Outcome> refusal;
    std::optional<uint64_t> terminator_at;  // In bytes of the stream, once it is queued.
  };

  SmtpStage Stage() const;
  bool MayStart() const;
  void OnReply(const SmtpReply& reply, SmtpWindow& window);
  void OnEhlo(const SmtpReply& reply, SmtpWindow& window);
  void OnStartTls(const SmtpReply& reply, SmtpWindow& window);
  void ContinueHandshake(SmtpWindow& window, SteadyTime now);
  void SayHello();
  void SayWhoWeAre(SmtpWindow& window);
  void OnAuth(Awaited awaited, const SmtpReply& reply, SmtpWindow& window);
  void OnMail(const SmtpReply& reply, SmtpWindow& window);
  void OnRcpt(const SmtpReply& reply, SmtpWindow& window);
  void OnData(const SmtpReply& reply, SmtpWindow& window);
  void OnFinalDot(const SmtpReply& reply, SmtpWindow& window);
  void Begin(size_t index, SmtpWindow& window);
  void SendMessage(SmtpWindow& window);
  void EndRefused(SmtpWindow& window);
  void TakeReplies(SmtpWindow& window, SteadyTime now);
  void Ask(Awaited awaited, absl::string_view command);
  void Flush(SmtpWindow& window, SteadyTime now);
  bool HandedOver(const Transaction& transaction) const;
  void Lose(SmtpWindow& window, Outcome outcome);

  const SmtpRouteOptions& options_;
  const TlsSettings& tls_;
  bool use_tls_;
  SmtpStream stream_;
  SmtpReplyParser parser_;
  SmtpExtensions extensions_;
  bool connecting_ = true;
  bool ready_ = false;
  bool closed_ = false;
  bool failed_tls_ = false;
  bool needs_reset_ = false;
  size_t messages_ = 0;
  std::deque<Awaited> awaiting_;
  std::deque<Transaction> transactions_;  // At most two; replies are always about the first.
  std::optional<Outcome> failure_;
  std::string scratch_;
  SteadyTime last_progress_;
};

}  // namespace masthead::notifications::mail
