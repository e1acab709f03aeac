// Our fan-out of one message beside a plain INSERT ... SELECT of the very same rows, in the same minute: rows a second.
//
//   fan_out_bench [recipients, by default 1000000]
//
// One in a hundred has left the topic, one in two hundred is suppressed. Ours goes slice by slice with exclusions,
// chunks and watermarks; the plain statement copies the finished deliveries, in one transaction, into a table with the
// same keys. Five rounds, taken in turns; medians. Exits with 1 below the bar.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/crypto/mac.h"
#include "services/notifications/messages/fan_out.h"
#include "services/notifications/schema.h"
#include "tests/support/test_database.h"

namespace masthead::notifications {
namespace {

constexpr double kBar = 0.5;
constexpr int kRounds = 5;

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <typename Work>
double Seconds(Work work) {
  const absl::Time start = absl::Now();
  work();
  return absl::ToDoubleSeconds(absl::Now() - start);
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
      INSERT INTO suppressions (address_hash, reason) SELECT address_hash, 'HARD_BOUNCE' FROM endpoints WHERE number % 200 = 1;
      CREATE TABLE plain (LIKE deliveries INCLUDING ALL) WITH (fillfactor = 70))sql"));
  postgres.Execute("VACUUM ANALYZE recipients, endpoints, subscriptions, suppressions");
}

void MakeMessage(testing::TestDatabase& postgres, int round) {
  postgres.Execute(absl::StrCat(
      R"sql(
      INSERT INTO messages (id, dedupe_key, state, lane, duplicate_policy, topics, template, template_revision, article, headline, dek, byline, url,
                            contact_address, language_code, expire_time)
      SELECT 'm)sql",
      round, "', 'm", round,
      R"sql(', 'PREPARING', 'BREAKING', 'AT_MOST_ONCE', ARRAY[number], 'alert', 1, '', '', '', '', '', '', '',
             db_now() + interval '4 hours'
      FROM topics WHERE id = 'breaking';
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

int Run(int64_t recipients) {
  testing::TestDatabase postgres(Schema());
  events::Feed feed(postgres.database(), crypto::MacKey::Random());
  rpc::Bell progress;
  FanOut fan_out(postgres.database(), feed, progress);
  MakeAudience(postgres, recipients);

  std::vector<double> ours, plain;
  for (int round = 1; round <= kRounds; ++round) {
    postgres.Execute("TRUNCATE deliveries, exclusions, chunks, plain; CHECKPOINT");
    MakeMessage(postgres, round);
    bool done = false;
    ours.push_back(Seconds([&] { done = FanOutAll(fan_out); }));
    const std::string accounts = postgres.QueryValue(
        "SELECT candidates || ' = ' || deliveries || ' + ' || exclusions FROM messages ORDER BY number DESC LIMIT 1");
    postgres.Execute("CHECKPOINT");
    plain.push_back(Seconds([&] { postgres.Execute("INSERT INTO plain SELECT * FROM deliveries ORDER BY seq"); }));
    std::printf("round %d: fan-out %.2f s (%s), plain INSERT ... SELECT %.2f s\n", round, ours.back(), accounts.c_str(),
                plain.back());
    if (!done) return 1;
  }
  const double ratio = Median(plain) / Median(ours);
  std::printf("fan-out of %lld recipients: %.0f rows/s; plain: %.0f rows/s; ratio %.2f (bar %.2f)\n",
              static_cast<long long>(recipients), static_cast<double>(recipients) / Median(ours),
              static_cast<double>(recipients) / Median(plain), ratio, kBar);
  return ratio >= kBar ? 0 : 1;
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
