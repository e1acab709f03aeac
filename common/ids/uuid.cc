#include "common/ids/uuid.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/base/mutex.h"
#include "openssl/rand.h"

namespace masthead::ids {
namespace {

constexpr uint64_t kLow62Bits = (uint64_t{1} << 62) - 1;

// The 74 random bits of a version 7 UUID.
struct RandomBits {
  uint64_t high12;
  uint64_t low62;
};

uint64_t Random64() {
  unsigned char bytes[sizeof(uint64_t)];
  // Without random numbers every identifier would be a lie: there is no way on.
  if (RAND_bytes(bytes, sizeof bytes) != 1) std::abort();
  uint64_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

// Grows within a millisecond by random steps (RFC 9562 section 6.2, method 2), so that identifiers made in a row sort
// in that row.
class Sequence {
 public:
  RandomBits Next(int64_t millis) {
    const uint64_t random = Random64();
    MutexLock lock(mutex_);
    if (millis != last_millis_) {
      last_millis_ = millis;
      // The highest bit stays clear: room to grow.
      last_ = {Random64() & 0x7FF, random & kLow62Bits};
      return last_;
    }
    last_.low62 += 1 + (random & 0xFFFFFFFF);
    last_.high12 += last_.low62 >> 62;
    last_.low62 &= kLow62Bits;
    return last_;
  }

 private:
  Mutex mutex_;
  int64_t last_millis_ ABSL_GUARDED_BY(mutex_) = -1;
  RandomBits last_ ABSL_GUARDED_BY(mutex_) = {0, 0};
};

bool IsLowerHex(char c) { return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f'); }

bool IsLowerAlphanumeric(char c) { return absl::ascii_isdigit(c) || absl::ascii_islower(c); }

}  // namespace

std::string NewUuid(absl::Time now) {
  static Sequence& sequence = *new Sequence;
  const int64_t millis = absl::ToUnixMillis(now) & 0xFFFFFFFFFFFF;
  const RandomBits random = sequence.Next(millis);
  const uint64_t high = static_cast<uint64_t>(millis) << 16 | 0x7000 | random.high12;
  const uint64_t low = uint64_t{2} << 62 | random.low62;
  return absl::StrFormat("%08x-%04x-%04x-%04x-%012x", high >> 32, high >> 16 & 0xFFFF, high & 0xFFFF, low >> 48,
                         low & 0xFFFFFFFFFFFF);
}

std::string NewUuid() { return NewUuid(absl::Now()); }

bool IsUuid(absl::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : !IsLowerHex(text[i])) return false;
  }
  return true;
}

bool IsResourceId(absl::string_view text) {
  if (IsUuid(text)) return true;
  if (text.empty() || text.size() > 63 || !absl::ascii_islower(text.front()) || text.back() == '-') return false;
  for (char c : text) {
    if (!IsLowerAlphanumeric(c) && c != '-') return false;
  }
  return true;
}

}  // namespace masthead::ids
