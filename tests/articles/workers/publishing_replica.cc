// A replica's schedule worker in a process of its own, for tests that kill it: publishing_replica DSN carries out what
// is due, and exits with 0 when nothing is left.
#include <cstdlib>
#include <iostream>

#include "absl/time/clock.h"
#include "common/clock/clock.h"
#include "common/crypto/mac.h"
#include "services/articles/articles.h"
#include "services/articles/workers/schedule_worker.h"

int main(int argc, char** argv) {
  using namespace masthead;
  if (argc != 2) return EXIT_FAILURE;
  db::Database database({.dsn = argv[1]});
  articles::Articles articles(database, Clock::System(), crypto::MacKey::Random());
  constexpr int kBatch = 50;
  for (;;) {
    const Scope scope = {.deadline = absl::Now() + absl::Seconds(30)};
    const absl::StatusOr<int> withdrawn = articles.schedule_worker().WithdrawDue(scope, kBatch, /*skip=*/0);
    const absl::StatusOr<int> published = articles.schedule_worker().PublishDue(scope, kBatch, /*skip=*/0);
    for (const absl::Status& status : {withdrawn.status(), published.status()}) {
      if (!status.ok()) std::cerr << status << std::endl;
    }
    if (withdrawn.ok() && published.ok() && *withdrawn + *published == 0) return EXIT_SUCCESS;
  }
}
