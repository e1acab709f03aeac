#include "common/telemetry/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "common/telemetry/trace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/temporary_folder.h"

namespace masthead::telemetry {
namespace {

const absl::Time kTime = absl::FromUnixMicros(1'700'000'000'000'042);

nlohmann::json Parse(const std::string& line) { return nlohmann::json::parse(line); }

TEST(LogLine, IsOneJsonObjectWithTimeSeverityMessageAndFields) {
  const nlohmann::json line = Parse(FormatLogLine(kTime, Severity::kWarning, "event parked", {{"source", "articles"}}));
  EXPECT_EQ(line, (nlohmann::json{{"time", "2023-11-14T22:13:20.000042Z"},
                                  {"severity", "WARNING"},
                                  {"message", "event parked"},
                                  {"source", "articles"}}));
}

TEST(LogLine, NamesTheTraceOfTheThread) {
  const TraceScope scope(TraceContext{.trace_id = "0af7651916cd43dd8448eb211c80319c", .span_id = "b7ad6b7169203331"});
  const nlohmann::json line = Parse(FormatLogLine(kTime, Severity::kInfo, "m", {}));
  EXPECT_EQ(line["trace_id"], "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(line["span_id"], "b7ad6b7169203331");
}

TEST(LogLine, EscapesWhatWouldBreakTheLine) {
  const std::string nasty = std::string("a\"b\\c\nd\te") + '\0' + "\x7f\x1b[31m";
  const std::string line = FormatLogLine(kTime, Severity::kError, nasty, {});
  EXPECT_EQ(Parse(line)["message"], nasty);
  EXPECT_THAT(line, ::testing::Not(::testing::HasSubstr("\n")));
  EXPECT_THAT(line, ::testing::Not(::testing::HasSubstr("\x1b")));
}

TEST(LogLine, KeepsUtf8AndReplacesWhatIsNone) {
  struct Case {
    std::string bytes;
    std::string shown;
  };
  const std::vector<Case> cases = {
      {"Київ €", "Київ €"},
      {"\xF0\x9F\x97\x9E", "\xF0\x9F\x97\x9E"},
      {"a\xFF"
       "b",
       "a\uFFFDb"},
      {"\xC0\xAF", "\uFFFD\uFFFD"},                      // Overlong.
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},            // A surrogate.
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},  // Beyond U+10FFFF.
      {"cut \xE2\x82", "cut \uFFFD\uFFFD"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Parse(FormatLogLine(kTime, Severity::kInfo, c.bytes, {}))["message"], c.shown);
  }
}

TEST(Log, KeepsLinesOfSeveralThreadsApart) {
  const masthead::testing::TemporaryFolder folder;
  const std::string path = folder / "lines";
  const int saved = dup(STDERR_FILENO);
  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
  dup2(file, STDERR_FILENO);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 200; ++i) Info("a line", {{"filler", std::string(500, 'x')}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(file);

  std::ifstream in(path);
  int lines = 0;
  for (std::string line; std::getline(in, line); ++lines) EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  EXPECT_EQ(lines, 800);
}

TEST(LogLimit, AdmitsOneLineAnInterval) {
  LogLimit limit(absl::Hours(1));
  EXPECT_TRUE(limit.Admit());
  EXPECT_FALSE(limit.Admit());
}

}  // namespace
}  // namespace masthead::telemetry
