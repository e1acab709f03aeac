// Letters signed with RSA-2048 and handed over to Postfix's smtp-sink, beside the signatures that `openssl speed` makes
// on as many cores.
//
//   signing_bench [letters a round]
//
// One thread signs ahead of the one that sends, as the service does, so that one core signs while the other hands over;
// `openssl speed` has one core. Five rounds, taken in turns; medians. Exits with 77 where smtp-sink cannot be had, with
// 1 below the bar.
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "openssl/rsa.h"
#include "services/notifications/dkim/signer.h"
#include "services/notifications/mail/smtp_route.h"
#include "tests/bench/smtp_setting.h"

namespace masthead::notifications::mail {
namespace {

constexpr double kBar = 0.85;
constexpr int kRounds = 5;
constexpr int kWindow = 64;

// Signatures a second of one core, as openssl counts them.
double OpensslSpeed() {
  FILE* pipe = popen("openssl speed -mr -seconds 2 rsa2048 2>/dev/null", "r");
  double signatures = 0;
  for (char line[4096]; pipe != nullptr && fgets(line, sizeof(line), pipe) != nullptr;) {
    // "+F2:2:2048:<signatures a second>:<verifications a second>"
    const std::vector<std::string> fields = absl::StrSplit(absl::string_view(line), ':');
    if (fields[0] == "+F2" && fields.size() >= 5 && !absl::SimpleAtod(fields[3], &signatures)) signatures = 0;
  }
  if (pipe == nullptr || pclose(pipe) != 0 || signatures == 0) {
    fprintf(stderr, "openssl speed told nothing\n");
    exit(1);
  }
  return signatures;
}

std::shared_ptr<const dkim::SigningKey> NewKey() {
  EVP_PKEY* key = EVP_RSA_gen(2048);
  BIO* pem = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(pem, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* bytes = nullptr;
  const auto size = static_cast<size_t>(BIO_get_mem_data(pem, &bytes));
  auto made = std::make_shared<const dkim::SigningKey>(*dkim::SigningKey::FromPem(std::string(bytes, size)));
  BIO_free(pem);
  EVP_PKEY_free(key);
  return made;
}

std::vector<Envelope> SignedWindow(const LetterTemplate& letter, const std::vector<dkim::Identity>& identities,
                                   int first, int count) {
  dkim::BodyHashes hashes;
  std::vector<Envelope> window;
  for (int i = first; i < first + count; ++i) {
    window.push_back(
        {.id = i,
         .mail_from = "desk@news.example",
         .rcpt_to = "reader@example.com",
         .bytes = *dkim::Sign(ComposeOne(letter, i), identities, absl::FromUnixSeconds(1700000000), hashes)});
  }
  return window;
}

Figure ByOurs(uint16_t port, int letters, const LetterTemplate& letter, const std::vector<dkim::Identity>& identities) {
  SmtpRouteOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.tls = SmtpTls::kNone;
  options.max_connections = 8;
  options.max_messages_per_connection = static_cast<size_t>(letters) + 1;
  SmtpRoute route(options);
  const double before = OwnCpuSeconds();
  const absl::Time start = absl::Now();
  const auto sign = [&](int first) {
    return std::async(std::launch::async, [&, first] {
      return SignedWindow(letter, identities, first, std::min(kWindow, letters - first));
    });
  };
  std::future<std::vector<Envelope>> next = sign(0);
  for (int done = 0; done < letters; done += kWindow) {
    std::vector<Envelope> window = next.get();
    if (done + kWindow < letters) next = sign(done + kWindow);
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

int Run(int letters) {
  const std::string tools = PostfixTools();
  if (tools.empty()) {
    fprintf(stderr, "NOT MEASURED: smtp-sink cannot be had here (see above).\n");
    return kNotMeasured;
  }
  const LetterTemplate letter = *LetterTemplate::Compile(FiveKilobytes());
  const std::vector<dkim::Identity> identities = {{.domain = "news.example", .selector = "s1", .key = NewKey()}};
  const PostfixSink sink(tools);
  std::vector<Figure> limits, ours;
  for (int round = 0; round < kRounds; ++round) {
    limits.push_back({.letters_per_second = OpensslSpeed()});
    ours.push_back(ByOurs(sink.port(), letters, letter, identities));
  }
  const Figure limit = Median(limits);
  const Figure figure = Median(ours);
  const double ratio = figure.letters_per_second / limit.letters_per_second;
  printf(
      "%.0f signed letters a second, %.0f us of CPU each; openssl speed: %.0f signatures a second; ratio %.2f (bar "
      "%.2f)\n",
      figure.letters_per_second, figure.cpu_microseconds, limit.letters_per_second, ratio, kBar);
  return ratio >= kBar ? 0 : 1;
}

}  // namespace
}  // namespace masthead::notifications::mail

int main(int argc, char** argv) {
  int letters = 10'000;
  if (argc > 1 && (!absl::SimpleAtoi(argv[1], &letters) || letters <= 0)) {
    fprintf(stderr, "usage: signing_bench [letters a round]\n");
    return 2;
  }
  return masthead::notifications::mail::Run(letters);
}
