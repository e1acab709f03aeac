// The renewal run beside what it writes: 100,000 subscriptions whose month ended, billed by the clock.
//
//   renewal_bench [--subscriptions=100000] [--bare=10000]
//
// The clock runs as the worker runs it, in batches of 100; a third of the way it is thrown out of a transaction, and
// goes on. It is measured after a fiftieth, when Postgres has been told of what the tables hold: no paper bills into
// empty books but once. Then the rows that it wrote for `bare` of them are inserted again, one statement each, into
// tables without anything but their keys, as many to a transaction. Exits with 1 if a subscription was not billed
// exactly once, if the process grew by more than kMostGrowth between the first and the last tenth, or if the clock
// bills less than kBar times as many a second as the bare loop could write.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/crypto/mac.h"
#include "common/events/feed.h"
#include "common/failpoint/failpoint.h"
#include "pqxx/pqxx"
#include "services/memberships/memberships.h"
#include "services/memberships/subscriptions/billing_clock.h"
#include "tests/support/test_database.h"

ABSL_FLAG(int, subscriptions, 100'000, "How many are due.");
ABSL_FLAG(int, bare, 10'000, "Of how many the rows are inserted again.");

namespace masthead::memberships {
namespace {

constexpr int kAtATime = 100;
constexpr double kBar = 0.3;
constexpr int64_t kMostGrowth = 32 << 20;

constexpr const char* kWritten[] = {"invoices",       "invoice_lines",        "payments", "ledger_transactions",
                                    "ledger_entries", "subscription_changes", "event"};

void Fill(testing::TestDatabase& postgres, int subscriptions) {
  postgres.Execute(R"sql(
    INSERT INTO tiers (id, display_name, description, benefits, state, revision, create_time, update_time)
    VALUES ('gold', 'Gold', '', '{}', 'ACTIVE', 1, now(), now());
    INSERT INTO prices (id, tier_id, display_name, currency, amount, interval_unit, interval_count, tax_basis_points, state,
                        revision, create_time, update_time)
    VALUES ('monthly', 'gold', 'Gold', 'EUR', 500, 'MONTH', 1, 2000, 'ACTIVE', 1, now(), now());
  )sql");
  const std::string series = absl::StrCat(" FROM generate_series(1, ", subscriptions, ") i;");
  postgres.Execute(absl::StrCat(R"sql(
    INSERT INTO members (id, wrapped_key, person, address_index, address_domain, locale, time_zone, labels, state, revision,
                         create_time, update_time)
    SELECT 'reader-' || i, '\x00', '\x00', sha256(i::text::bytea), 'example.org', '', '', '{}', 'ACTIVE', 1, now(), now()
  )sql",
                                series, R"sql(
    INSERT INTO subscriptions (id, member_id, tier_id, price_id, product_group, state, collection, currency, amount,
                               interval_unit, interval_count, tax_basis_points, grace_days, time_zone, anchor_time,
                               period_index, period_start_time, period_end_time, period_paid, access_end_time, provider,
                               payment_method, next_action_time, revision, create_time, update_time)
    SELECT 's-' || i, 'reader-' || i, 'gold', 'monthly', 'membership', 'ACTIVE', 'AUTOMATIC', 'EUR', 500, 'MONTH', 1, 2000, 21,
           'UTC', now() - interval '1 month', 0, now() - interval '1 month', now() - interval '1 minute', true,
           now() + interval '21 days', 'ledgerpay', 'pm_ok', now() - interval '1 minute', 1, now(), now()
  )sql",
                                series));
  postgres.Execute("ANALYZE");
}

int64_t ResidentBytes() {
  int64_t pages = 0;
  int64_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * 4096;
}

struct Run {
  double per_second = 0;
  int64_t growth = 0;
  bool interrupted = false;
};

Run RunClock(testing::TestDatabase& postgres, events::Feed& feed, int subscriptions) {
  Run run;
  int done = 0;
  int before = 0;
  int64_t early = 0;
  absl::Time start;
  for (;;) {
    const Scope scope = {.deadline = absl::Now() + absl::Seconds(60)};
    if (!run.interrupted && done >= subscriptions / 3) {
      run.interrupted = true;
      const failpoint::ScopedFailpoints armed("memberships.billing.before_commit=throw@1");
      try {
        RunDueSubscriptions(postgres.database(), feed, scope, kAtATime).IgnoreError();
      } catch (const failpoint::InjectedFailure&) {
        continue;
      }
    }
    const absl::StatusOr<int> moved = RunDueSubscriptions(postgres.database(), feed, scope, kAtATime);
    if (!moved.ok()) {
      std::cerr << moved.status() << std::endl;
      std::exit(2);
    }
    if (*moved == 0) break;
    done += *moved;
    if (before == 0 && done >= subscriptions / 50) {
      postgres.Execute("ANALYZE");
      before = done;
      start = absl::Now();
    }
    if (early == 0 && done >= subscriptions / 10) early = ResidentBytes();
  }
  run.per_second = (done - before) / absl::ToDoubleSeconds(absl::Now() - start);
  run.growth = ResidentBytes() - early;
  return run;
}

// How many subscriptions a second the bare loop could write the rows of.
double BareRate(const std::string& dsn, int subscriptions, int of) {
  pqxx::connection connection(dsn);
  struct Row {
    const char* table;
    std::string text;
  };
  std::vector<Row> rows;
  for (const char* table : kWritten) {
    pqxx::nontransaction work(connection);
    work.exec(absl::StrCat("CREATE TABLE bare_", table, " (LIKE ", table, " INCLUDING INDEXES)"));
    const int64_t written = work.exec1(absl::StrCat("SELECT count(*) FROM ", table))[0].as<int64_t>();
    const pqxx::result some =
        work.exec(absl::StrCat("SELECT t::text FROM ", table, " t LIMIT ", written * of / subscriptions));
    for (const pqxx::row& row : some) rows.push_back({table, row[0].as<std::string>()});
    connection.prepare(table, absl::StrCat("INSERT INTO bare_", table, " SELECT (r.t).* FROM (SELECT $1::", table,
                                           " AS t OFFSET 0) r"));
  }
  const size_t rows_of_batch = rows.size() * kAtATime / of;
  const absl::Time start = absl::Now();
  for (size_t begin = 0; begin < rows.size(); begin += rows_of_batch) {
    pqxx::work work(connection);
    for (size_t i = begin; i < std::min(begin + rows_of_batch, rows.size()); ++i) {
      work.exec_prepared0(rows[i].table, rows[i].text);
    }
    work.commit();
  }
  return of / absl::ToDoubleSeconds(absl::Now() - start);
}

bool IsBilledOnce(testing::TestDatabase& postgres, int subscriptions) {
  const std::string wanted = absl::StrCat(subscriptions);
  return postgres.QueryValue("SELECT count(*) FROM invoices") == wanted &&
         postgres.QueryValue("SELECT count(DISTINCT subscription_id) FROM invoices WHERE period_index = 1") == wanted &&
         postgres.QueryValue("SELECT count(*) FROM payments WHERE attempt = 1") == wanted &&
         postgres.QueryValue("SELECT count(*) FROM payments") == wanted &&
         postgres.QueryValue("SELECT count(*) FROM subscriptions WHERE next_action_time > now()") == wanted;
}

int Main() {
  const int subscriptions = absl::GetFlag(FLAGS_subscriptions);
  const int bare = std::min(absl::GetFlag(FLAGS_bare), subscriptions);
  testing::TestDatabase postgres(Schema());
  Fill(postgres, subscriptions);
  events::Feed feed(postgres.database(), crypto::MacKey::Random());
  const Run run = RunClock(postgres, feed, subscriptions);
  const bool once = IsBilledOnce(postgres, subscriptions);
  const double limit = BareRate(postgres.dsn(), subscriptions, bare);
  const double ratio = run.per_second / limit;
  std::printf("renewed   %8.0f subscriptions/s, interrupted once and resumed: %s, each billed once: %s\n",
              run.per_second, run.interrupted ? "yes" : "no", once ? "yes" : "NO");
  std::printf("bare      %8.0f subscriptions/s, the same rows\n", limit);
  std::printf("ratio     %8.2f (bar %.2f)\n", ratio, kBar);
  std::printf("memory    %+8.1f MiB from the first tenth to the end\n", run.growth / 1048576.0);
  return once && ratio >= kBar && run.growth <= kMostGrowth ? 0 : 1;
}

}  // namespace
}  // namespace masthead::memberships

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return masthead::memberships::Main();
}
