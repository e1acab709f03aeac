// Hands windows of letters to one smarthost over connections that are kept, and tells of each envelope what became of
// it.
//
//   SmtpRoute route({.host = "smtp.example", .port = 587});
//   for (const Outcome& outcome : route.Send(std::move(window), deadline)) ...
//
// One thread, as many connections as the options allow, pipelined where the server can. It keeps nothing of an envelope
// and retries only what no server has answered: when to try again, and whether at all, is the caller's to say.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/notifications/mail/smtp_connection.h"
#include "services/notifications/mail/smtp_outcome.h"
#include "services/notifications/mail/smtp_route_options.h"
#include "services/notifications/mail/smtp_window.h"
#include "services/notifications/mail/smtp_wire.h"

namespace masthead::notifications::mail {

// Used by one thread at a time; several routes to the same host may work side by side.
class SmtpRoute {
 public:
  // INVALID_ARGUMENT or FAILED_PRECONDITION for options that could never work; for start-up, before a route is made of
  // them.
  static absl::Status Check(const SmtpRouteOptions& options);

  explicit SmtpRoute(SmtpRouteOptions options);
  ~SmtpRoute();

  // Exactly one outcome for each envelope, in their order. Blocks until all are known. At the deadline it
  // stops: what had not got its terminator is kNotSent, what had is kUncertain. So give it the final dot's timeout more
  // than a window needs. Where no connection can be had at all, everything is kDeferred. Never throws; an armed fail
  // point does, and the connections go with it.
  std::vector<Outcome> Send(std::vector<Envelope> envelopes, absl::Time deadline);

  // Says goodbye on connections that have been idle for so long; for a caller with nothing to send.
  void CloseIdle(absl::Duration idle_for);

 private:
  struct Address;
  struct Watched;

  void Work(SmtpWindow& window, SteadyTime deadline);
  void FeedIdle(SmtpWindow& window, SteadyTime now);
  void Stop(SmtpWindow& window);
  void OpenConnections(SmtpWindow& window);
  absl::Status OpenConnection();
  absl::Status Resolve();
  // Waits for the sockets, for timeouts, and for `patience` at most.
  void Poll(SmtpWindow& window, absl::Duration patience);
  void Watch(Watched& watched) const;
  void Reap(SmtpWindow& window);
  void OnFailure(const Watched& watched, SmtpWindow& window);

  const SmtpRouteOptions options_;
  TlsSettings tls_;
  absl::Status usable_;
  int epoll_ = -1;
  std::vector<Address> addresses_;  // Of the host; those that refuse are left out until it is looked up again.
  size_t next_address_ = 0;
  SteadyTime resolved_at_;
  bool plain_only_ = false;  // The server's TLS does not work, and the options can do without.
  std::vector<std::unique_ptr<Watched>> connections_;

  // Of the Send under way:
  size_t connection_limit_ = 0;
  size_t setbacks_ = 0;  // Connections lost at work.
};

}  // namespace masthead::notifications::mail
