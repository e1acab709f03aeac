#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "masthead/articles/v1/live_coverage_service.grpc.pb.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

class LiveCoverageServiceTest : public Newsroom {
 protected:
  using Stub = v1::LiveCoverageService::Stub;

  void SetUp() override {
    v1::CreateLiveCoverageRequest request;
    request.set_live_coverage_id("storm");
    request.mutable_live_coverage()->set_headline("The storm");
    request.mutable_live_coverage()->set_language_code("en");
    v1::LiveCoverage coverage;
    ASSERT_THAT(Call(*live_, &Stub::CreateLiveCoverage, request, &coverage, editor_), IsOk());
  }

  grpc::Status TryAdd(const std::string& headline, v1::LiveUpdate* update, bool pinned = false) {
    v1::CreateLiveUpdateRequest request;
    request.set_parent(kName);
    request.mutable_live_update()->set_headline(headline);
    request.mutable_live_update()->set_pinned(pinned);
    return Call(*live_, &Stub::CreateLiveUpdate, request, update, editor_);
  }
  v1::LiveUpdate Add(const std::string& headline, bool pinned = false) {
    v1::LiveUpdate update;
    EXPECT_THAT(TryAdd(headline, &update, pinned), IsOk());
    return update;
  }
  v1::LiveUpdate Edit(v1::LiveUpdate update, const std::string& headline) {
    v1::UpdateLiveUpdateRequest request;
    update.set_headline(headline);
    *request.mutable_live_update() = update;
    request.mutable_update_mask()->add_paths("headline");
    EXPECT_THAT(Call(*live_, &Stub::UpdateLiveUpdate, request, &update, editor_), IsOk());
    return update;
  }
  v1::LiveUpdate Delete(const v1::LiveUpdate& update) {
    v1::DeleteLiveUpdateRequest request;
    request.set_name(update.name());
    request.set_etag(update.etag());
    v1::LiveUpdate tombstone;
    EXPECT_THAT(Call(*live_, &Stub::DeleteLiveUpdate, request, &tombstone, editor_), IsOk());
    return tombstone;
  }
  void Close() {
    v1::CloseLiveCoverageRequest request;
    request.set_name(kName);
    request.set_etag("*");
    v1::LiveCoverage coverage;
    EXPECT_THAT(Call(*live_, &Stub::CloseLiveCoverage, request, &coverage, editor_), IsOk());
    EXPECT_EQ(coverage.state(), v1::LiveCoverage::CLOSED);
  }
  v1::ListLiveUpdatesResponse Since(int64_t seq) {
    v1::ListLiveUpdatesRequest request;
    request.set_parent(kName);
    request.set_after_seq(seq);
    v1::ListLiveUpdatesResponse response;
    EXPECT_THAT(Call(*live_, &Stub::ListLiveUpdates, request, &response, ""), IsOk());
    return response;
  }
  v1::ReadLiveCoverageResponse Read(int page_size, const std::string& page_token = "") {
    v1::ReadLiveCoverageRequest request;
    request.set_name(kName);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    v1::ReadLiveCoverageResponse response;
    EXPECT_THAT(Call(*live_, &Stub::ReadLiveCoverage, request, &response, ""), IsOk());
    return response;
  }

  static std::vector<std::string> Headlines(const google::protobuf::RepeatedPtrField<v1::LiveUpdate>& updates) {
    std::vector<std::string> headlines;
    for (const v1::LiveUpdate& update : updates)
      headlines.push_back(update.deleted() ? "(deleted)" : update.headline());
    return headlines;
  }

  static constexpr char kName[] = "liveCoverages/storm";
  std::unique_ptr<Stub> live_ = v1::LiveCoverageService::NewStub(channel_);
};

TEST_F(LiveCoverageServiceTest, NumbersChangesWithoutGapsAndGivesAnEditANewNumber) {
  const v1::LiveUpdate first = Add("Wind");
  EXPECT_EQ(first.seq(), 1);
  EXPECT_EQ(Add("Rain").seq(), 2);
  const v1::LiveUpdate edited = Edit(first, "Strong wind");
  EXPECT_EQ(edited.seq(), 3);
  EXPECT_EQ(edited.revision(), 2);
  EXPECT_EQ(edited.name(), first.name());
  EXPECT_EQ(Edit(edited, "Strong wind").seq(), 3) << "nothing changed";
  EXPECT_THAT(Headlines(Since(0).live_updates()), ElementsAre("Rain", "Strong wind"));
  EXPECT_THAT(Headlines(Since(2).live_updates()), ElementsAre("Strong wind"));
  EXPECT_EQ(Since(3).last_seq(), 3);
}

TEST_F(LiveCoverageServiceTest, TellsThatAnUpdateWasTakenBackAndNothingOfIt) {
  const v1::LiveUpdate update = Add("A rumour");
  const v1::LiveUpdate tombstone = Delete(update);
  EXPECT_TRUE(tombstone.deleted());
  EXPECT_EQ(tombstone.headline(), "");
  EXPECT_THAT(Headlines(Since(1).live_updates()), ElementsAre("(deleted)"));
  EXPECT_EQ(Read(10).live_updates_size(), 0);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM live_updates WHERE headline <> ''"), "0");
}

TEST_F(LiveCoverageServiceTest, ShowsThePinnedFirstThenTheLatest) {
  Add("one");
  Add("two", /*pinned=*/true);
  Add("three");
  Add("four", /*pinned=*/true);
  const v1::ReadLiveCoverageResponse first = Read(3);
  EXPECT_THAT(Headlines(first.live_updates()), ElementsAre("four", "two", "three"));
  EXPECT_EQ(first.live_coverage().last_seq(), 4);
  EXPECT_THAT(Headlines(Read(3, first.next_page_token()).live_updates()), ElementsAre("one"));
}

TEST_F(LiveCoverageServiceTest, RefusesWhatOnlyArticlesHave) {
  v1::CreateLiveUpdateRequest request;
  request.set_parent(kName);
  v1::LiveUpdate update;
  EXPECT_THAT(Call(*live_, &Stub::CreateLiveUpdate, request, &update, editor_),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.mutable_live_update()->add_body()->mutable_paywall_marker();
  EXPECT_THAT(Call(*live_, &Stub::CreateLiveUpdate, request, &update, editor_),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.mutable_live_update()->mutable_body(0)->mutable_paragraph()->mutable_text()->set_text("It rains.");
  EXPECT_THAT(Call(*live_, &Stub::CreateLiveUpdate, request, &update, ""),
              StatusIs(absl::StatusCode::kUnauthenticated));
  ASSERT_THAT(Call(*live_, &Stub::CreateLiveUpdate, request, &update, editor_), IsOk());
  EXPECT_FALSE(update.body(0).block_id().empty());
}

TEST_F(LiveCoverageServiceTest, TakesNothingOnceItIsClosed) {
  const v1::LiveUpdate update = Add("The end");
  Close();
  v1::LiveUpdate late;
  EXPECT_THAT(TryAdd("Late", &late), StatusIs(absl::StatusCode::kFailedPrecondition, "COVERAGE_CLOSED"));
  EXPECT_FALSE(Since(0).live_updates().empty());
  EXPECT_TRUE(Since(0).closed());
  v1::ReopenLiveCoverageRequest request;
  request.set_name(kName);
  request.set_etag("*");
  v1::LiveCoverage coverage;
  ASSERT_THAT(Call(*live_, &Stub::ReopenLiveCoverage, request, &coverage, editor_), IsOk());
  EXPECT_EQ(coverage.state(), v1::LiveCoverage::OPEN);
  EXPECT_EQ(Add("More").seq(), 2);
}

// Watches until the coverage is closed, breaking the call after every few messages and resuming after the last number.
std::vector<std::pair<std::string, int64_t>> WatchWithBreaks(v1::LiveCoverageService::Stub& stub,
                                                             const std::string& name) {
  std::vector<std::pair<std::string, int64_t>> seen;
  int64_t after = 0;
  for (bool closed = false; !closed;) {
    grpc::ClientContext context;
    v1::WatchCoverageRequest request;
    request.set_name(name);
    request.set_after_seq(after);
    const auto stream = stub.WatchCoverage(&context, request);
    v1::WatchCoverageResponse message;
    for (int messages = 0; messages < 3 && !closed && stream->Read(&message); ++messages) {
      for (const v1::LiveUpdate& update : message.live_updates()) seen.emplace_back(update.name(), update.seq());
      after = message.last_seq();
      closed = message.closed();
    }
    if (closed) {
      EXPECT_FALSE(stream->Read(&message)) << "there is nothing after the end";
      EXPECT_TRUE(stream->Finish().ok());
    } else {
      context.TryCancel();
      stream->Finish();
    }
  }
  return seen;
}

TEST_F(LiveCoverageServiceTest, TellsWatchersEverythingOnceInOrderThroughBrokenStreamsAndManyWriters) {
  std::vector<std::pair<std::string, int64_t>> seen;
  std::thread watcher([&] { seen = WatchWithBreaks(*live_, kName); });
  constexpr int kWriters = 4;
  constexpr int kUpdates = 15;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&] {
      for (int i = 0; i < kUpdates; ++i) {
        const v1::LiveUpdate update = Add("news");
        if (i % 3 == 0) Edit(update, "better news");
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  Close();
  watcher.join();

  std::map<std::string, int64_t> latest;
  int64_t last = 0;
  for (const auto& [name, seq] : seen) {
    EXPECT_GT(seq, last) << "in order, and nothing twice";
    last = seq;
    latest[name] = seq;
  }
  std::map<std::string, int64_t> expected;
  const v1::ListLiveUpdatesResponse all = Since(0);
  for (const v1::LiveUpdate& update : all.live_updates()) expected[update.name()] = update.seq();
  EXPECT_EQ(expected.size(), kWriters * kUpdates);
  EXPECT_EQ(latest, expected) << "nothing was missed, and each was seen as it is now";
}

TEST_F(LiveCoverageServiceTest, TellsWatchersWhatWasTakenBackAndEvery15SecondsThatTheyStillWatch) {
  Delete(Add("A rumour"));
  grpc::ClientContext context;
  v1::WatchCoverageRequest request;
  request.set_name(kName);
  request.set_after_seq(1);
  const auto stream = live_->WatchCoverage(&context, request);
  v1::WatchCoverageResponse message;
  ASSERT_TRUE(stream->Read(&message));
  EXPECT_THAT(Headlines(message.live_updates()), ElementsAre("(deleted)"));
  EXPECT_EQ(message.last_seq(), 2);

  const absl::Time before = absl::Now();
  ASSERT_TRUE(stream->Read(&message));
  EXPECT_EQ(message.live_updates_size(), 0);
  EXPECT_EQ(message.last_seq(), 2);
  EXPECT_FALSE(message.closed());
  EXPECT_GT(absl::Now() - before, absl::Seconds(14));
  EXPECT_LT(absl::Now() - before, absl::Seconds(17));
  context.TryCancel();
  stream->Finish();
}

TEST_F(LiveCoverageServiceTest, KnowsNoOtherCoverage) {
  grpc::ClientContext context;
  v1::WatchCoverageRequest request;
  request.set_name("liveCoverages/none");
  const auto stream = live_->WatchCoverage(&context, request);
  v1::WatchCoverageResponse message;
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_THAT(stream->Finish(), StatusIs(absl::StatusCode::kNotFound, "COVERAGE_NOT_FOUND"));
}

TEST_F(LiveCoverageServiceTest, MakesAnArticleOfAnUpdateOnceAndBothKnowOneAnother) {
  const v1::LiveUpdate update = Add("The bridge is closed");
  v1::PromoteLiveUpdateRequest request;
  request.set_name(update.name());
  request.set_etag(update.etag());
  request.set_article_id("bridge");
  request.set_section("sections/national");
  v1::Article article;
  ASSERT_THAT(Call(*live_, &Stub::PromoteLiveUpdate, request, &article, editor_), IsOk());

  EXPECT_EQ(article.name(), "articles/bridge");
  EXPECT_EQ(article.state(), v1::Article::DRAFT);
  EXPECT_EQ(article.headline(), "The bridge is closed");
  EXPECT_EQ(article.language_code(), "en");
  EXPECT_EQ(article.section(), "sections/national");
  EXPECT_EQ(article.alt_ids().at("live_update"), update.name());
  ASSERT_EQ(article.body_size(), 1);
  EXPECT_EQ(article.body(0).live_coverage().live_coverage(), kName);

  EXPECT_THAT(Call(*live_, &Stub::PromoteLiveUpdate, request, &article, editor_),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  request.set_etag("*");
  request.clear_article_id();
  v1::Article again;
  ASSERT_THAT(Call(*live_, &Stub::PromoteLiveUpdate, request, &again, editor_), IsOk());
  EXPECT_EQ(again.name(), article.name());
  EXPECT_EQ(again.etag(), article.etag());

  const v1::ListLiveUpdatesResponse readers = Since(1);
  ASSERT_EQ(readers.live_updates_size(), 1) << "it has a new number";
  EXPECT_EQ(readers.live_updates(0).breakout_article(), "") << "readers hear of no draft";
  v1::ListLiveUpdatesRequest list;
  list.set_parent(kName);
  v1::ListLiveUpdatesResponse newsroom;
  ASSERT_THAT(Call(*live_, &Stub::ListLiveUpdates, list, &newsroom, editor_), IsOk());
  EXPECT_EQ(newsroom.live_updates(0).breakout_article(), article.name());

  v1::Article fit = article;
  fit.add_bylines()->set_contributor("contributors/news-desk");
  Publish(Update(fit, {"bylines"}));
  EXPECT_EQ(Since(1).live_updates(0).breakout_article(), article.name());
  EXPECT_EQ(Read(10).live_updates(0).breakout_article(), article.name());
}

TEST_F(LiveCoverageServiceTest, PromotesNothingThatWasTakenBackOrIsOver) {
  const v1::LiveUpdate rumour = Add("A rumour");
  const v1::LiveUpdate last = Add("The last word");
  Delete(rumour);
  v1::PromoteLiveUpdateRequest request;
  request.set_name(rumour.name());
  request.set_etag("*");
  v1::Article article;
  EXPECT_THAT(Call(*live_, &Stub::PromoteLiveUpdate, request, &article, editor_),
              StatusIs(absl::StatusCode::kNotFound, "LIVE_UPDATE_NOT_FOUND"));
  Close();
  request.set_name(last.name());
  EXPECT_THAT(Call(*live_, &Stub::PromoteLiveUpdate, request, &article, editor_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "COVERAGE_CLOSED"));
}

}  // namespace
}  // namespace masthead::articles
