#include "common/auth/authenticator.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <list>
#include <unordered_map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/auth/jws.h"
#include "common/auth/token.h"
#include "common/base/errors.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/ids/uuid.h"

namespace masthead::auth {
namespace {

constexpr size_t kShards = 16;

// RFC 6750 section 2.1. Empty if `authorization` shows no bearer token.
absl::string_view BearerToken(absl::string_view authorization) {
  constexpr absl::string_view kScheme = "Bearer ";
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return {};
  return authorization.substr(kScheme.size());
}

std::shared_ptr<const Caller> Anonymous() {
  static const std::shared_ptr<const Caller>& caller = *new std::shared_ptr<const Caller>(std::make_shared<Caller>());
  return caller;
}

absl::Status KeysMissing() {
  return WithRetry(MakeError(absl::StatusCode::kUnavailable, "the keys that tokens are checked with are not here yet",
                             {kCommonErrorDomain, "SERVER_BUSY"}),
                   absl::Seconds(1));
}

}  // namespace

// What was verified, by the SHA-256 of the token: no token stays in memory. Least recently used ones leave first. Split
// into shards, so that threads seldom wait for one another.
class Authenticator::Cache {
 public:
  explicit Cache(size_t capacity) : shard_capacity_(std::max<size_t>(1, capacity / kShards)) {}

  // Null if the token is not known, has expired, or was verified with an older generation of keys.
  std::shared_ptr<const Caller> Find(const std::string& digest, int64_t generation, absl::Time now) {
    Shard& shard = ShardOf(digest);
    MutexLock lock(shard.mutex);
    const auto found = shard.entries.find(digest);
    if (found == shard.entries.end()) return nullptr;
    const auto entry = found->second;
    if (entry->generation != generation || entry->caller->expire_time + kClockSkew <= now) {
      shard.entries.erase(found);
      shard.by_use.erase(entry);
      return nullptr;
    }
    shard.by_use.splice(shard.by_use.begin(), shard.by_use, entry);
    return entry->caller;
  }

  void Insert(const std::string& digest, int64_t generation, std::shared_ptr<const Caller> caller) {
    Shard& shard = ShardOf(digest);
    MutexLock lock(shard.mutex);
    if (shard.entries.contains(digest)) return;
    if (shard.by_use.size() >= shard_capacity_) {
      shard.entries.erase(shard.by_use.back().digest);
      shard.by_use.pop_back();
    }
    shard.by_use.push_front({digest, generation, std::move(caller)});
    shard.entries.emplace(digest, shard.by_use.begin());
  }

 private:
  struct Entry {
    std::string digest;
    int64_t generation;
    std::shared_ptr<const Caller> caller;
  };

  // A digest is as good as random, and its bytes are as good as a hash of it.
  struct DigestHash {
    size_t operator()(const std::string& digest) const {
      size_t hash;
      std::memcpy(&hash, digest.data(), sizeof hash);
      return hash;
    }
  };

  struct alignas(64) Shard {
    Mutex mutex;
    std::list<Entry> by_use ABSL_GUARDED_BY(mutex);
    std::unordered_map<std::string, std::list<Entry>::iterator, DigestHash> entries ABSL_GUARDED_BY(mutex);
  };

  Shard& ShardOf(const std::string& digest) { return shards_[static_cast<unsigned char>(digest.back()) % kShards]; }

  const size_t shard_capacity_;
  std::array<Shard, kShards> shards_;
};

Authenticator::Authenticator(const KeySet& keys, const Clock& clock, AuthenticatorOptions options)
    : keys_(keys),
      clock_(clock),
      options_(std::move(options)),
      cache_(std::make_unique<Cache>(options_.max_cached_tokens)) {}

Authenticator::~Authenticator() = default;

absl::StatusOr<std::shared_ptr<const Caller>> Authenticator::Authenticate(const Credentials& credentials) const {
  if (!credentials.authorization.empty()) return FromToken(BearerToken(credentials.authorization));
  if (!credentials.spiffe_id.empty()) return FromSpiffeId(credentials.spiffe_id);
  return Anonymous();
}

absl::StatusOr<std::shared_ptr<const Caller>> Authenticator::FromToken(absl::string_view token) const {
  if (token.empty() || token.size() > kMaxTokenBytes) return CredentialsInvalid();
  const absl::Time now = clock_.Now();
  // Read before verifying: if keys change meanwhile, what was verified with the old ones does not outlive them.
  const int64_t generation = keys_.Generation();
  const std::string digest = crypto::Sha256(token);
  if (std::shared_ptr<const Caller> caller = cache_->Find(digest, generation, now)) return caller;
  if (!keys_.Ready()) return KeysMissing();
  ASSIGN_OR_RETURN(TokenClaims claims, VerifyToken(token, keys_, options_.issuer, options_.audience, now));
  auto caller = std::make_shared<const Caller>(std::move(claims.caller));
  cache_->Insert(digest, generation, caller);
  return caller;
}

absl::StatusOr<std::shared_ptr<const Caller>> Authenticator::FromSpiffeId(absl::string_view spiffe_id) const {
  absl::string_view service = spiffe_id;
  if (!absl::ConsumePrefix(&service, "spiffe://") || !absl::ConsumePrefix(&service, options_.trust_domain) ||
      !absl::ConsumePrefix(&service, "/") || !ids::IsResourceId(service)) {
    return CredentialsInvalid();
  }
  auto caller = std::make_shared<Caller>();
  caller->kind = Caller::Kind::kService;
  caller->subject = absl::StrCat("services/", service);
  return caller;
}

}  // namespace masthead::auth
