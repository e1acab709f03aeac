// Where a reader stands in a feed, as a token that only the feed's owner can make.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"

namespace masthead::events {

// After the event (xid, seq).
struct Position {
  uint64_t xid = 0;
  int64_t seq = 0;
  auto operator<=>(const Position&) const = default;
};

// The line of history that positions belong to. Transaction ids are used again after a failover that lost commits and
// after a restore: the position alone would then skip events in silence.
struct Lineage {
  std::string epoch;      // A UUID of the schema's.
  uint64_t system = 0;    // The database cluster's identifier.
  uint32_t timeline = 0;  // Grows with each failover.
  bool operator==(const Lineage&) const = default;
};

struct Cursor {
  Lineage lineage;
  Position position;
};

// Makes and reads cursors. Thread-safe.
class CursorCodec {
 public:
  explicit CursorCodec(crypto::MacKey key) : key_(std::move(key)) {}

  std::string Make(const Cursor& cursor) const;

  // INVALID_ARGUMENT, CURSOR_INVALID, with one constant text, for anything that Make() did not make with this key.
  absl::StatusOr<Cursor> Read(const std::string& token) const;

 private:
  crypto::MacKey key_;
};

}  // namespace masthead::events
