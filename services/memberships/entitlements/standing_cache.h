// What some members may have, kept in memory for a moment, so that whoever reads on is not looked up for each page.
//
// Kept is the standing, never a decision: its grants begin and end by the clock while it is kept. Nothing older than
// `freshness` is told, whatever happens to the database meanwhile; that also bounds how late another process's changes
// are seen. What this process changed it forgets at once, and a standing that was being loaded during such a change is
// not kept.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/clock/clock.h"
#include "services/memberships/entitlements/access.h"

namespace masthead::memberships {

// Thread-safe. Of the members it can hold, it keeps those that were asked about last.
class StandingCache {
 public:
  // A standing, and what the database's clock shows now.
  struct Known {
    std::shared_ptr<const Standing> standing;
    absl::Time now;
  };

  // The beginning of a load.
  struct Ticket {
    uint64_t generation = 0;
    absl::Time time;
  };

  // Keeps nothing if `freshness` or `max_bytes` is zero.
  StandingCache(const Clock& clock, absl::Duration freshness, size_t max_bytes);

  // nullopt if it is not kept, or too old.
  std::optional<Known> Find(absl::string_view member_id);

  // To be taken before what is then kept is read.
  Ticket BeginLoad(absl::string_view member_id) const;

  // `standing` without anything from a network, as it was when the database's clock showed `now`.
  void Keep(absl::string_view member_id, Standing standing, absl::Time now, const Ticket& ticket);

  // A change of the member was committed.
  void Forget(absl::string_view member_id);

  // What is kept, in bytes of memory.
  size_t bytes() const;

 private:
  static constexpr size_t kShards = 16;
  static constexpr size_t kGenerations = 4096;

  struct Kept {
    std::string member_id;
    std::shared_ptr<const Standing> standing;
    absl::Time load_time;      // By our clock, before it was read.
    absl::Time database_time;  // By the database's, when it was read.
    size_t bytes = 0;
  };
  using Position = std::list<Kept>::iterator;

  struct Shard {
    mutable Mutex mutex;
    std::list<Kept> by_use ABSL_GUARDED_BY(mutex);                                    // The latest used first.
    absl::flat_hash_map<absl::string_view, Position> members ABSL_GUARDED_BY(mutex);  // Keys live in `by_use`.
    size_t bytes ABSL_GUARDED_BY(mutex) = 0;
  };

  static size_t Hash(absl::string_view member_id);
  // Of the member, and of some others: to take one of these for changed costs a load.
  std::atomic<uint64_t>& GenerationOf(size_t hash) const { return generations_[hash / kShards % kGenerations]; }
  Shard& ShardOf(size_t hash) { return shards_[hash % kShards]; }
  bool IsFresh(absl::Time load_time, absl::Time now) const;
  static void Remove(Shard& shard, Position position) ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  const Clock& clock_;
  const absl::Duration freshness_;
  const size_t max_shard_bytes_;
  mutable std::array<std::atomic<uint64_t>, kGenerations> generations_ = {};
  std::array<Shard, kShards> shards_;
};

}  // namespace masthead::memberships
