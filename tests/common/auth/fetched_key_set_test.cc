#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/clock.h"
#include "common/auth/key_set.h"
#include "common/base/mutex.h"
#include "gtest/gtest.h"
#include "tests/common/auth/test_mint.h"

namespace masthead::auth {
namespace {

using nlohmann::json;

// Answers fetches, and keeps the time of each.
class Publisher {
 public:
  explicit Publisher(const Clock& clock) : clock_(clock) {}

  void Show(const std::vector<json>& jwks) {
    MutexLock lock(mutex_);
    document_ = json({{"keys", jwks}}).dump();
  }

  void Break() {
    MutexLock lock(mutex_);
    document_ = "<html>503</html>";
  }

  void GoAway() {
    MutexLock lock(mutex_);
    document_ = std::nullopt;
  }

  absl::StatusOr<std::string> Fetch() {
    MutexLock lock(mutex_);
    fetches_.push_back(clock_.Now());
    fetched_.NotifyAll();
    if (!document_.has_value()) return absl::UnavailableError("gone away");
    return *document_;
  }

  // The times of the first `count` fetches; fewer if they do not come within seconds.
  std::vector<absl::Time> AwaitFetches(size_t count) {
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    MutexLock lock(mutex_);
    while (fetches_.size() < count && fetched_.WaitUntil(mutex_, deadline)) {
    }
    return fetches_;
  }

 private:
  const Clock& clock_;
  Mutex mutex_;
  CondVar fetched_;
  std::optional<std::string> document_ ABSL_GUARDED_BY(mutex_);
  std::vector<absl::Time> fetches_ ABSL_GUARDED_BY(mutex_);
};

class FetchedKeySetTest : public ::testing::Test {
 protected:
  std::unique_ptr<KeySet> Start(absl::Duration refresh) {
    return FetchedKeySet([this] { return publisher_.Fetch(); }, clock_, refresh);
  }

  // A fetch that has begun still has to be taken over.
  template <typename Condition>
  static bool Await(Condition condition) {
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (!condition()) {
      if (absl::Now() > deadline) return false;
      absl::SleepFor(absl::Milliseconds(1));
    }
    return true;
  }

  ManualClock clock_{kNow};
  Publisher publisher_{clock_};
  const TestMint first_{"key-1"};
  const TestMint second_{"key-2"};
};

TEST_F(FetchedKeySetTest, BecomesReadyWithTheFirstFetch) {
  const std::unique_ptr<KeySet> keys = Start(absl::Milliseconds(5));
  publisher_.AwaitFetches(2);
  EXPECT_FALSE(keys->Ready());
  EXPECT_EQ(keys->Find("key-1"), nullptr);
  publisher_.Show({first_.jwk()});
  EXPECT_TRUE(Await([&] { return keys->Ready(); }));
  EXPECT_NE(keys->Find("key-1"), nullptr);
}

TEST_F(FetchedKeySetTest, FollowsRotationAndTellsThatKeysChanged) {
  publisher_.Show({first_.jwk()});
  const std::unique_ptr<KeySet> keys = Start(absl::Milliseconds(5));
  ASSERT_TRUE(Await([&] { return keys->Find("key-1") != nullptr; }));
  const int64_t generation = keys->Generation();
  publisher_.AwaitFetches(publisher_.AwaitFetches(0).size() + 3);
  EXPECT_EQ(keys->Generation(), generation);
  publisher_.Show({second_.jwk()});
  EXPECT_TRUE(Await([&] { return keys->Find("key-1") == nullptr && keys->Find("key-2") != nullptr; }));
  EXPECT_NE(keys->Generation(), generation);
}

TEST_F(FetchedKeySetTest, ServesTheLastGoodSetForAnHour) {
  publisher_.Show({first_.jwk()});
  const std::unique_ptr<KeySet> keys = Start(absl::Milliseconds(5));
  ASSERT_TRUE(Await([&] { return keys->Ready(); }));
  publisher_.Break();
  publisher_.AwaitFetches(publisher_.AwaitFetches(0).size() + 2);
  clock_.Advance(absl::Minutes(59));
  EXPECT_NE(keys->Find("key-1"), nullptr);
  clock_.Advance(absl::Minutes(2));
  EXPECT_EQ(keys->Find("key-1"), nullptr);
  EXPECT_FALSE(keys->Ready());
  publisher_.Show({first_.jwk()});
  EXPECT_TRUE(Await([&] { return keys->Ready(); }));
}

TEST_F(FetchedKeySetTest, SurvivesAPublisherThatGoesAway) {
  publisher_.Show({first_.jwk()});
  const std::unique_ptr<KeySet> keys = Start(absl::Milliseconds(5));
  ASSERT_TRUE(Await([&] { return keys->Ready(); }));
  publisher_.GoAway();
  publisher_.AwaitFetches(publisher_.AwaitFetches(0).size() + 2);
  EXPECT_NE(keys->Find("key-1"), nullptr);
}

TEST_F(FetchedKeySetTest, FetchesForAnUnknownKidAtMostEveryHalfMinute) {
  publisher_.Show({first_.jwk()});
  const std::unique_ptr<KeySet> keys = Start(absl::Hours(24));
  ASSERT_TRUE(Await([&] { return keys->Ready(); }));
  publisher_.Show({first_.jwk(), second_.jwk()});
  for (int i = 0; i < 100; ++i) keys->Find("unknown");
  EXPECT_TRUE(Await([&] { return keys->Find("key-2") != nullptr; }));
  clock_.Advance(absl::Seconds(29));
  for (int i = 0; i < 100; ++i) keys->Find("unknown");
  clock_.Advance(absl::Seconds(2));
  for (int i = 0; i < 100; ++i) keys->Find("unknown");
  EXPECT_EQ(publisher_.AwaitFetches(3), std::vector<absl::Time>({kNow, kNow, kNow + absl::Seconds(31)}));
}

}  // namespace
}  // namespace masthead::auth
