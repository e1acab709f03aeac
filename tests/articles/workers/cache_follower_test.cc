#include "services/articles/workers/cache_follower.h"

#include "absl/time/clock.h"
#include "common/clock/clock.h"
#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

class CacheFollowerTest : public Newsroom {
 protected:
  void Follow() { follower_.Run({.deadline = absl::Now() + absl::Seconds(10)}); }

  void Keep(const std::string& article) {
    auto entry = std::make_shared<AnswerCache::Entry>();
    entry->article = article;
    entry->version = 1;
    cache_.Insert(article, entry, cache_.generation());
  }

  ManualClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  AnswerCache cache_{1 << 20};
  CacheFollower follower_{articles_.feed(), cache_, clock_};
};

TEST_F(CacheFollowerTest, DropsWhatAnyReplicaPublishes) {
  const v1::Article article = Publish(Create(Draft("Crimea"), "crimea"));
  Follow();
  Keep("articles/crimea");
  Keep("articles/other");

  v1::Article edited = article;
  edited.set_headline("Crimea again");
  Publish(Update(edited, {"headline"}));
  Follow();

  EXPECT_EQ(cache_.Find("articles/crimea"), nullptr);
  EXPECT_NE(cache_.Find("articles/other"), nullptr);
}

TEST_F(CacheFollowerTest, KeepsAnsweringThroughAShortOutageAndNotThroughALongOne) {
  Follow();
  Keep("articles/crimea");
  postgres_.Execute("ALTER TABLE event RENAME TO event_away");
  Follow();
  clock_.Advance(absl::Seconds(59));
  Follow();
  EXPECT_NE(cache_.Find("articles/crimea"), nullptr);

  clock_.Advance(absl::Seconds(2));
  Follow();
  EXPECT_EQ(cache_.Find("articles/crimea"), nullptr);
  Keep("articles/crimea");
  EXPECT_EQ(cache_.Find("articles/crimea"), nullptr) << "nothing is kept while the feed cannot be read";

  postgres_.Execute("ALTER TABLE event_away RENAME TO event");
  Follow();
  Keep("articles/crimea");
  EXPECT_NE(cache_.Find("articles/crimea"), nullptr);
}

}  // namespace
}  // namespace masthead::articles
