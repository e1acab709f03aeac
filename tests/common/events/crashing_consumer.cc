// A consumer in a process of its own, for tests that kill it: crashing_consumer OWNER_DSN OUR_DSN COUNT follows the
// owner's feed until COUNT events are applied or parked, and exits with 0. An event of the type story.deadly kills it.
#include <signal.h>

#include <cstdlib>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/events/consumer.h"
#include "tests/common/events/newsroom.h"
#include "tests/common/events/source.h"

namespace masthead::events {
namespace {

constexpr char kCountDone[] = R"sql(
  SELECT (SELECT count(*) FROM effect) + (SELECT count(*) FROM parked_event)
)sql";

absl::Status Apply(db::Transaction& tx, const Record& event) {
  if (event.type == "story.deadly") raise(SIGKILL);
  tx.Query(kInsertEffect, event.event_id, event.resource, event.revision);
  return absl::OkStatus();
}

int Run(const std::string& owner_dsn, const std::string& our_dsn, int64_t count) {
  db::Database owner({.dsn = owner_dsn});
  db::Database ours({.dsn = our_dsn});
  Feed feed(owner, TestKey());
  Source source(feed);
  Consumer consumer(ours, {.source = "articles", .open = source.opener(), .apply = Apply, .max_attempts = 3});
  consumer.Start();
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (absl::Now() < deadline) {
    const absl::StatusOr<int64_t> done =
        ours.Read(Soon(), [](db::Transaction& tx) { return tx.Query(kCountDone).front()[0].as<int64_t>(); });
    if (done.ok() && *done >= count) return EXIT_SUCCESS;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace masthead::events

int main(int argc, char** argv) {
  int64_t count = 0;
  if (argc != 4 || !absl::SimpleAtoi(argv[3], &count)) return EXIT_FAILURE;
  return masthead::events::Run(argv[1], argv[2], count);
}
