// Sends letters to an SMTP server that is not ours and prints what our engine says became of each;
// independent_servers.py compares.
//
//   hand_over PORT LETTERS CONNECTIONS [CA_FILE]
//
// With a file of authorities it requires TLS. A line each: number, outcome, code.
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/notifications/mail/smtp_route.h"

namespace masthead::notifications::mail {
namespace {

const char* Name(OutcomeKind kind) {
  constexpr const char* kNames[] = {"SENT", "DEFERRED", "FAILED", "NOT_SENT", "UNCERTAIN"};
  return kNames[static_cast<int>(kind)];
}

void HandOver(const SmtpRouteOptions& options, int letters) {
  SmtpRoute route(options);
  for (int first = 0; first < letters; first += 64) {
    std::vector<Envelope> window;
    for (int i = first; i < std::min(letters, first + 64); ++i) {
      window.push_back(
          {.id = i,
           .mail_from = "desk@news.example",
           .rcpt_to = absl::StrCat("reader", i, "@example.com"),
           .bytes = absl::StrCat("Subject: letter ", i, "\r\nFrom: desk@news.example\r\n\r\n.\r\n..two\r\n",
                                 std::string(i % 50 * 19, '.'), "\r\nend\r\n")});
    }
    for (const Outcome& outcome : route.Send(std::move(window), absl::Now() + absl::Minutes(1))) {
      printf("%d %s %d\n", static_cast<int>(outcome.id), Name(outcome.kind), outcome.code);
    }
  }
}

}  // namespace
}  // namespace masthead::notifications::mail

int main(int argc, char** argv) {
  using masthead::notifications::mail::SmtpTls;
  masthead::notifications::mail::SmtpRouteOptions options;
  int port = 0;
  int letters = 0;
  int connections = 0;
  if (argc < 4 || !absl::SimpleAtoi(argv[1], &port) || !absl::SimpleAtoi(argv[2], &letters) ||
      !absl::SimpleAtoi(argv[3], &connections))
    return 2;
  options.host = "127.0.0.1";
  options.port = static_cast<uint16_t>(port);
  options.max_connections = static_cast<size_t>(connections);
  options.tls = argc > 4 ? SmtpTls::kRequired : SmtpTls::kNone;
  if (argc > 4) options.tls_ca_file = argv[4];
  options.timeouts.final_dot = absl::Seconds(5);
  masthead::notifications::mail::HandOver(options, letters);
  return 0;
}
