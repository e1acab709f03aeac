#include "common/telemetry/trace.h"

#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::telemetry {
namespace {

using ::testing::MatchesRegex;

constexpr char kTraceId[] = "0af7651916cd43dd8448eb211c80319c";
constexpr char kParent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(Traceparent, GoesOnWithTheTraceUnderASpanOfItsOwn) {
  const TraceContext child = TraceContext::ChildOf(kParent);
  EXPECT_EQ(child.trace_id, kTraceId);
  EXPECT_NE(child.span_id, "b7ad6b7169203331");
  EXPECT_THAT(child.span_id, MatchesRegex("[0-9a-f]{16}"));
  EXPECT_THAT(child.ToTraceparent(), MatchesRegex("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01"));
}

TEST(Traceparent, KeepsTheDecisionNotToSample) {
  EXPECT_FALSE(TraceContext::ChildOf("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00").sampled);
  EXPECT_FALSE(TraceContext::ChildOf("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-f2").sampled);
  EXPECT_TRUE(TraceContext::ChildOf("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0b").sampled);
}

TEST(Traceparent, UnderstandsLaterVersions) {
  EXPECT_EQ(TraceContext::ChildOf("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").trace_id, kTraceId);
  EXPECT_EQ(TraceContext::ChildOf("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what").trace_id, kTraceId);
}

TEST(Traceparent, StartsANewTraceWhenMalformed) {
  const std::vector<std::string> malformed = {
      "",
      "x",
      "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "00-00000000000000000000000000000000-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
      "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
      "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01what",
      "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  };
  for (const std::string& text : malformed) {
    const TraceContext root = TraceContext::ChildOf(text);
    EXPECT_NE(root.trace_id, kTraceId) << text;
    EXPECT_THAT(root.ToTraceparent(), MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01")) << text;
  }
}

TEST(TraceScope, NestsAndEnds) {
  EXPECT_TRUE(CurrentTrace().trace_id.empty());
  EXPECT_EQ(CurrentTrace().ToTraceparent(), "");
  {
    const TraceScope outer(TraceContext::ChildOf(kParent));
    const std::string span = CurrentTrace().span_id;
    {
      const TraceScope inner(TraceContext::ChildOf(""));
      EXPECT_NE(CurrentTrace().trace_id, kTraceId);
    }
    EXPECT_EQ(CurrentTrace().trace_id, kTraceId);
    EXPECT_EQ(CurrentTrace().span_id, span);
    std::thread([] { EXPECT_TRUE(CurrentTrace().trace_id.empty()); }).join();
  }
  EXPECT_TRUE(CurrentTrace().trace_id.empty());
}

}  // namespace
}  // namespace masthead::telemetry
