// Our fan-out of one message beside a plain INSERT ... SELECT of the very same rows, in the same minute: Postgres' CPU
// for a row, and rows a second.
//
//   fan_out_bench [recipients, by default 1000000]
//
// Everybody follows the first topic, every second reader the other one too; one in a hundred has left the first, one in
// two hundred is suppressed. A message of one topic, and one of both. Ours goes slice by slice with exclusions, chunks
// and watermarks; the plain statement copies the finished deliveries as they lie, in one transaction, into a table with
// the same keys. Five rounds, taken in turns; medians. Exits with 1 below the bar.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/crypto/mac.h"
#include "services/notifications/messages/fan_out.h"
#include "services/notifications/schema.h"
#include "tests/bench/process_cpu.h"
#include "tests/support/test_database.h"

namespace masthead::notifications {
namespace {

constexpr double kBar = 0.5;
constexpr int kRounds = 5;

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Cost {
  std::vector<double> seconds = {};
  std::vector<double> cpu_seconds = {};
};

// CPU of the sessions of the database so far.
double SessionsCpu(testing::TestDatabase& postgres) {
  const std::string pids = postgres.QueryValue(
      "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE datname = current_database() AND backend_type = "
      "'client backend'");
  absl::Duration cpu;
  for (absl::string_view text : absl::StrSplit(pids, ' ')) {
    int pid = 0;
    if (absl::SimpleAtoi(text, &pid)) cpu += bench::CpuOf(pid);
  }
  return absl::ToDoubleSeconds(cpu);
}

template <typename Work>
void Measure(testing::TestDatabase& postgres, Cost& cost, Work work) {
  postgres.Execute("CHECKPOINT");
  const double cpu = SessionsCpu(postgres);
  const absl::Time start = absl::Now();
  work();
  cost.seconds.push_back(absl::ToDoubleSeconds(absl::Now() - start));
  cost.cpu_seconds.push_back(SessionsCpu(postgres) - cpu);
}

void MakeAudience(testing::TestDatabase& postgres, int64_t recipients) {
  postgres.Execute(absl::StrCat(R"sql(
      INSERT INTO recipients (id) SELECT 'r' || i FROM generate_series(1, )sql",
                                recipients, R"sql() AS i;
      INSERT INTO endpoints (recipient_number, id, mailbox, address_hash)
      SELECT number, 'email', id || '@readers.example', sha256((id || '@readers.example')::bytea) FROM recipients;
      INSERT INTO subscriptions (topic_number, recipient_number, state, source, state_time, create_time)
      SELECT t.number, r.number, CASE WHEN r.number % 100 = 0 THEN 'UNSUBSCRIBED' ELSE 'ACTIVE' END, 'CONSENT', db_now(), db_now()
      FROM recipients r, topics t WHERE t.id = 'breaking';
      INSERT INTO topics (id, source, category, lane) VALUES ('section-war', 'SECTION', 'ALERT', 'ALERT');
      INSERT INTO subscriptions (topic_number, recipient_number, state, source, state_time, create_time)
      SELECT t.number, r.number, 'ACTIVE', 'CONSENT', db_now(), db_now()
      FROM recipients r, topics t WHERE t.id = 'section-war' AND r.number % 2 = 1;
      INSERT INTO suppressions (address_hash, reason) SELECT address_hash, 'HARD_BOUNCE' FROM endpoints WHERE number % 200 = 1;
      CREATE TABLE plain (LIKE deliveries INCLUDING ALL) WITH (fillfactor = 70))sql"));
  postgres.Execute("VACUUM ANALYZE recipients, endpoints, subscriptions, suppressions");
}

void MakeMessage(testing::TestDatabase& postgres, const std::string& id, const std::string& topics) {
  postgres.Execute(absl::StrCat(
      R"sql(
      INSERT INTO messages (id, dedupe_key, state, lane, duplicate_policy, topics, template, template_revision, article, headline, dek, byline, url,
                            contact_address, language_code, expire_time)
      SELECT ')sql",
      id, "', '", id,
      R"sql(', 'PREPARING', 'BREAKING', 'AT_MOST_ONCE', array_agg(number ORDER BY number), 'alert', 1, '', '', '', '', '', '', '',
             db_now() + interval '4 hours'
      FROM topics WHERE id IN ()sql",
      topics, R"sql();
      INSERT INTO fanouts (message_number, lane, topics, edge, frozen_time)
      SELECT number, lane, topics, (SELECT max(number) FROM recipients), create_time FROM messages WHERE state = 'PREPARING')sql"));
}

// Returns false if a step failed.
bool FanOutAll(FanOut& fan_out) {
  const Cancellation never;
  for (;;) {
    const absl::StatusOr<bool> more = fan_out.Step(never);
    if (!more.ok()) std::fprintf(stderr, "%s\n", more.status().ToString().c_str());
    if (!more.ok() || !*more) return more.ok();
  }
}

bool Compare(testing::TestDatabase& postgres, FanOut& fan_out, const std::string& title, const std::string& topics,
             int64_t recipients) {
  Cost ours, plain;
  for (int round = 1; round <= kRounds; ++round) {
    postgres.Execute("TRUNCATE deliveries, exclusions, chunks, plain");
    MakeMessage(postgres, absl::StrCat(title, round), topics);
    bool done = false;
    Measure(postgres, ours, [&] { done = FanOutAll(fan_out); });
    const std::string accounts = postgres.QueryValue(
        "SELECT candidates || ' = ' || deliveries || ' + ' || exclusions FROM messages ORDER BY number DESC LIMIT 1");
    Measure(postgres, plain, [&] { postgres.Execute("INSERT INTO plain SELECT * FROM deliveries"); });
    std::printf("%s, round %d: fan-out %.2f s, %.2f s of CPU (%s); plain INSERT ... SELECT %.2f s, %.2f s of CPU\n",
                title.c_str(), round, ours.seconds.back(), ours.cpu_seconds.back(), accounts.c_str(),
                plain.seconds.back(), plain.cpu_seconds.back());
    if (!done) return false;
  }
  const double by_cpu = Median(plain.cpu_seconds) / Median(ours.cpu_seconds);
  std::printf("%s, %lld recipients: %.2f by CPU (%.2f to %.2f us a row; bar %.2f), %.2f by rate (%.0f rows/s)\n",
              title.c_str(), static_cast<long long>(recipients), by_cpu,
              Median(ours.cpu_seconds) * 1e6 / static_cast<double>(recipients),
              Median(plain.cpu_seconds) * 1e6 / static_cast<double>(recipients), kBar,
              Median(plain.seconds) / Median(ours.seconds), static_cast<double>(recipients) / Median(ours.seconds));
  return by_cpu >= kBar;
}

int Run(int64_t recipients) {
  testing::TestDatabase postgres(Schema());
  events::Feed feed(postgres.database(), crypto::MacKey::Random());
  rpc::Bell progress;
  FanOut fan_out(postgres.database(), feed, progress);
  MakeAudience(postgres, recipients);
  const bool one = Compare(postgres, fan_out, "one topic", "'breaking'", recipients);
  const bool two = Compare(postgres, fan_out, "two topics", "'breaking', 'section-war'", recipients);
  return one && two ? 0 : 1;
}

}  // namespace
}  // namespace masthead::notifications

int main(int argc, char** argv) {
  int64_t recipients = 1000000;
  if (argc > 1 && (!absl::SimpleAtoi(argv[1], &recipients) || recipients < 1)) {
    std::fprintf(stderr, "usage: fan_out_bench [recipients]\n");
    return 2;
  }
  return masthead::notifications::Run(recipients);
}
