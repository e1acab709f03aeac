#include "common/ids/uuid.h"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace masthead::ids {
namespace {

const absl::Time kNow = absl::FromUnixMillis(0x017F22E279B0);  // The time of the example in RFC 9562, appendix A.6.

TEST(NewUuid, CarriesTimeVersionAndVariant) {
  const std::string uuid = NewUuid(kNow);
  EXPECT_TRUE(IsUuid(uuid)) << uuid;
  EXPECT_EQ(uuid.substr(0, 15), "017f22e2-79b0-7");
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
}

TEST(NewUuid, SortsByTime) { EXPECT_LT(NewUuid(kNow), NewUuid(kNow + absl::Milliseconds(1))); }

TEST(NewUuid, SortsWithinAMillisecondInTheOrderOfMaking) {
  std::string previous = NewUuid(kNow);
  for (int i = 0; i < 100000; ++i) {
    std::string next = NewUuid(kNow);
    ASSERT_LT(previous, next);
    previous = std::move(next);
  }
}

TEST(NewUuid, StaysUniqueWhenTheClockStepsBack) {
  std::set<std::string> made;
  for (int i = 0; i < 1000; ++i) made.insert(NewUuid(kNow - absl::Milliseconds(i % 2)));
  EXPECT_EQ(made.size(), 1000u);
}

TEST(NewUuid, IsUniqueAcrossThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 5000;
  std::vector<std::vector<std::string>> made(kThreads);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < kEach; ++i) mine.push_back(NewUuid());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), static_cast<size_t>(kThreads * kEach));
}

TEST(IsUuid, WantsTheLowerCaseTextForm) {
  EXPECT_TRUE(IsUuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
  for (const char* text : {"", "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "017f22e279b07cc398c4dc0c0c07398f",
                           "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398fa",
                           "{17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4_dc0c0c07398f",
                           "017f22e2-79b0-7cc3-98c4-dc0c0c07398g"}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
}

TEST(IsResourceId, AdmitsWhatCallersMayChoose) {
  for (const std::string& id :
       {std::string("a"), std::string("news"), std::string("kyiv-2024"), "a" + std::string(62, 'b'),
        std::string("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), std::string("a--b")}) {
    EXPECT_TRUE(IsResourceId(id)) << id;
  }
}

TEST(IsResourceId, RefusesEverythingElse) {
  for (const std::string& id :
       {std::string(), std::string("1news"), std::string("-news"), std::string("news-"), std::string("News"),
        std::string("new_s"), std::string("a/b"), std::string(".."), std::string("*"), "a" + std::string(63, 'b'),
        std::string("новини"), std::string("a\0b", 3), std::string("a "),
        std::string("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")}) {
    EXPECT_FALSE(IsResourceId(id)) << id;
  }
}

}  // namespace
}  // namespace masthead::ids
