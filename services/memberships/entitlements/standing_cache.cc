#include "services/memberships/entitlements/standing_cache.h"

#include <iterator>
#include <utility>

#include "absl/hash/hash.h"

namespace masthead::memberships {
namespace {

// Of an entry beside what its texts take: the list's node, the index's slot and the block of the shared pointer.
constexpr size_t kEntryBytes = 256;

size_t BytesOf(absl::string_view member_id, const Standing& standing) {
  size_t bytes = kEntryBytes + member_id.size() + standing.grants.capacity() * sizeof(Grant);
  for (const Grant& grant : standing.grants) {
    bytes += grant.member_id.capacity() + grant.id.capacity() + grant.tier_id.capacity() + grant.reason.capacity();
  }
  return bytes;
}

}  // namespace

StandingCache::StandingCache(const Clock& clock, absl::Duration freshness, size_t max_bytes)
    : clock_(clock), freshness_(freshness), max_shard_bytes_(max_bytes / kShards) {}

size_t StandingCache::Hash(absl::string_view member_id) { return absl::Hash<absl::string_view>()(member_id); }

// A clock that was put back makes nothing young again.
bool StandingCache::IsFresh(absl::Time load_time, absl::Time now) const {
  return now >= load_time && now - load_time < freshness_;
}

std::optional<StandingCache::Known> StandingCache::Find(absl::string_view member_id) {
  if (freshness_ <= absl::ZeroDuration()) return std::nullopt;
  const absl::Time now = clock_.Now();
  Shard& shard = ShardOf(Hash(member_id));
  MutexLock lock(shard.mutex);
  const auto found = shard.members.find(member_id);
  if (found == shard.members.end()) return std::nullopt;
  const Position position = found->second;
  if (!IsFresh(position->load_time, now)) {
    Remove(shard, position);
    return std::nullopt;
  }
  shard.by_use.splice(shard.by_use.begin(), shard.by_use, position);
  // The load took a part of that time, so this is rather ahead: an end is not missed.
  return Known{position->standing, position->database_time + (now - position->load_time)};
}

StandingCache::Ticket StandingCache::BeginLoad(absl::string_view member_id) const {
  return {.generation = GenerationOf(Hash(member_id)).load(std::memory_order_acquire), .time = clock_.Now()};
}

void StandingCache::Keep(absl::string_view member_id, Standing standing, absl::Time now, const Ticket& ticket) {
  if (!IsFresh(ticket.time, clock_.Now())) return;
  Kept kept = {.member_id = std::string(member_id),
               .standing = nullptr,
               .load_time = ticket.time,
               .database_time = now,
               .bytes = BytesOf(member_id, standing)};
  kept.standing = std::make_shared<const Standing>(std::move(standing));
  const size_t hash = Hash(member_id);
  Shard& shard = ShardOf(hash);
  MutexLock lock(shard.mutex);
  if (kept.bytes > max_shard_bytes_ || GenerationOf(hash).load(std::memory_order_acquire) != ticket.generation) return;
  if (const auto found = shard.members.find(member_id); found != shard.members.end()) {
    if (found->second->load_time > kept.load_time) return;
    Remove(shard, found->second);
  }
  shard.bytes += kept.bytes;
  shard.by_use.push_front(std::move(kept));
  shard.members[shard.by_use.front().member_id] = shard.by_use.begin();
  while (shard.bytes > max_shard_bytes_) Remove(shard, std::prev(shard.by_use.end()));
}

// The generation first, so that no load slips in behind the removal.
void StandingCache::Forget(absl::string_view member_id) {
  const size_t hash = Hash(member_id);
  GenerationOf(hash).fetch_add(1, std::memory_order_acq_rel);
  Shard& shard = ShardOf(hash);
  MutexLock lock(shard.mutex);
  if (const auto found = shard.members.find(member_id); found != shard.members.end()) Remove(shard, found->second);
}

size_t StandingCache::bytes() const {
  size_t bytes = 0;
  for (const Shard& shard : shards_) {
    MutexLock lock(shard.mutex);
    bytes += shard.bytes;
  }
  return bytes;
}

void StandingCache::Remove(Shard& shard, Position position) {
  shard.bytes -= position->bytes;
  shard.members.erase(position->member_id);
  shard.by_use.erase(position);
}

}  // namespace masthead::memberships
