#include "services/articles/reading/reading_cache.h"

#include <atomic>
#include <thread>

#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

using Cache = ReadingCache<std::string>;

Cache::Handle Entry(const std::string& article, int64_t version, const std::string& answer = "", size_t bytes = 100) {
  auto entry = std::make_shared<Cache::Entry>();
  entry->article = article;
  entry->version = version;
  entry->bytes = bytes;
  entry->answers = answer;
  return entry;
}

TEST(ReadingCache, KeepsNothingUntilItIsOpened) {
  Cache cache(1 << 20);
  cache.Insert("articles/a", Entry("articles/a", 1), cache.generation());
  EXPECT_EQ(cache.Find("articles/a"), nullptr);
  cache.Open();
  cache.Insert("articles/a", Entry("articles/a", 1), cache.generation());
  EXPECT_NE(cache.Find("articles/a"), nullptr);
  cache.Close();
  EXPECT_EQ(cache.Find("articles/a"), nullptr);
  EXPECT_EQ(cache.bytes(), 0);
}

TEST(ReadingCache, DropsWhatAnEventMakesOutdatedAndOnlyThat) {
  Cache cache(1 << 20);
  cache.Open();
  cache.Insert("articles/a", Entry("articles/a", 3), cache.generation());
  cache.Insert("/en/a", Entry("articles/a", 5), cache.generation());
  cache.Insert("articles/b", Entry("articles/b", 1), cache.generation());
  cache.Insert("/en/new", Entry("articles/b", 1), cache.generation());

  cache.Invalidate("articles/a", 5, "/en/new");

  EXPECT_EQ(cache.Find("articles/a"), nullptr);
  EXPECT_NE(cache.Find("/en/a"), nullptr) << "read after the event's own write";
  EXPECT_NE(cache.Find("articles/b"), nullptr);
  EXPECT_EQ(cache.Find("/en/new"), nullptr) << "it was another's path";
}

TEST(ReadingCache, DropsWhatShowsAChangedSection) {
  Cache cache(1 << 20);
  cache.Open();
  auto entry = std::make_shared<Cache::Entry>(*Entry("articles/a", 1));
  entry->shown = {"sections/national", "tags/war"};
  cache.Insert("articles/a", entry, cache.generation());
  cache.InvalidateShown("sections/culture");
  EXPECT_NE(cache.Find("articles/a"), nullptr);
  cache.InvalidateShown("tags/war");
  EXPECT_EQ(cache.Find("articles/a"), nullptr);
}

TEST(ReadingCache, DoesNotKeepWhatWasReadBeforeAnEvent) {
  Cache cache(1 << 20);
  cache.Open();
  const uint64_t generation = cache.generation();
  cache.Invalidate("articles/other", 1, "");
  cache.Insert("articles/a", Entry("articles/a", 1), generation);
  EXPECT_EQ(cache.Find("articles/a"), nullptr);
}

TEST(ReadingCache, NeverGoesBackToAnEarlierVersion) {
  Cache cache(1 << 20);
  cache.Open();
  cache.Insert("articles/a", Entry("articles/a", 2, "two"), cache.generation());
  cache.Insert("articles/a", Entry("articles/a", 1, "one"), cache.generation());
  EXPECT_EQ(cache.Find("articles/a")->answers, "two");
  cache.Insert("articles/a", Entry("articles/a", 3, "three"), cache.generation());
  EXPECT_EQ(cache.Find("articles/a")->answers, "three");
}

TEST(ReadingCache, StaysWithinItsBytesAndForgetsTheLeastUsed) {
  Cache cache(16 * 1000);
  cache.Open();
  cache.Insert("hot", Entry("hot", 1), cache.generation());
  for (int i = 0; i < 2000; ++i) {
    const std::string key = "articles/" + std::to_string(i);
    cache.Insert(key, Entry(key, 1), cache.generation());
    ASSERT_NE(cache.Find("hot"), nullptr);
    ASSERT_LE(cache.bytes(), 16 * 1000);
  }
  EXPECT_EQ(cache.Find("articles/0"), nullptr);
  EXPECT_NE(cache.Find("articles/1999"), nullptr);
  cache.Insert("huge", Entry("huge", 1, "", 1001), cache.generation());
  EXPECT_EQ(cache.Find("huge"), nullptr);
}

// A database that only the version of one article is in: readers never see an older one than they saw, nor one older
// than what was followed.
TEST(ReadingCache, ShowsManyReadersNoVersionOlderThanTheFollowedOne) {
  Cache cache(1 << 20);
  cache.Open();
  std::atomic<int64_t> committed = 1;
  std::atomic<int64_t> followed = 1;
  std::atomic<bool> stop = false;
  std::atomic<int> backwards = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      int64_t seen = 0;
      while (!stop) {
        const int64_t at_least = followed;
        Cache::Handle entry = cache.Find("articles/a");
        const bool kept = entry != nullptr;
        if (!kept) {
          const uint64_t generation = cache.generation();
          entry = Entry("articles/a", committed);
          cache.Insert("articles/a", entry, generation);
        }
        if (kept && entry->version < at_least) ++backwards;
        if (entry->version < seen) ++backwards;
        seen = entry->version;
      }
    });
  }
  for (int64_t version = 2; version < 2000; ++version) {
    committed = version;
    cache.Invalidate("articles/a", version, "");
    followed = version;
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();

  EXPECT_EQ(backwards, 0);
}

}  // namespace
}  // namespace masthead::articles
