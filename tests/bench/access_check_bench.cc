// CheckAccess beside a bare raw-callback echo of the same bytes: what the server's CPU pays for a call, and calls a
// second; with few members in the database and with many.
//
//   access_check_bench [--members=1000,1000000] [--seconds=2] [--in_flight=64]
//
// The echo, then for each number of members CheckAccess of one member with a tier, are measured in turns, five rounds;
// medians. Every member has a grant. Each server is a process of its own, plain text on loopback, and knows a standing
// for a second, as it does by default: the loads of that second are in the figures. Beside them, without a bar, a
// thousand members asked about in turn. Exits with 1 if a call costs too much, or more among many members than among
// few.
#include <algorithm>
#include <cstdio>
#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/create_channel.h"
#include "masthead/memberships/v1/entitlements_service.grpc.pb.h"
#include "tests/bench/call_load.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/measured_calls.h"
#include "tests/bench/memberships_server.h"
#include "tests/bench/server_process.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

ABSL_FLAG(std::vector<std::string>, members, (std::vector<std::string>{"1000", "1000000"}), "Members in the database.");
ABSL_FLAG(double, seconds, 2, "Length of one measurement.");
ABSL_FLAG(int, in_flight, 64, "Calls in flight in the closed loop.");
ABSL_FLAG(std::string, role, "", "For the program's own children.");
ABSL_FLAG(std::string, dsn, "", "For the program's own children.");
ABSL_FLAG(int, response_bytes, 0, "For the program's own children.");

namespace masthead::memberships {
namespace {

constexpr int kRounds = 5;
constexpr double kBar = 0.70;
constexpr double kSpreadBar = 1.10;
constexpr int kReaders = 1000;  // Who are asked about in turn.
constexpr char kCheckMethod[] = "/masthead.memberships.v1.EntitlementsService/CheckAccess";

// Rows that need no checking: no keys looked up and no triggers, which would take longer than all the rest.
constexpr const char* kFill[] = {
    "SET session_replication_role = replica",
    R"sql(
      INSERT INTO tiers (id, display_name, description, benefits, state, revision, create_time, update_time)
      VALUES ('gold', 'Gold', '', '{}', 'ACTIVE', 1, now(), now())
    )sql",
    R"sql(
      INSERT INTO members (id, wrapped_key, person, address_index, address_domain, locale, time_zone, labels, state, revision, create_time,
                           update_time)
      SELECT 'reader-' || i, '\x00', '\x00', sha256(i::text::bytea), 'example.org', '', '', '{}', 'ACTIVE', 1, now(), now()
      FROM generate_series(0, $members - 1) i
    )sql",
    R"sql(
      INSERT INTO grants (member_id, id, tier_id, start_time, reason, revision, create_time)
      SELECT id, 'g', 'gold', now() - interval '1 day', '', 1, now() - interval '1 day' FROM members
    )sql",
    "RESET session_replication_role",
    "VACUUM ANALYZE",
};

v1::CheckAccessRequest Question(int reader) {
  v1::CheckAccessRequest request;
  request.set_member(absl::StrCat("members/reader-", reader));
  request.mutable_requirement()->set_level(v1::AccessRequirement::PLANS);
  request.mutable_requirement()->add_tiers("tiers/gold");
  return request;
}

// A database with so many members, and a server on it.
class Store {
 public:
  explicit Store(int members) : title_(absl::StrCat("CheckAccess, of ", members)) {
    for (const std::string statement : kFill) {
      postgres_.Execute(absl::StrReplaceAll(statement, {{"$members", absl::StrCat(members)}}));
    }
    server_ = std::make_unique<bench::ServerProcess>(
        std::vector<std::string>{"--role=memberships", absl::StrCat("--dsn=", postgres_.dsn())});
    one_.push_back(Question(members / 2).SerializeAsString());
    for (int i = 0; i < std::min(members, kReaders); ++i) many_.push_back(Question(i).SerializeAsString());
  }

  size_t BytesOfAnswer() const {
    const auto stub =
        v1::EntitlementsService::NewStub(grpc::CreateChannel(server_->target(), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    testing::Authorize(context, server_->word(1));
    v1::AccessDecision decision;
    const grpc::Status status = stub->CheckAccess(&context, Question(0), &decision);
    if (!status.ok() || !decision.granted()) {
      std::cerr << "a member was not let in: " << status.error_message() << std::endl;
      std::exit(2);
    }
    return decision.ByteSizeLong();
  }

  bench::MeasuredCalls AskAboutOne() const { return Ask(title_.c_str(), one_); }
  bench::MeasuredCalls AskAboutMany() const { return Ask("  a thousand in turn", many_); }

 private:
  bench::MeasuredCalls Ask(const char* title, const std::vector<std::string>& requests) const {
    return {title, server_->pid(), bench::CallLoad(server_->target(), 1, kCheckMethod, requests, server_->word(1))};
  }

  const std::string title_;
  testing::TestDatabase postgres_{Schema()};
  std::unique_ptr<bench::ServerProcess> server_;
  std::vector<std::string> one_;
  std::vector<std::string> many_;
};

// Whether all are cheap enough, and the dearest is not far from the cheapest.
bool Judge(const std::vector<bench::MeasuredCalls>& checks, const bench::MeasuredCalls& echo) {
  bool passed = true;
  std::vector<double> medians;
  for (const bench::MeasuredCalls& check : checks) {
    passed = bench::RatioByCpu(check, echo, kBar) >= kBar && passed;
    medians.push_back(bench::Median(check.cpu_micros));
  }
  const auto [cheapest, dearest] = std::minmax_element(medians.begin(), medians.end());
  const double spread = *dearest / *cheapest;
  std::printf("the dearest beside the cheapest: %.2f (bar %.2f)\n", spread, kSpreadBar);
  return passed && spread <= kSpreadBar;
}

int Run() {
  std::deque<Store> stores;
  for (const std::string& members : absl::GetFlag(FLAGS_members)) {
    int number = 0;
    if (!absl::SimpleAtoi(members, &number) || number < 1) {
      std::cerr << "--members takes numbers" << std::endl;
      return 2;
    }
    stores.emplace_back(number);
  }
  const size_t bytes = stores.front().BytesOfAnswer();
  const bench::ServerProcess echo_server({"--role=echo", absl::StrCat("--response_bytes=", bytes)});
  bench::MeasuredCalls echo = {
      "echo", echo_server.pid(),
      bench::CallLoad(echo_server.target(), 1, bench::kEchoMethod, Question(0).SerializeAsString(), "")};
  std::vector<bench::MeasuredCalls> checks;
  std::vector<bench::MeasuredCalls> in_turn;
  for (const Store& store : stores) {
    checks.push_back(store.AskAboutOne());
    in_turn.push_back(store.AskAboutMany());
  }

  const absl::Duration length = absl::Seconds(absl::GetFlag(FLAGS_seconds));
  const int in_flight = absl::GetFlag(FLAGS_in_flight);
  echo.load.Closed(in_flight, length / 4);
  for (bench::MeasuredCalls& check : checks) check.load.Closed(in_flight, length / 4);
  for (int round = 0; round < kRounds; ++round) {
    echo.Measure(in_flight, length);
    for (bench::MeasuredCalls& check : checks) check.Measure(in_flight, length);
    for (bench::MeasuredCalls& check : in_turn) check.Measure(in_flight, length);
  }
  std::printf("answers of %d bytes, %d in flight, medians of %d\n", static_cast<int>(bytes), in_flight, kRounds);
  std::printf("%-28s %8.1f us CPU %9.0f calls/s\n", echo.title, bench::Median(echo.cpu_micros),
              bench::Median(echo.rates));
  const bool passed = Judge(checks, echo);
  for (const bench::MeasuredCalls& check : in_turn) {
    std::printf("%-28s %8.1f us CPU %9.0f calls/s\n", check.title, bench::Median(check.cpu_micros),
                bench::Median(check.rates));
  }
  return passed ? 0 : 1;
}

}  // namespace
}  // namespace masthead::memberships

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As our binaries do.
  const std::string role = absl::GetFlag(FLAGS_role);
  if (role == "echo") return masthead::bench::ServeEcho(absl::GetFlag(FLAGS_response_bytes));
  if (role == "memberships") {
    return masthead::memberships::ServeMemberships(absl::GetFlag(FLAGS_dsn), 6,
                                                   {.standing_freshness = absl::Seconds(1)});
  }
  return masthead::memberships::Run();
}
