#include "services/articles/reading/single_flight.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;

const Scope kPatient = {.deadline = absl::InfiniteFuture()};

TEST(SingleFlight, WorksOnceForACrowd) {
  SingleFlight<int> flights;
  std::atomic<int> works = 0;
  std::atomic<int> waiting = 0;
  std::vector<std::thread> crowd;
  for (int i = 0; i < 16; ++i) {
    crowd.emplace_back([&] {
      ++waiting;
      EXPECT_THAT(flights.Do("key", kPatient,
                             [&]() -> absl::StatusOr<int> {
                               while (waiting < 16) std::this_thread::yield();
                               absl::SleepFor(absl::Milliseconds(20));
                               return ++works;
                             }),
                  IsOkAndHolds(::testing::Ge(1)));
    });
  }
  for (std::thread& caller : crowd) caller.join();

  EXPECT_LE(works, 2) << "a caller may come after the flight";
}

TEST(SingleFlight, GivesEveryKeyItsOwn) {
  SingleFlight<int> flights;
  EXPECT_THAT(flights.Do("a", kPatient, [] { return absl::StatusOr<int>(1); }), IsOkAndHolds(1));
  EXPECT_THAT(flights.Do("b", kPatient, [] { return absl::StatusOr<int>(2); }), IsOkAndHolds(2));
  EXPECT_THAT(flights.Do("a", kPatient, [] { return absl::StatusOr<int>(3); }), IsOkAndHolds(3));
}

TEST(SingleFlight, OneCallersDeadlineDoesNotSpoilTheOthers) {
  SingleFlight<int> flights;
  std::atomic<bool> leads = false;
  std::atomic<bool> give_up = false;
  std::thread hasty([&] {
    EXPECT_THAT(flights.Do("key", kPatient,
                           [&]() -> absl::StatusOr<int> {
                             leads = true;
                             while (!give_up) std::this_thread::yield();
                             return absl::DeadlineExceededError("mine");
                           }),
                StatusIs(absl::StatusCode::kDeadlineExceeded));
  });
  while (!leads) std::this_thread::yield();
  std::thread patient(
      [&] { EXPECT_THAT(flights.Do("key", kPatient, [] { return absl::StatusOr<int>(7); }), IsOkAndHolds(7)); });
  EXPECT_THAT(
      flights.Do("key", {.deadline = absl::Now() + absl::Milliseconds(20)}, [] { return absl::StatusOr<int>(8); }),
      StatusIs(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED"));
  give_up = true;
  hasty.join();
  patient.join();
}

}  // namespace
}  // namespace masthead::articles
