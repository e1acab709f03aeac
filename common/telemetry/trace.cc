#include "common/telemetry/trace.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace masthead::telemetry {
namespace {

thread_local TraceContext current;

// Tells spans apart; guards nothing, so it need not be unpredictable.
uint64_t RandomBits() {
  thread_local std::mt19937_64 generator = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return generator();
}

// Never zero: a zero ID is invalid (W3C Trace Context §3.2.2.3).
uint64_t RandomId() {
  uint64_t id = RandomBits();
  while (id == 0) id = RandomBits();
  return id;
}

bool IsLowerHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(absl::string_view text) { return IsLowerHex(text) && text.find_first_not_of('0') != absl::string_view::npos; }

// version(2)-trace_id(32)-parent_id(16)-flags(2); a later version may have more after another dash (§3.2, §4.3).
constexpr size_t kLength = 55;

bool IsTraceparent(absl::string_view text) {
  if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const absl::string_view version = text.substr(0, 2);
  if (!IsLowerHex(version) || version == "ff") return false;
  if (text.size() > kLength && (version == "00" || text[kLength] != '-')) return false;
  return IsId(text.substr(3, 32)) && IsId(text.substr(36, 16)) && IsLowerHex(text.substr(53, 2));
}

bool IsSampled(absl::string_view flags) {
  const char low = flags[1];
  return ((low <= '9' ? low - '0' : low - 'a' + 10) & 1) != 0;
}

}  // namespace

TraceContext TraceContext::ChildOf(absl::string_view traceparent) {
  TraceContext context;
  if (IsTraceparent(traceparent)) {
    context.trace_id = std::string(traceparent.substr(3, 32));
    context.sampled = IsSampled(traceparent.substr(53, 2));
  } else {
    context.trace_id = absl::StrFormat("%016x%016x", RandomBits(), RandomId());
  }
  context.span_id = absl::StrFormat("%016x", RandomId());
  return context;
}

std::string TraceContext::ToTraceparent() const {
  if (trace_id.empty()) return "";
  return absl::StrCat("00-", trace_id, "-", span_id, sampled ? "-01" : "-00");
}

TraceScope::TraceScope(TraceContext context) : previous_(std::exchange(current, std::move(context))) {}

TraceScope::~TraceScope() { current = std::move(previous_); }

const TraceContext& CurrentTrace() { return current; }

}  // namespace masthead::telemetry
