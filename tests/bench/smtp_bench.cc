// Our SMTP engine beside Postfix's smtp-source, against the same smtp-sink in the same minute: letters a second, and
// CPU a letter.
//
//   smtp_bench [letters a round]
//
// Both send 5 KB letters without TLS over kept connections (smtp-source -d), with 8 and with 32 sessions; the better of
// each counts. Ours goes by windows of 64, as the service sends. Five rounds, taken in turns; medians. Exits with 77
// where smtp-sink cannot be had, with 1 below the bar.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "services/notifications/mail/letter.h"
#include "services/notifications/mail/message_id.h"
#include "services/notifications/mail/smtp_route.h"

namespace masthead::notifications::mail {
namespace {

constexpr double kBar = 0.8;
constexpr int kRounds = 5;
constexpr size_t kWindow = 64;
constexpr int kSessions[] = {8, 32};
constexpr size_t kLetterBytes = 5 * 1024;

struct Figure {
  double letters_per_second = 0;
  double cpu_microseconds = 0;  // Of the sender alone, a letter.
};

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double CpuSeconds(const rusage& usage) { return Seconds(usage.ru_utime) + Seconds(usage.ru_stime); }

std::string ToolsFolder() {
  FILE* pipe = popen(POSTFIX_TOOLS, "r");
  char line[4096] = {};
  const bool read = pipe != nullptr && fgets(line, sizeof(line), pipe) != nullptr;
  return pipe != nullptr && pclose(pipe) == 0 && read ? std::string(absl::StripAsciiWhitespace(line)) : "";
}

uint16_t FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0) abort();
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  close(fd);
  return ntohs(address.sin_port);
}

// Its output goes nowhere.
pid_t Start(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const int null = open("/dev/null", O_RDWR);
    dup2(null, STDOUT_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  return child;
}

Figure BySmtpSource(const std::string& tools, uint16_t port, int sessions, int letters) {
  const absl::Time start = absl::Now();
  const pid_t child = Start({tools + "/smtp-source", "-d", "-s", absl::StrCat(sessions), "-m", absl::StrCat(letters),
                             "-l", absl::StrCat(kLetterBytes), "-f", "desk@news.example", "-t", "reader@example.com",
                             absl::StrCat("127.0.0.1:", port)});
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child || status != 0) {
    fprintf(stderr, "smtp-source failed\n");
    exit(1);
  }
  return {letters / absl::ToDoubleSeconds(absl::Now() - start), CpuSeconds(usage) * 1e6 / letters};
}

Figure ByOurs(uint16_t port, int sessions, int letters, const std::string& letter) {
  SmtpRouteOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.tls = SmtpTls::kNone;
  options.max_connections = static_cast<size_t>(sessions);
  options.max_messages_per_connection = static_cast<size_t>(letters) + 1;  // As smtp-source -d.
  SmtpRoute route(options);
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
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
  getrusage(RUSAGE_SELF, &after);
  return {letters / seconds, (CpuSeconds(after) - CpuSeconds(before)) * 1e6 / letters};
}

LetterContent FiveKilobytes() {
  LetterContent content;
  content.from = "alerts@news.example";
  content.subject = "Росія завдала масованого удару по Києву: 12 загиблих, десятки поранених";
  content.list_id = "breaking.news.example";
  content.date = absl::FromUnixSeconds(1700000000);
  content.text = absl::StrCat("Leave: ", kUnsubscribeUrlSlot, "\n");
  while (content.text.size() < 1800)
    content.text += "Twelve are dead, dozens wounded; rescue goes on in two districts.\n";
  content.html = absl::StrCat("<p><a href=\"", kUnsubscribeUrlSlot, "\">Leave</a></p>");
  while (content.html.size() < 2300) content.html += "<p>Twelve are dead, dozens wounded; rescue goes on.</p>\n";
  return content;
}

std::string ComposeOne(const LetterTemplate& letter, int reader) {
  Addressee addressee;
  addressee.to = "reader@example.com";
  addressee.message_id = MessageId("messages/01JD8ZP6Y0", absl::StrCat("endpoints/", reader), "mail.kyiv.example");
  addressee.unsubscribe_url = "https://news.example/u/AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmQ";
  return *letter.Compose(addressee);
}

Figure Median(std::vector<Figure> figures) {
  const auto middle = [&](double Figure::*part) {
    std::sort(figures.begin(), figures.end(), [part](const Figure& a, const Figure& b) { return a.*part < b.*part; });
    return figures[figures.size() / 2].*part;
  };
  return {middle(&Figure::letters_per_second), middle(&Figure::cpu_microseconds)};
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

int Run(int letters) {
  const std::string tools = ToolsFolder();
  if (tools.empty()) {
    fprintf(stderr, "NOT MEASURED: smtp-sink and smtp-source cannot be had here (see above).\n");
    return 77;
  }
  const LetterTemplate compiled = *LetterTemplate::Compile(FiveKilobytes());
  const std::string letter = ComposeOne(compiled, 0);
  const absl::Time start = absl::Now();
  for (int i = 0; i < letters; ++i) ComposeOne(compiled, i);
  printf("A letter has %zu bytes; composing one for a reader takes %.1f us.\n", letter.size(),
         absl::ToDoubleMicroseconds(absl::Now() - start) / letters);

  const uint16_t port = FreePort();
  std::vector<std::string> command = {tools + "/smtp-sink"};
  if (geteuid() == 0) command.insert(command.end(), {"-u", "nobody"});  // It refuses to serve as root.
  command.insert(command.end(), {absl::StrCat("127.0.0.1:", port), "1024"});
  const pid_t sink = Start(command);
  absl::SleepFor(absl::Milliseconds(300));
  std::map<int, std::vector<Figure>> theirs, ours;
  for (int round = 0; round < kRounds; ++round) {
    for (int sessions : kSessions) {
      theirs[sessions].push_back(BySmtpSource(tools, port, sessions, letters));
      ours[sessions].push_back(ByOurs(port, sessions, letters, letter));
    }
  }
  kill(sink, SIGTERM);
  waitpid(sink, nullptr, 0);
  const Figure limit = Best("smtp-source", theirs);
  const Figure figure = Best("masthead", ours);
  const double ratio = figure.letters_per_second / limit.letters_per_second;
  printf("ratio by rate %.2f (bar %.2f), by CPU of the sender %.2f (below 1 is less than smtp-source's)\n", ratio, kBar,
         figure.cpu_microseconds / limit.cpu_microseconds);
  return ratio >= kBar ? 0 : 1;
}

}  // namespace
}  // namespace masthead::notifications::mail

int main(int argc, char** argv) {
  int letters = 20'000;
  if (argc > 1 && (!absl::SimpleAtoi(argv[1], &letters) || letters <= 0)) {
    fprintf(stderr, "usage: smtp_bench [letters a round]\n");
    return 2;
  }
  return masthead::notifications::mail::Run(letters);
}
