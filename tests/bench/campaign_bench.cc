// What readers notice of a large audience: how soon the first of them is told, whether a sign-in link waits behind a
// newsletter, and what the service needs for it.
//
//   campaign_bench [--recipients=1000000] [--alerts=20] [--sign_ins=200]
//
// The service runs in a process of its own, its letters go to Postfix's smtp-sink, unsigned. First alerts to everybody,
// one after the other: from the commit that makes the message to the record of its first hand-over; each is called off
// then. After that a newsletter to everybody at full rate, and a sign-in letter every 50 ms: from its acceptance to the
// record of its hand-over. Meanwhile the service's resident memory is read. Exits with 77 where smtp-sink cannot be
// had, with 1 beyond a bound.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/token.h"
#include "common/ids/uuid.h"
#include "common/rpc/server.h"
#include "grpcpp/create_channel.h"
#include "masthead/notifications/v1/alert_service.grpc.pb.h"
#include "masthead/notifications/v1/message_service.grpc.pb.h"
#include "masthead/notifications/v1/transactional_service.grpc.pb.h"
#include "services/notifications/notifications.h"
#include "services/notifications/schema.h"
#include "tests/bench/server_process.h"
#include "tests/bench/smtp_setting.h"
#include "tests/notifications/support/articles_stand_in.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

ABSL_FLAG(int, recipients, 1'000'000, "Readers who follow the topic.");
ABSL_FLAG(int, alerts, 20, "Alerts whose first hand-over is waited for.");
ABSL_FLAG(int, sign_ins, 200, "Sign-in letters during the newsletter.");
ABSL_FLAG(std::string, role, "", "For the program's own child.");
ABSL_FLAG(std::string, dsn, "", "For the program's own child.");
ABSL_FLAG(int, smtp_port, 0, "For the program's own child.");

namespace masthead::notifications {
namespace {

constexpr double kAlertBoundMilliseconds = 500;
constexpr double kSignInBoundMilliseconds = 1000;
constexpr double kResidentBoundMegabytes = 150;
// Between looks at what is on record, whose times do not depend on who looks: seldom, so that looking costs nothing.
constexpr absl::Duration kGlance = absl::Milliseconds(50);

double ResidentMegabytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

int Serve() {
  db::Database database({.dsn = absl::GetFlag(FLAGS_dsn), .max_connections = 16});
  const auto nowhere = grpc::CreateChannel("ipv4:127.0.0.1:1", grpc::InsecureChannelCredentials());
  ArticlesStandIn articles;
  articles.Publish({.id = "talks", .headline = "They have signed"});
  NotificationsOptions options;
  options.letters = {.from = "alerts@news.example",
                     .from_name = "The Example",
                     .return_path = "bounces@news.example",
                     .domain = "news.example",
                     .public_base_url = "https://news.example",
                     .site_url = "https://news.example"};
  options.route.smtp.host = "127.0.0.1";
  options.route.smtp.port = static_cast<uint16_t>(absl::GetFlag(FLAGS_smtp_port));
  options.route.smtp.tls = mail::SmtpTls::kNone;
  Notifications notifications(database, crypto::MacKey::Random(), articles.channel(), nowhere, std::move(options));
  const testing::TestIdentity identity;
  const auth::Authenticator authenticator(identity.keys(), Clock::System());
  rpc::Server server({.listen = "127.0.0.1:0", .health_listen = "", .lame_duck_quiet = absl::ZeroDuration()},
                     authenticator, grpc::InsecureServerCredentials(), [] { return absl::OkStatus(); });
  for (const rpc::Service* service : notifications.services()) server.Add(*service);
  if (const absl::Status started = server.Start(); !started.ok()) {
    std::cerr << started << std::endl;
    return 1;
  }
  notifications.StartSending();
  const std::string token = identity.BackendToken({"notifications.read", "notifications.write", "notifications.send"});
  bench::ServeUntilInputEnds(absl::StrCat(server.port(), " ", token));
  server.Drain();
  notifications.StopWorkers();
  return 0;
}

void MakeAudience(testing::TestDatabase& postgres, int recipients) {
  postgres.Execute(absl::StrCat(R"sql(
      INSERT INTO recipients (id) SELECT 'r' || i FROM generate_series(1, )sql",
                                recipients, R"sql() AS i;
      INSERT INTO endpoints (recipient_number, id, mailbox, address_hash)
      SELECT number, 'email', id || '@readers.example', sha256((id || '@readers.example')::bytea) FROM recipients;
      INSERT INTO subscriptions (topic_number, recipient_number, state, source, state_time, create_time)
      SELECT t.number, r.number, 'ACTIVE', 'CONSENT', db_now(), db_now()
      FROM recipients r, topics t WHERE t.id = 'breaking')sql"));
  postgres.Execute("VACUUM ANALYZE recipients, endpoints, subscriptions");
}

// In one transaction, as the start of a campaign makes it.
void MakeNewsletter(testing::TestDatabase& postgres) {
  postgres.Execute(R"sql(
      WITH made AS (
        INSERT INTO messages (id, dedupe_key, state, lane, duplicate_policy, topics, template, template_revision, article, headline, dek,
                              byline, url, contact_address, language_code, source, expire_time)
        SELECT 'newsletter', 'newsletter', 'PREPARING', 'NEWSLETTER', 'AT_MOST_ONCE', ARRAY[number], 'alert', 1, 'articles/talks',
               'They have signed', 'After three days', 'the news desk', 'https://news.example/talks', '', 'en', 'CAMPAIGN',
               db_now() + interval '4 hours'
        FROM topics WHERE id = 'breaking'
        RETURNING number, lane, topics, create_time
      )
      INSERT INTO fanouts (message_number, lane, topics, edge, frozen_time)
      SELECT number, lane, topics, (SELECT max(number) FROM recipients), create_time FROM made)sql");
}

// Milliseconds from the message's making to its first hand-over; 0 as long as there was none.
double FirstHandOver(testing::TestDatabase& postgres, const std::string& id) {
  double milliseconds = 0;
  const std::string text = postgres.QueryValue(absl::StrCat(
      "SELECT extract(epoch FROM min(d.finish_time) - min(m.create_time)) * 1000 FROM messages m JOIN deliveries d ON "
      "d.message_number = m.number WHERE m.id = '",
      id, "' AND d.state = 'SENT'"));
  return absl::SimpleAtod(text, &milliseconds) ? milliseconds : 0;
}

double Percentile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<size_t>(part * static_cast<double>(values.size())))];
}

class Client {
 public:
  Client(const std::shared_ptr<grpc::Channel>& channel, std::string token)
      : messages_(v1::MessageService::NewStub(channel)),
        transactional_(v1::TransactionalService::NewStub(channel)),
        alerts_(v1::AlertService::NewStub(channel)),
        token_(std::move(token)) {}

  void Cancel(const std::string& id) {
    grpc::ClientContext context;
    testing::Authorize(context, token_);
    v1::CancelMessageRequest request;
    request.set_name(absl::StrCat("messages/", id));
    v1::Message message;
    Check(messages_->CancelMessage(&context, request, &message));
  }

  // The message's ID.
  std::string PublishAlert() {
    grpc::ClientContext context;
    testing::Authorize(context, token_);
    v1::PublishAlertRequest request;
    request.set_article("articles/talks");
    request.add_topics("topics/breaking");
    request.set_request_id(ids::NewUuid());
    v1::PublishAlertResponse response;
    Check(alerts_->PublishAlert(&context, request, &response));
    return IdOf(response.message());
  }

  // The message's ID.
  std::string SendSignIn(int number) {
    grpc::ClientContext context;
    testing::Authorize(context, token_);
    v1::SendTransactionalRequest request;
    request.set_template_("templates/sign-in");
    request.set_address(absl::StrCat("somebody-", number, "@readers.example"));
    (*request.mutable_values())["link"] = "https://news.example/s/token";
    request.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(1)));
    request.set_request_id(ids::NewUuid());
    v1::Message message;
    Check(transactional_->SendTransactional(&context, request, &message));
    return IdOf(message);
  }

 private:
  static std::string IdOf(const v1::Message& message) { return message.name().substr(message.name().find('/') + 1); }

  static void Check(const grpc::Status& status) {
    if (status.ok()) return;
    std::cerr << status.error_message() << std::endl;
    exit(2);
  }

  const std::unique_ptr<v1::MessageService::Stub> messages_;
  const std::unique_ptr<v1::TransactionalService::Stub> transactional_;
  const std::unique_ptr<v1::AlertService::Stub> alerts_;
  const std::string token_;
};

bool Within(const char* what, double value, const char* unit, double bound) {
  std::printf("%s: %.0f %s (bound %.0f)\n", what, value, unit, bound);
  return value <= bound;
}

bool MeasureAlerts(testing::TestDatabase& postgres, Client& client) {
  std::vector<double> waits;
  for (int i = 0; i < absl::GetFlag(FLAGS_alerts); ++i) {
    const std::string id = client.PublishAlert();
    double wait = 0;
    while ((wait = FirstHandOver(postgres, id)) == 0) absl::SleepFor(kGlance);
    waits.push_back(wait);
    client.Cancel(id);
    while (postgres.QueryValue("SELECT count(*) FROM chunks") != "0") absl::SleepFor(absl::Milliseconds(100));
  }
  std::printf("an alert's first hand-over, median: %.0f ms\n", Percentile(waits, 0.5));
  return Within("its 99th percentile", Percentile(waits, 0.99), "ms", kAlertBoundMilliseconds);
}

bool MeasureNewsletter(testing::TestDatabase& postgres, Client& client) {
  MakeNewsletter(postgres);
  const absl::Time start = absl::Now();
  while (FirstHandOver(postgres, "newsletter") == 0) absl::SleepFor(absl::Milliseconds(20));
  std::vector<std::string> ids;
  for (int i = 0; i < absl::GetFlag(FLAGS_sign_ins); ++i) {
    ids.push_back(client.SendSignIn(i));
    absl::SleepFor(absl::Milliseconds(50));
  }
  absl::SleepFor(absl::Seconds(2));
  std::vector<double> waits;
  for (const std::string& id : ids) {
    const double wait = FirstHandOver(postgres, id);
    waits.push_back(wait == 0 ? 1e6 : wait);  // Not sent at all by now.
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  double sent = 0;
  const bool counted = absl::SimpleAtod(postgres.QueryValue("SELECT sum(c.sent) FROM counters c JOIN messages m ON "
                                                            "m.number = c.message_number WHERE m.id = 'newsletter'"),
                                        &sent);
  std::printf("meanwhile the newsletter: %.0f letters in %.1f s, %.0f a second\n", counted ? sent : 0, seconds,
              sent / seconds);
  std::printf("a sign-in letter's hand-over, median: %.0f ms\n", Percentile(waits, 0.5));
  return Within("its 99th percentile", Percentile(waits, 0.99), "ms", kSignInBoundMilliseconds);
}

int Run() {
  const std::string tools = mail::PostfixTools();
  if (tools.empty()) {
    std::cerr << "NOT MEASURED: smtp-sink cannot be had here (see above)." << std::endl;
    return mail::kNotMeasured;
  }
  const mail::PostfixSink sink(tools);
  testing::TestDatabase postgres(Schema());
  MakeAudience(postgres, absl::GetFlag(FLAGS_recipients));
  const bench::ServerProcess server(
      {"--role=notifications", absl::StrCat("--dsn=", postgres.dsn()), absl::StrCat("--smtp_port=", sink.port())});
  Client client(grpc::CreateChannel(server.target(), grpc::InsecureChannelCredentials()), server.word(1));
  const bool soon = MeasureAlerts(postgres, client);
  const bool overtakes = MeasureNewsletter(postgres, client);
  const bool small = Within("the service's resident memory at its most", ResidentMegabytes(server.pid()), "MB",
                            kResidentBoundMegabytes);
  return soon && overtakes && small ? 0 : 1;
}

}  // namespace
}  // namespace masthead::notifications

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return absl::GetFlag(FLAGS_role).empty() ? masthead::notifications::Run() : masthead::notifications::Serve();
}
