#include "common/telemetry/metrics.h"

#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::telemetry {
namespace {

using ::testing::HasSubstr;

TEST(Metrics, AreTheSameForTheSameNameAndLabels) {
  prometheus::Counter& counter = Counter("masthead_test_letters_total", "Letters.", {{"desk", "city"}});
  EXPECT_EQ(&counter, &Counter("masthead_test_letters_total", "Letters.", {{"desk", "city"}}));
  EXPECT_NE(&counter, &Counter("masthead_test_letters_total", "Letters.", {{"desk", "world"}}));
}

TEST(Metrics, AreRenderedAsPrometheusText) {
  Counter("masthead_test_issues_total", "Issues.", {{"edition", "late"}}).Increment(3);
  Gauge("masthead_test_lag_seconds", "Lag.").Set(1.5);
  LatencySeconds("masthead_test_latency_seconds", "Latency.").Observe(0.002);
  const std::string text = RenderMetrics();
  EXPECT_THAT(text,
              HasSubstr("# TYPE masthead_test_issues_total counter\nmasthead_test_issues_total{edition=\"late\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("masthead_test_lag_seconds 1.5\n"));
  EXPECT_THAT(text, HasSubstr("masthead_test_latency_seconds_bucket{le=\"0.001\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("masthead_test_latency_seconds_bucket{le=\"0.0025\"} 1\n"));
}

TEST(Metrics, AreMadeOnceByManyThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 100; ++i) Counter("masthead_test_threads_total", "Threads.").Increment();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Counter("masthead_test_threads_total", "Threads.").Value(), 400);
}

}  // namespace
}  // namespace masthead::telemetry
