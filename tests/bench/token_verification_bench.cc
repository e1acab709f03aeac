// What authenticating one call costs: a token seen before, and one seen for the first time. Medians of 5 runs; one
// thread, then as many as the machine has. The limit beside the first figure is the SHA-256 of the same token, the
// least that looking it up can cost.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/authenticator.h"
#include "common/auth/key_set.h"
#include "common/auth/token.h"
#include "common/crypto/mac.h"

namespace masthead::auth {
namespace {

constexpr int kRuns = 5;
constexpr size_t kTokens = 1000;
constexpr size_t kCachedCalls = 1000000;

double Microseconds(const std::function<void()>& work) {
  std::vector<double> runs;
  for (int i = 0; i < kRuns; ++i) {
    const absl::Time start = absl::Now();
    work();
    runs.push_back(absl::ToDoubleMicroseconds(absl::Now() - start));
  }
  std::nth_element(runs.begin(), runs.begin() + kRuns / 2, runs.end());
  return runs[kRuns / 2];
}

std::vector<std::string> MakeAuthorizations(const SigningKey& key, size_t count) {
  std::vector<std::string> authorizations;
  Caller caller;
  caller.kind = Caller::Kind::kMember;
  caller.tiers = {"tiers/gold"};
  caller.expire_time = absl::Now() + absl::Hours(1);
  for (size_t i = 0; i < count; ++i) {
    caller.subject = absl::StrCat("members/0190a5d0-0000-7000-8000-", absl::Hex(i, absl::kZeroPad12));
    authorizations.push_back(
        "Bearer " + key.SignToken({.issuer = "masthead-memberships",
                                   .audience = "masthead",
                                   .id = absl::StrCat("0190a5d0-0000-7000-8000-", absl::Hex(i, absl::kZeroPad12)),
                                   .issue_time = absl::Now(),
                                   .caller = caller}));
  }
  return authorizations;
}

// The number of calls that were refused: none, or the figures mean nothing.
size_t AuthenticateAll(const Authenticator& authenticator, const std::vector<std::string>& authorizations,
                       size_t calls) {
  size_t refused = 0;
  for (size_t i = 0; i < calls; ++i) {
    if (!authenticator.Authenticate({.authorization = authorizations[i % authorizations.size()], .spiffe_id = {}}).ok())
      ++refused;
  }
  return refused;
}

int Main() {
  const std::unique_ptr<SigningKey> key = SigningKey::Generate();
  const absl::StatusOr<std::unique_ptr<KeySet>> keys = ParseKeySet(MakeKeySetJson({key->public_jwk_json()}));
  if (!keys.ok()) return 1;
  const std::vector<std::string> authorizations = MakeAuthorizations(*key, kTokens);
  size_t refused = 0;

  const double first = Microseconds([&] {
                         const Authenticator authenticator(**keys, Clock::System());
                         refused += AuthenticateAll(authenticator, authorizations, kTokens);
                       }) /
                       kTokens;
  const Authenticator authenticator(**keys, Clock::System());
  refused += AuthenticateAll(authenticator, authorizations, kTokens);
  const double cached =
      Microseconds([&] { refused += AuthenticateAll(authenticator, authorizations, kCachedCalls); }) / kCachedCalls;
  size_t digested = 0;
  const double limit = Microseconds([&] {
                         for (size_t i = 0; i < kCachedCalls; ++i)
                           digested += crypto::Sha256(authorizations[i % kTokens]).size();
                       }) /
                       kCachedCalls;
  const unsigned int threads = std::max(1U, std::thread::hardware_concurrency());
  const double crowded = Microseconds([&] {
                           std::vector<std::thread> crowd;
                           for (unsigned int t = 0; t < threads; ++t) {
                             crowd.emplace_back([&] { AuthenticateAll(authenticator, authorizations, kCachedCalls); });
                           }
                           for (std::thread& thread : crowd) thread.join();
                         }) /
                         kCachedCalls;
  if (refused > 0 || digested == 0) {
    std::fprintf(stderr, "%zu calls were refused\n", refused);
    return 1;
  }
  std::printf("token of %zu bytes\n", authorizations[0].size() - 7);
  std::printf("first verification (ES256)    %8.2f us\n", first);
  std::printf("cached verification           %8.2f us = %.2f x the SHA-256 of the token (%.2f us); the bar is 2 us\n",
              cached, cached / limit, limit);
  std::printf("cached, %2u threads at once    %8.2f us a call and thread\n", threads, crowded);
  return 0;
}

}  // namespace
}  // namespace masthead::auth

int main() { return masthead::auth::Main(); }
