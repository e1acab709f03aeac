// Letters, routes and matchers for the tests of the SMTP engine.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "services/notifications/mail/smtp_route.h"
#include "tests/notifications/mail/smtp_sink.h"

namespace masthead::notifications::mail {

inline void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << "{" << outcome.id << " kind " << static_cast<int>(outcome.kind) << " bounce "
       << static_cast<int>(outcome.bounce) << " at " << SmtpStageName(outcome.stage) << " " << outcome.code << " "
       << outcome.enhanced.ToString() << " " << outcome.text << "}";
}

inline auto Is(OutcomeKind kind) { return ::testing::Field("kind", &Outcome::kind, kind); }
inline auto IsAt(OutcomeKind kind, SmtpStage stage, int code) {
  return ::testing::AllOf(Is(kind), ::testing::Field("stage", &Outcome::stage, stage),
                          ::testing::Field("code", &Outcome::code, code));
}
inline auto Bounces(BounceClass bounce) { return ::testing::Field("bounce", &Outcome::bounce, bounce); }

// One plain connection, and little patience.
inline SmtpRouteOptions To(const SmtpSink& sink) {
  SmtpRouteOptions options;
  options.host = "127.0.0.1";
  options.port = sink.port();
  options.tls = SmtpTls::kNone;
  options.max_connections = 1;
  const absl::Duration soon = absl::Milliseconds(300);
  options.timeouts = {.connect = soon, .banner = soon, .command = soon, .data_block = soon, .final_dot = soon};
  return options;
}

// To reader<id>@example.com, with lines of dots.
inline Envelope LetterTo(int64_t id) {
  return {.id = id,
          .mail_from = "desk@news.example",
          .rcpt_to = absl::StrCat("reader", id, "@example.com"),
          .bytes = absl::StrCat("Subject: ", id, "\r\n\r\n.\r\n..two\r\ntext ", id, "\r\n")};
}

inline std::vector<Envelope> Letters(int count, int64_t first = 1) {
  std::vector<Envelope> window;
  for (int i = 0; i < count; ++i) window.push_back(LetterTo(first + i));
  return window;
}

inline absl::Time InTime() { return absl::Now() + absl::Seconds(30); }

inline Outcome SendOne(SmtpRoute& route) { return route.Send(Letters(1), InTime()).at(0); }

}  // namespace masthead::notifications::mail
