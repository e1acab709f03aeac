// Our SMTP engine beside Postfix's smtp-source and a Node sender, against the same smtp-sink in the same minute:
// letters a second, and CPU a letter.
//
//   smtp_bench [letters a round] [node_modules with nodemailer]
//
// All send 5 KB letters without TLS over kept connections (smtp-source -d, nodemailer's pool), with 8 and with 32
// sessions; the better of each counts. Ours goes by windows of 64, as the service sends. Five rounds, taken in turns;
// medians. Exits with 77 where smtp-sink cannot be had, with 1 below a bar.
//
//   npm install --prefix build/node-bench nodemailer
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/notifications/mail/smtp_route.h"
#include "tests/bench/smtp_setting.h"

namespace masthead::notifications::mail {
namespace {

constexpr double kBar = 1.2;
constexpr double kNodeBar = 8;
constexpr int kRounds = 5;
constexpr size_t kWindow = 64;
constexpr int kSessions[] = {8, 32};

Figure BySmtpSource(const std::string& tools, uint16_t port, int sessions, int letters) {
  return RunSender({tools + "/smtp-source", "-d", "-s", absl::StrCat(sessions), "-m", absl::StrCat(letters), "-l",
                    absl::StrCat(kLetterBytes), "-f", "desk@news.example", "-t", "reader@example.com",
                    absl::StrCat("127.0.0.1:", port)},
                   letters);
}

// With its start, some tenths of a second.
Figure ByNode(const std::string& modules, uint16_t port, int sessions, int letters) {
  return RunSender({"/usr/bin/node", NODE_SENDER, modules, absl::StrCat(port), absl::StrCat(sessions),
                    absl::StrCat(letters), absl::StrCat(kLetterBytes)},
                   letters);
}

Figure ByOurs(uint16_t port, int sessions, int letters, const std::string& letter) {
  SmtpRouteOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.tls = SmtpTls::kNone;
  options.max_connections = static_cast<size_t>(sessions);
  options.max_messages_per_connection = static_cast<size_t>(letters) + 1;  // As smtp-source -d.
  SmtpRoute route(options);
  const double before = OwnCpuSeconds();
  const absl::Time start = absl::Now();
  for (int done = 0; done < letters;) {
    std::vector<Envelope> window;
    for (; window.size() < kWindow && done < letters; ++done) {
      window.push_back(
          {.id = done, .mail_from = "desk@news.example", .rcpt_to = "reader@example.com", .bytes = letter});
    }
    for (const Outcome& outcome : route.Send(std::move(window), absl::Now() + absl::Minutes(2))) {
      if (outcome.kind != OutcomeKind::kSent) {
        fprintf(stderr, "letter %d was not sent: %s\n", static_cast<int>(outcome.id), outcome.text.c_str());
        exit(1);
      }
    }
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  return {letters / seconds, (OwnCpuSeconds() - before) * 1e6 / letters};
}

// The better of the medians over the numbers of sessions.
Figure Best(const char* who, std::map<int, std::vector<Figure>>& by_sessions) {
  Figure best;
  for (auto& [sessions, figures] : by_sessions) {
    const Figure median = Median(figures);
    printf("%-12s %2d sessions  %8.0f letters/s  %6.1f us CPU/letter\n", who, sessions, median.letters_per_second,
           median.cpu_microseconds);
    if (median.letters_per_second > best.letters_per_second) best = median;
  }
  return best;
}

// Whether `figure` is so many times the other, by rate and by CPU.
bool Beats(const Figure& figure, const Figure& other, double bar) {
  const double by_rate = figure.letters_per_second / other.letters_per_second;
  const double by_cpu = other.cpu_microseconds / figure.cpu_microseconds;
  printf("beside nodemailer: %.1f times the rate, %.1f times the letters of a CPU second (bar %.0f)\n", by_rate, by_cpu,
         bar);
  return by_rate >= bar && by_cpu >= bar;
}

int Run(int letters, const std::string& node_modules) {
  const std::string tools = PostfixTools();
  if (tools.empty()) {
    fprintf(stderr, "NOT MEASURED: smtp-sink and smtp-source cannot be had here (see above).\n");
    return kNotMeasured;
  }
  const LetterTemplate compiled = *LetterTemplate::Compile(FiveKilobytes());
  const std::string letter = ComposeOne(compiled, 0);
  const absl::Time start = absl::Now();
  for (int i = 0; i < letters; ++i) ComposeOne(compiled, i);
  printf("A letter has %zu bytes; composing one for a reader takes %.1f us.\n", letter.size(),
         absl::ToDoubleMicroseconds(absl::Now() - start) / letters);

  const PostfixSink sink(tools);
  std::map<int, std::vector<Figure>> theirs, nodes, ours;
  for (int round = 0; round < kRounds; ++round) {
    for (int sessions : kSessions) {
      theirs[sessions].push_back(BySmtpSource(tools, sink.port(), sessions, letters));
      ours[sessions].push_back(ByOurs(sink.port(), sessions, letters, letter));
      if (!node_modules.empty()) nodes[sessions].push_back(ByNode(node_modules, sink.port(), sessions, letters));
    }
  }
  const Figure limit = Best("smtp-source", theirs);
  const Figure figure = Best("masthead", ours);
  const double ratio = figure.letters_per_second / limit.letters_per_second;
  printf("ratio by rate %.2f (bar %.2f), by CPU of the sender %.2f (below 1 is less than smtp-source's)\n", ratio, kBar,
         figure.cpu_microseconds / limit.cpu_microseconds);
  const bool beats_node = node_modules.empty() || Beats(figure, Best("nodemailer", nodes), kNodeBar);
  return ratio >= kBar && beats_node ? 0 : 1;
}

}  // namespace
}  // namespace masthead::notifications::mail

int main(int argc, char** argv) {
  int letters = 20'000;
  if (argc > 1 && (!absl::SimpleAtoi(argv[1], &letters) || letters <= 0)) {
    fprintf(stderr, "usage: smtp_bench [letters a round] [node_modules with nodemailer]\n");
    return 2;
  }
  return masthead::notifications::mail::Run(letters, argc > 2 ? argv[2] : "");
}
