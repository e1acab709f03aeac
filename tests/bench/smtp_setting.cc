#include "tests/bench/smtp_setting.h"

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

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/notifications/mail/message_id.h"

namespace masthead::notifications::mail {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double CpuSeconds(const rusage& usage) { return Seconds(usage.ru_utime) + Seconds(usage.ru_stime); }

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

uint16_t FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(0);
  socklen_t length = sizeof(address);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0) abort();
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  close(fd);
  return ntohs(address.sin_port);
}

bool IsListening(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Loopback(port);
  const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return connected;
}

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

}  // namespace

Figure Median(std::vector<Figure> figures) {
  const auto middle = [&](double Figure::*part) {
    std::sort(figures.begin(), figures.end(), [part](const Figure& a, const Figure& b) { return a.*part < b.*part; });
    return figures[figures.size() / 2].*part;
  };
  return {middle(&Figure::letters_per_second), middle(&Figure::cpu_microseconds)};
}

double OwnCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return CpuSeconds(usage);
}

Figure RunSender(const std::vector<std::string>& command, int letters) {
  const absl::Time start = absl::Now();
  const pid_t child = Start(command);
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child || status != 0) {
    fprintf(stderr, "%s failed\n", command.front().c_str());
    exit(1);
  }
  return {letters / absl::ToDoubleSeconds(absl::Now() - start), CpuSeconds(usage) * 1e6 / letters};
}

std::string PostfixTools() {
  FILE* pipe = popen(POSTFIX_TOOLS, "r");
  char line[4096] = {};
  const bool read = pipe != nullptr && fgets(line, sizeof(line), pipe) != nullptr;
  return pipe != nullptr && pclose(pipe) == 0 && read ? std::string(absl::StripAsciiWhitespace(line)) : "";
}

PostfixSink::PostfixSink(const std::string& tools) : port_(FreePort()) {
  std::vector<std::string> command = {tools + "/smtp-sink"};
  if (geteuid() == 0) command.insert(command.end(), {"-u", "nobody"});  // It refuses to serve as root.
  command.insert(command.end(), {absl::StrCat("127.0.0.1:", port_), "1024"});
  pid_ = Start(command);
  const absl::Time patience = absl::Now() + absl::Seconds(10);
  while (!IsListening(port_)) {
    if (absl::Now() > patience) {
      fprintf(stderr, "smtp-sink does not listen\n");
      exit(1);
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
}

PostfixSink::~PostfixSink() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
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

}  // namespace masthead::notifications::mail
