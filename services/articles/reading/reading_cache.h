// Answers kept in memory, ready to be sent, for the articles that are read. Bounded by bytes; dropped by the service's
// own events.
//
// What is inserted was read from the database at some moment, and an event may have been followed since. So whoever
// fills the cache notes the generation before it reads; each event that is followed starts a new generation, and what
// was read in an older one is not kept. And of two fills, the one of the later version stays: what readers get never
// goes backwards.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/base/mutex.h"

namespace masthead::articles {

// Thread-safe. Closed, and so empty, until opened.
template <typename Answers>
class ReadingCache {
 public:
  struct Entry {
    std::string article;             // `articles/{article}`
    int64_t version = 0;             // Of the article, when it was read.
    size_t bytes = 0;                // What it costs.
    std::vector<std::string> shown;  // Other resources that the answers show.
    Answers answers;
  };
  using Handle = std::shared_ptr<const Entry>;

  explicit ReadingCache(size_t max_bytes) : max_shard_bytes_(max_bytes / kShards) {}

  // Null if it is not kept. `key` is an article's name or a path.
  Handle Find(absl::string_view key) const {
    Shard& shard = ShardOf(key);
    MutexLock lock(shard.mutex);
    const auto found = shard.entries.find(key);
    if (found == shard.entries.end()) return nullptr;
    shard.by_use.splice(shard.by_use.begin(), shard.by_use, found->second);
    return found->second->entry;
  }

  // To be noted before what is then inserted is read.
  uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

  void Insert(absl::string_view key, Handle entry, uint64_t generation) {
    if (entry->bytes > max_shard_bytes_) return;
    Shard& shard = ShardOf(key);
    MutexLock lock(shard.mutex);
    if (!open_.load(std::memory_order_acquire) || generation_.load(std::memory_order_acquire) != generation) return;
    const auto found = shard.entries.find(key);
    if (found != shard.entries.end()) {
      const Entry& kept = *found->second->entry;
      if (kept.article == entry->article && kept.version > entry->version) return;
      Remove(shard, found->second);
    }
    shard.bytes += entry->bytes;
    shard.by_use.push_front({std::string(key), std::move(entry)});
    shard.entries[shard.by_use.front().key] = shard.by_use.begin();
    while (shard.bytes > max_shard_bytes_) Remove(shard, std::prev(shard.by_use.end()));
  }

  // The article is at `version` now, and whatever stands at `path` is another.
  void Invalidate(absl::string_view article, int64_t version, absl::string_view path) {
    RemoveIf([&](const Kept& kept) {
      return (kept.entry->article == article && kept.entry->version < version) ||
             (kept.key == path && kept.entry->article != article);
    });
  }

  // A section, tag or contributor looks different now.
  void InvalidateShown(absl::string_view resource) {
    RemoveIf([&](const Kept& kept) {
      return std::find(kept.entry->shown.begin(), kept.entry->shown.end(), resource) != kept.entry->shown.end();
    });
  }

  void Open() { open_.store(true, std::memory_order_release); }

  // Forgets everything and keeps nothing: events can no longer be followed.
  void Close() {
    open_.store(false, std::memory_order_release);
    RemoveIf([](const Kept&) { return true; });
  }

  size_t bytes() const {
    size_t bytes = 0;
    for (Shard& shard : shards_) {
      MutexLock lock(shard.mutex);
      bytes += shard.bytes;
    }
    return bytes;
  }

 private:
  static constexpr size_t kShards = 16;

  struct Kept {
    std::string key;
    Handle entry;
  };
  using Position = typename std::list<Kept>::iterator;

  struct Shard {
    Mutex mutex;
    std::list<Kept> by_use ABSL_GUARDED_BY(mutex);                                    // The latest used first.
    absl::flat_hash_map<absl::string_view, Position> entries ABSL_GUARDED_BY(mutex);  // Keys live in `by_use`.
    size_t bytes ABSL_GUARDED_BY(mutex) = 0;
  };

  Shard& ShardOf(absl::string_view key) const { return shards_[absl::Hash<absl::string_view>()(key) % kShards]; }

  static void Remove(Shard& shard, Position position) ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex) {
    shard.bytes -= position->entry->bytes;
    shard.entries.erase(position->key);
    shard.by_use.erase(position);
  }

  // Looks at every entry: publications are rare, reads are not. The generation first, so that no fill slips in behind
  // the removal.
  void RemoveIf(const std::function<bool(const Kept&)>& outdated) {
    generation_.fetch_add(1, std::memory_order_acq_rel);
    for (Shard& shard : shards_) {
      MutexLock lock(shard.mutex);
      for (Position position = shard.by_use.begin(); position != shard.by_use.end();) {
        const Position candidate = position++;
        if (outdated(*candidate)) Remove(shard, candidate);
      }
    }
  }

  const size_t max_shard_bytes_;
  std::atomic<bool> open_ = false;
  std::atomic<uint64_t> generation_ = 0;
  mutable std::array<Shard, kShards> shards_;
};

}  // namespace masthead::articles
