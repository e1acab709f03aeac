// One authenticator under many threads, while keys rotate, tokens expire and the cache overflows. Says most under
// ThreadSanitizer.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/authenticator.h"
#include "common/base/mutex.h"
#include "gtest/gtest.h"
#include "tests/common/auth/test_mint.h"

namespace masthead::auth {
namespace {

using nlohmann::json;

TEST(AuthenticatorThreads, AgreeOnWhoMayIn) {
  const TestMint steady("key-1");
  const TestMint rotating("key-2");
  ManualClock clock(kNow);
  std::atomic<int> fetches = 0;
  // The second key comes and goes.
  auto fetch = [&]() -> absl::StatusOr<std::string> {
    std::vector<json> jwks = {steady.jwk()};
    if (++fetches % 2 == 0) jwks.push_back(rotating.jwk());
    return json({{"keys", jwks}}).dump();
  };
  const std::unique_ptr<KeySet> keys = FetchedKeySet(fetch, clock, absl::Milliseconds(1));
  const Authenticator authenticator(*keys, clock, {.max_cached_tokens = 32});
  while (!keys->Ready()) std::this_thread::yield();

  std::vector<std::string> good;
  std::vector<std::string> sometimes_good;
  std::vector<std::string> bad;
  for (int i = 0; i < 40; ++i) {
    const json claims = {{"sub", absl::StrCat("members/m", i)}};
    good.push_back("Bearer " + steady.Sign(json::object(), claims));
    sometimes_good.push_back("Bearer " + rotating.Sign(json::object(), claims));
    bad.push_back("Bearer " + steady.Sign(json::object(), {{"iss", "somebody"}}));
  }

  constexpr int kThreads = 8;
  constexpr int kRounds = 100;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < kRounds; ++round) {
        const size_t i = static_cast<size_t>(round * 7 + t) % good.size();
        const auto known = authenticator.Authenticate({.authorization = good[i], .spiffe_id = {}});
        if (!known.ok() || (*known)->subject != absl::StrCat("members/m", i)) ++wrong;
        const auto maybe = authenticator.Authenticate({.authorization = sometimes_good[i], .spiffe_id = {}});
        if (maybe.ok() && (*maybe)->subject != absl::StrCat("members/m", i)) ++wrong;
        if (authenticator.Authenticate({.authorization = bad[i], .spiffe_id = {}}).ok()) ++wrong;
        if (round % 50 == 0) clock.Advance(absl::Seconds(1));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(fetches, 1);
}

}  // namespace
}  // namespace masthead::auth
