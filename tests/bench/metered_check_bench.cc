// A metered check beside what it costs at least: one row written and committed.
//
//   metered_check_bench [--seconds=3] [--callers=16]
//
// In turns, five rounds, medians: an UPDATE of one of 8,000 rows on a connection of its own for each caller, as pgbench
// does; CheckAccess that counts a new article of one of 8,000 readers; and CheckAccess of an article that was counted
// before. Postgres keeps what it commits, as it does for a newspaper. The server is a process of its own, plain text on
// loopback, and whoever calls takes as little of the machine as can be. Exits with 1 if counting is below the bar, with
// 2 if what was answered was not counted.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "masthead/memberships/v1/entitlements_service.grpc.pb.h"
#include "masthead/memberships/v1/plans_service.grpc.pb.h"
#include "pqxx/pqxx"
#include "services/memberships/memberships.h"
#include "tests/bench/call_load.h"
#include "tests/bench/measured_calls.h"
#include "tests/bench/memberships_server.h"
#include "tests/bench/server_process.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

ABSL_FLAG(double, seconds, 3, "Length of one measurement.");
ABSL_FLAG(int, callers, 16, "Calls in flight.");
ABSL_FLAG(std::string, role, "", "For the program's own children.");
ABSL_FLAG(std::string, dsn, "", "For the program's own children.");

namespace masthead::memberships {
namespace {

constexpr int kRounds = 5;
constexpr int kReaders = 8000;  // So many that a reader's meter stays as short as a newspaper's are.
constexpr int kMostPerSecond = 30'000;
constexpr double kBar = 0.6;

// UPDATEs a second, by all callers together, each on its own connection.
double UpdateRate(const std::string& dsn) {
  std::atomic<bool> stop = false;
  std::atomic<int64_t> done = 0;
  std::vector<std::thread> callers;
  const absl::Time start = absl::Now();
  for (int i = 0; i < absl::GetFlag(FLAGS_callers); ++i) {
    callers.emplace_back([&] {
      std::mt19937_64 random(std::random_device{}());
      pqxx::connection connection(dsn);
      connection.prepare("update", "UPDATE bench SET n = n + 1 WHERE id = $1");
      while (!stop) {
        pqxx::nontransaction work(connection);
        if (work.exec_prepared("update", static_cast<int>(random() % kReaders)).affected_rows() != 1) std::exit(2);
        ++done;
      }
    });
  }
  absl::SleepFor(absl::Seconds(absl::GetFlag(FLAGS_seconds)));
  stop = true;
  for (std::thread& caller : callers) caller.join();
  return static_cast<double>(done) / absl::ToDoubleSeconds(absl::Now() - start);
}

v1::CheckAccessRequest Question(const std::string& reader, const std::string& article) {
  v1::CheckAccessRequest request;
  request.set_anonymous_reader(reader);
  request.set_article(article);
  request.mutable_requirement()->set_level(v1::AccessRequirement::MEMBERS);
  return request;
}

class Client {
 public:
  explicit Client(const bench::ServerProcess& server)
      : token_(server.word(1)), channel_(grpc::CreateChannel(server.target(), grpc::InsecureChannelCredentials())) {}

  template <typename Stub, typename Request, typename Response>
  Response Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), const Request& request) {
    Stub stub(channel_);
    grpc::ClientContext context;
    testing::Authorize(context, token_);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) {
      std::cerr << status.error_message() << std::endl;
      std::exit(2);
    }
    return response;
  }

  bool IsOpened(const std::string& reader, const std::string& article) {
    return Ask(&v1::EntitlementsService::Stub::CheckAccess, Question(reader, article)).reason() ==
           v1::AccessDecision::METERED;
  }

 private:
  const std::string token_;
  std::shared_ptr<grpc::Channel> channel_;
};

std::vector<std::string> Prepare(Client& client, testing::TestDatabase& postgres) {
  v1::CreateMeterPolicyRequest policy;
  policy.set_meter_policy_id("monthly");
  policy.mutable_meter_policy()->set_display_name("Many");
  policy.mutable_meter_policy()->add_levels(v1::AccessRequirement::MEMBERS);
  policy.mutable_meter_policy()->set_window(v1::MeterPolicy::MONTH);
  policy.mutable_meter_policy()->set_time_zone("Europe/Kyiv");
  policy.mutable_meter_policy()->mutable_anonymous_max_views()->set_value(1000);
  client.Ask(&v1::PlansService::Stub::CreateMeterPolicy, policy);
  postgres.Execute(absl::StrCat("CREATE TABLE bench (id integer PRIMARY KEY, n bigint) WITH (fillfactor = 80); ",
                                "INSERT INTO bench SELECT i, 0 FROM generate_series(0, ", kReaders - 1, ") AS i"));
  std::vector<std::string> readers;
  for (int i = 0; i < kReaders; ++i) {
    readers.push_back(
        client.Ask(&v1::EntitlementsService::Stub::IssueAnonymousReader, v1::IssueAnonymousReaderRequest())
            .anonymous_reader());
    if (!client.IsOpened(readers.back(), "articles/again")) std::exit(2);
  }
  return readers;
}

// Calls a second; adds how many were answered to `answered`.
double CheckRate(const bench::ServerProcess& server, const std::vector<std::string>& requests, int64_t& answered) {
  bench::CallLoad load(server.target(), 1, "/masthead.memberships.v1.EntitlementsService/CheckAccess", requests,
                       server.word(1));
  const bench::Outcome outcome = load.Closed(absl::GetFlag(FLAGS_callers), absl::Seconds(absl::GetFlag(FLAGS_seconds)));
  if (outcome.failed > 0 || !outcome.refusals.empty()) std::exit(2);
  answered += outcome.ok;
  return static_cast<double>(outcome.ok) / absl::ToDoubleSeconds(outcome.length);
}

int Run() {
  setenv("MASTHEAD_DURABLE_POSTGRES", "yes", 1);
  testing::TestDatabase postgres(Schema());
  const bench::ServerProcess server({"--role=memberships", absl::StrCat("--dsn=", postgres.dsn())});
  Client client(server);
  const std::vector<std::string> readers = Prepare(client, postgres);
  std::vector<std::string> known;
  for (const std::string& reader : readers) known.push_back(Question(reader, "articles/again").SerializeAsString());

  std::vector<double> updates;
  std::vector<double> counted;
  std::vector<double> read_again;
  int64_t views = 0;
  int64_t others = 0;
  for (int round = 0; round < kRounds; ++round) {
    // More than can be asked in the time, so that none is asked twice; each reader's are far apart.
    std::vector<std::string> fresh;
    for (int i = 0; i < absl::GetFlag(FLAGS_seconds) * kMostPerSecond; ++i) {
      fresh.push_back(Question(readers[i % kReaders], absl::StrCat("articles/a", round, "-", i)).SerializeAsString());
    }
    updates.push_back(UpdateRate(postgres.dsn()));
    counted.push_back(CheckRate(server, fresh, views));
    read_again.push_back(CheckRate(server, known, others));
  }
  const std::string kept = postgres.QueryValue("SELECT sum(cardinality(articles)) FROM meters");
  if (std::stoll(kept) < views + kReaders) {
    std::cerr << views << " views were answered, and " << kept << " articles are kept" << std::endl;
    return 2;
  }
  const double ratio = bench::Median(counted) / bench::Median(updates);
  std::printf("%d callers, medians of %d\n", absl::GetFlag(FLAGS_callers), kRounds);
  std::printf("%-28s %8.0f a second\n", "UPDATE of one row", bench::Median(updates));
  std::printf("%-28s %8.0f a second   %.2f (bar %.2f)\n", "CheckAccess that counts", bench::Median(counted), ratio,
              kBar);
  std::printf("%-28s %8.0f a second   %.2f\n", "CheckAccess, read before", bench::Median(read_again),
              bench::Median(read_again) / bench::Median(updates));
  return ratio >= kBar ? 0 : 1;
}

}  // namespace
}  // namespace masthead::memberships

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As our binaries do.
  if (absl::GetFlag(FLAGS_role) == "memberships") {
    return masthead::memberships::ServeMemberships(absl::GetFlag(FLAGS_dsn), 16,
                                                   {.standing_freshness = absl::Seconds(1)});
  }
  return masthead::memberships::Run();
}
