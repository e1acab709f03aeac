// Campaigns from draft to end, through their face: what starts, when, whom it reaches, what may be done to it on the
// way.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/campaign_service.grpc.pb.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kName[] = "campaigns/our-week";

v1::CreateCampaignRequest Draft(const std::string& id = "our-week") {
  v1::CreateCampaignRequest request;
  request.set_campaign_id(id);
  v1::Campaign& campaign = *request.mutable_campaign();
  campaign.set_title("Our week");
  campaign.set_dek("What mattered");
  campaign.mutable_audience()->add_topics("topics/section-war");
  return request;
}

google::protobuf::Timestamp At(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(time));
  return timestamp;
}

class Campaigns : public QuietNewsroomTest {
 protected:
  Campaigns() : campaigns_(v1::CampaignService::NewStub(server_->Channel())) {}

  v1::Campaign Create(const v1::CreateCampaignRequest& request) {
    v1::Campaign campaign;
    EXPECT_THAT(campaigns_->CreateCampaign(AsEditor().get(), request, &campaign), IsOk());
    return campaign;
  }

  v1::Campaign Get(const std::string& name = kName) {
    v1::GetCampaignRequest request;
    request.set_name(name);
    v1::Campaign campaign;
    EXPECT_THAT(campaigns_->GetCampaign(AsEditor().get(), request, &campaign), IsOk());
    return campaign;
  }

  grpc::Status Start(v1::Campaign* campaign = nullptr) {
    v1::StartCampaignRequest request;
    request.set_name(kName);
    request.set_etag("*");
    v1::Campaign unused;
    return campaigns_->StartCampaign(AsEditor().get(), request, campaign != nullptr ? campaign : &unused);
  }

  grpc::Status Schedule(absl::Time start, absl::Time latest) {
    v1::ScheduleCampaignRequest request;
    request.set_name(kName);
    request.set_etag("*");
    *request.mutable_start_time() = At(start);
    *request.mutable_latest_start_time() = At(latest);
    v1::Campaign campaign;
    return campaigns_->ScheduleCampaign(AsEditor().get(), request, &campaign);
  }

  // A call that takes nothing but a name: Pause, Resume, Cancel.
  template <typename Request>
  grpc::Status Call(grpc::Status (v1::CampaignService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                      v1::Campaign*)) {
    Request request;
    request.set_name(kName);
    v1::Campaign campaign;
    return (campaigns_.get()->*method)(AsEditor().get(), request, &campaign);
  }
  grpc::Status Pause() { return Call(&v1::CampaignService::Stub::PauseCampaign); }
  grpc::Status Resume() { return Call(&v1::CampaignService::Stub::ResumeCampaign); }
  grpc::Status Cancel() { return Call(&v1::CampaignService::Stub::CancelCampaign); }

  // What the clock does `by` later.
  void RunClockAfter(absl::Duration by) {
    postgres_.MoveClock(by);
    EXPECT_THAT(notifications_->campaign_clock().Step(Cancellation()), IsOk());
  }

  void SendToAll() {
    ASSERT_THAT(FanOutAll(), IsOk());
    ASSERT_THAT(SendAll(), IsOk());
  }

  std::unique_ptr<v1::CampaignService::Stub> campaigns_;
};

TEST_F(Campaigns, ReachWhoFollowsTheTopicAndNobodyElse) {
  AddReader("olha", {"section-war"});
  AddReader("mark", {"section-culture"});
  Create(Draft());
  v1::Campaign campaign;
  ASSERT_THAT(Start(&campaign), IsOk());
  EXPECT_EQ(campaign.state(), v1::Campaign::PREPARING);
  ASSERT_THAT(campaign.messages(), SizeIs(1));
  SendToAll();
  EXPECT_EQ(Get().state(), v1::Campaign::FINISHED);
  EXPECT_EQ(Get().counts().sent(), 1);
  ASSERT_THAT(LettersTo("olha"), SizeIs(1));
  EXPECT_THAT(LettersTo("olha")[0].bytes, HasSubstr("\r\nSubject: Our week\r\n"));
  EXPECT_THAT(LettersTo("olha")[0].bytes, HasSubstr("List-Unsubscribe-Post"));
  EXPECT_THAT(LettersTo("mark"), IsEmpty());
  EXPECT_EQ(GetMessage(campaign.messages(0)).campaign().campaign(), kName);
}

TEST_F(Campaigns, LeaveOutWhoFollowsAnotherTopicOrHoldsATier) {
  AddReader("olha", {"section-war"});
  AddReader("mark", {"section-war", "section-culture"});
  AddReader("ivan", {"section-war"}, "", {"supporter"});
  v1::CreateCampaignRequest draft = Draft();
  draft.mutable_campaign()->mutable_audience()->add_not_topics("topics/section-culture");
  draft.mutable_campaign()->mutable_audience()->add_not_tiers("tiers/supporter");
  Create(draft);
  v1::EstimateAudienceRequest estimate;
  estimate.set_name(kName);
  v1::EstimateAudienceResponse estimated;
  ASSERT_THAT(campaigns_->EstimateAudience(AsEditor().get(), estimate, &estimated), IsOk());
  EXPECT_EQ(estimated.estimate().deliveries(), 1);
  ASSERT_THAT(Start(), IsOk());
  SendToAll();
  EXPECT_EQ(Get().counts().sent(), 1);
  EXPECT_THAT(LettersTo("olha"), SizeIs(1));
}

TEST_F(Campaigns, AreChangedAndDeletedAsDraftsOnly) {
  AddReader("olha", {"section-war"});
  const v1::Campaign made = Create(Draft());
  v1::UpdateCampaignRequest update;
  update.mutable_campaign()->set_name(kName);
  update.mutable_campaign()->set_etag(made.etag());
  update.mutable_campaign()->set_headline("The week that was");
  v1::Campaign changed;
  ASSERT_THAT(campaigns_->UpdateCampaign(AsEditor().get(), update, &changed), IsOk());
  EXPECT_EQ(changed.headline(), "The week that was");
  EXPECT_EQ(changed.title(), "Our week");
  EXPECT_THAT(campaigns_->UpdateCampaign(AsEditor().get(), update, &changed),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  ASSERT_THAT(Start(), IsOk());
  update.mutable_campaign()->set_etag("*");
  EXPECT_THAT(campaigns_->UpdateCampaign(AsEditor().get(), update, &changed),
              StatusIs(absl::StatusCode::kFailedPrecondition, "CAMPAIGN_NOT_DRAFT"));
  v1::DeleteCampaignRequest remove;
  remove.set_name(kName);
  remove.set_etag("*");
  google::protobuf::Empty nothing;
  EXPECT_THAT(campaigns_->DeleteCampaign(AsEditor().get(), remove, &nothing),
              StatusIs(absl::StatusCode::kFailedPrecondition, "CAMPAIGN_NOT_DRAFT"));

  v1::CloneCampaignRequest clone;
  clone.set_name(kName);
  clone.set_campaign_id("next-week");
  v1::Campaign copy;
  ASSERT_THAT(campaigns_->CloneCampaign(AsEditor().get(), clone, &copy), IsOk());
  EXPECT_EQ(copy.state(), v1::Campaign::DRAFT);
  EXPECT_EQ(copy.headline(), "The week that was");
  EXPECT_THAT(copy.messages(), IsEmpty());
  remove.set_name(copy.name());
  EXPECT_THAT(campaigns_->DeleteCampaign(AsEditor().get(), remove, &nothing), IsOk());
  v1::GetCampaignRequest get;
  get.set_name(copy.name());
  EXPECT_THAT(campaigns_->GetCampaign(AsEditor().get(), get, &copy),
              StatusIs(absl::StatusCode::kNotFound, "CAMPAIGN_NOT_FOUND"));
}

TEST_F(Campaigns, StartByTheClockOnce) {
  AddReader("olha", {"section-war"});
  Create(Draft());
  const absl::Time eight = absl::Now() + absl::Hours(3);
  ASSERT_THAT(Schedule(eight, eight + absl::Hours(2)), IsOk());
  EXPECT_EQ(Get().state(), v1::Campaign::SCHEDULED);
  RunClockAfter(absl::Hours(3) - absl::Minutes(1));
  EXPECT_EQ(Get().state(), v1::Campaign::SCHEDULED);
  RunClockAfter(absl::Minutes(2));
  EXPECT_EQ(Get().state(), v1::Campaign::PREPARING);
  RunClockAfter(absl::Minutes(1));
  EXPECT_EQ(CountMessages(), 1);
}

// The service was down from before eight until one: nobody gets the morning's letter in the afternoon.
TEST_F(Campaigns, DoNotStartAfterTheirLatestTime) {
  AddReader("olha", {"section-war"});
  Create(Draft());
  const absl::Time eight = absl::Now() + absl::Hours(3);
  ASSERT_THAT(Schedule(eight, eight + absl::Hours(2)), IsOk());
  RunClockAfter(absl::Hours(8));
  EXPECT_EQ(Get().state(), v1::Campaign::FAILED);
  EXPECT_THAT(Get().failure(), HasSubstr("the latest time to start has passed"));
  EXPECT_EQ(CountMessages(), 0);
  EXPECT_THAT(Schedule(eight, eight), StatusIs(absl::StatusCode::kFailedPrecondition, "CAMPAIGN_STATE"));
}

TEST_F(Campaigns, AreScheduledForATimeToCome) {
  AddReader("olha", {"section-war"});
  Create(Draft());
  EXPECT_THAT(Schedule(absl::Now() - absl::Hours(3), absl::Now() - absl::Hours(1)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "START_WINDOW_PASSED"));
  EXPECT_EQ(Schedule(absl::Now() - absl::Hours(3), absl::Now() + absl::Hours(1)).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  ASSERT_THAT(Schedule(absl::Now() + absl::Hours(1), absl::Now() + absl::Hours(2)), IsOk());
  v1::UnscheduleCampaignRequest unschedule;
  unschedule.set_name(kName);
  unschedule.set_etag("*");
  v1::Campaign campaign;
  ASSERT_THAT(campaigns_->UnscheduleCampaign(AsEditor().get(), unschedule, &campaign), IsOk());
  EXPECT_EQ(campaign.state(), v1::Campaign::DRAFT);
  EXPECT_FALSE(campaign.has_start_time());
}

TEST_F(Campaigns, SayWhatKeepsThemFromStarting) {
  postgres_.Execute(
      "INSERT INTO topics (id, source, category, lane) VALUES ('section-war', 'SECTION', 'ALERT', 'ALERT')");
  Create(Draft());
  EXPECT_THAT(Start(), StatusIs(absl::StatusCode::kFailedPrecondition, "AUDIENCE_EMPTY"));
  AddReader("olha", {"section-war"});
  v1::CreateCampaignRequest issue = Draft("issue");
  issue.mutable_campaign()->add_articles("articles/gone");
  Create(issue);
  v1::StartCampaignRequest start;
  start.set_name("campaigns/issue");
  start.set_etag("*");
  v1::Campaign campaign;
  EXPECT_THAT(campaigns_->StartCampaign(AsEditor().get(), start, &campaign),
              StatusIs(absl::StatusCode::kFailedPrecondition, "CAMPAIGN_WITHOUT_ARTICLES"));
  v1::CreateCampaignRequest elsewhere = Draft("elsewhere");
  elsewhere.mutable_campaign()->mutable_audience()->set_topics(0, "topics/nothing");
  EXPECT_THAT(campaigns_->CreateCampaign(AsEditor().get(), elsewhere, &campaign),
              StatusIs(absl::StatusCode::kNotFound, "TOPIC_NOT_FOUND"));
  v1::CreateCampaignRequest unwritten = Draft("unwritten");
  unwritten.mutable_campaign()->set_template_("templates/none");
  Create(unwritten);
  start.set_name("campaigns/unwritten");
  EXPECT_THAT(campaigns_->StartCampaign(AsEditor().get(), start, &campaign),
              StatusIs(absl::StatusCode::kNotFound, "TEMPLATE_NOT_FOUND"));
  EXPECT_EQ(CountMessages(), 0);
}

TEST_F(Campaigns, AreHeldAndGoOnWithEverybodyWhoWasNotTold) {
  for (int i = 0; i < 5; ++i) AddReader(absl::StrCat("reader-", i), {"section-war"});
  Create(Draft());
  EXPECT_THAT(Pause(), StatusIs(absl::StatusCode::kFailedPrecondition, "CAMPAIGN_STATE"));
  ASSERT_THAT(Start(), IsOk());
  ASSERT_THAT(FanOutAll(), IsOk());
  ASSERT_THAT(Pause(), IsOk());
  EXPECT_THAT(Pause(), IsOk());
  EXPECT_EQ(Get().state(), v1::Campaign::PAUSED);
  EXPECT_EQ(Get().failure(), "held by an editor");
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(Get().counts().sent(), 0);
  ASSERT_THAT(Resume(), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(Get().state(), v1::Campaign::FINISHED);
  for (int i = 0; i < 5; ++i) EXPECT_THAT(LettersTo(absl::StrCat("reader-", i)), SizeIs(1));
  EXPECT_THAT(Resume(), StatusIs(absl::StatusCode::kFailedPrecondition, "CAMPAIGN_STATE"));
}

TEST_F(Campaigns, GoNoFasterThanTheyAreToldTo) {
  for (int i = 0; i < 6; ++i) AddReader(absl::StrCat("reader-", i), {"section-war"});
  v1::CreateCampaignRequest draft = Draft();
  draft.mutable_campaign()->set_rate_per_minute(2);
  Create(draft);
  ASSERT_THAT(Start(), IsOk());
  SendToAll();
  EXPECT_EQ(Get().counts().sent(), 0);
  for (int sent = 1; sent <= 6; ++sent) {
    postgres_.MoveClock(absl::Seconds(31));
    ASSERT_THAT(SendAll(), IsOk());
    EXPECT_EQ(Get().counts().sent(), sent);
  }
  EXPECT_EQ(Get().state(), v1::Campaign::FINISHED);
  for (int i = 0; i < 6; ++i) EXPECT_THAT(LettersTo(absl::StrCat("reader-", i)), SizeIs(1));
}

TEST_F(Campaigns, AreHeldByTheBrakeUntilAnEditorLetsThemGoOn) {
  for (int i = 0; i < 3; ++i) AddReader(absl::StrCat("reader-", i), {"section-war"});
  Create(Draft());
  v1::Campaign campaign;
  ASSERT_THAT(Start(&campaign), IsOk());
  ASSERT_THAT(FanOutAll(), IsOk());
  // Of 200 earlier ones 20 were refused.
  postgres_.Execute(
      "INSERT INTO counters (message_number, shard, sent, failed) SELECT number, 0, 180, 20 FROM messages "
      "ON CONFLICT (message_number, shard) DO UPDATE SET sent = 180, failed = 20");
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(Get().state(), v1::Campaign::PAUSED);
  EXPECT_THAT(Get().failure(), HasSubstr("held by the brake"));
  ASSERT_THAT(Resume(), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_NE(Get().state(), v1::Campaign::PAUSED);
}

TEST_F(Campaigns, CanBeCalledOffAndStillAddUp) {
  for (int i = 0; i < 5; ++i) AddReader(absl::StrCat("reader-", i), {"section-war"});
  Create(Draft());
  ASSERT_THAT(Start(), IsOk());
  ASSERT_THAT(FanOutAll(), IsOk());
  ASSERT_THAT(Cancel(), IsOk());
  EXPECT_THAT(Cancel(), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  const v1::Campaign campaign = Get();
  EXPECT_EQ(campaign.state(), v1::Campaign::CANCELLED);
  EXPECT_EQ(campaign.counts().cancelled(), 5);
  EXPECT_EQ(campaign.counts().pending(), 0);
}

// Whoever is in the test gets one of its letters, everybody else the one that was decided for, nobody two.
TEST_F(Campaigns, TryLettersOnASampleAndSendTheDecidedOneToTheRest) {
  constexpr int kReaders = 60;
  for (int i = 0; i < kReaders; ++i) AddReader(absl::StrCat("reader-", i), {"section-war"});
  v1::CreateCampaignRequest draft = Draft();
  v1::Campaign::Test& test = *draft.mutable_campaign()->mutable_test();
  test.set_sample_per_mille(300);
  for (const char* headline : {"First try", "Second try"}) {
    v1::Campaign::Variant& variant = *test.add_variants();
    (*variant.mutable_values())["headline"] = headline;
    variant.set_weight(1);
  }
  Create(draft);
  ASSERT_THAT(Start(), IsOk());
  SendToAll();
  v1::Campaign campaign = Get();
  EXPECT_EQ(campaign.state(), v1::Campaign::SENDING);
  const int64_t in_test = campaign.counts().sent();
  EXPECT_GT(in_test, 0);
  EXPECT_LT(in_test, kReaders);

  v1::DecideCampaignRequest decide;
  decide.set_name(kName);
  decide.set_etag("*");
  decide.set_variant(2);
  EXPECT_EQ(campaigns_->DecideCampaign(AsEditor().get(), decide, &campaign).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  decide.set_variant(1);
  ASSERT_THAT(campaigns_->DecideCampaign(AsEditor().get(), decide, &campaign), IsOk());
  EXPECT_THAT(campaigns_->DecideCampaign(AsEditor().get(), decide, &campaign),
              StatusIs(absl::StatusCode::kFailedPrecondition, "CAMPAIGN_STATE"));
  SendToAll();
  campaign = Get();
  EXPECT_EQ(campaign.state(), v1::Campaign::FINISHED);
  EXPECT_EQ(campaign.counts().sent(), kReaders);
  int seconds = 0;
  for (int i = 0; i < kReaders; ++i) {
    const std::vector<mail::SmtpSink::Message> letters = LettersTo(absl::StrCat("reader-", i));
    ASSERT_THAT(letters, SizeIs(1));
    if (letters[0].bytes.find("Subject: Second try\r\n") != std::string::npos) ++seconds;
  }
  EXPECT_GE(seconds, kReaders - in_test);
}

// What readers did with the sample decides, an hour after the start.
TEST_F(Campaigns, LetTheMetricOfATestDecideUnlessTheyAreHeld) {
  for (int i = 0; i < 40; ++i) AddReader(absl::StrCat("reader-", i), {"section-war"});
  v1::CreateCampaignRequest draft = Draft();
  v1::Campaign::Test& test = *draft.mutable_campaign()->mutable_test();
  test.set_sample_per_mille(500);
  test.set_metric(v1::Campaign::CLICKS);
  for (const char* headline : {"First try", "Second try"}) {
    v1::Campaign::Variant& variant = *test.add_variants();
    (*variant.mutable_values())["headline"] = headline;
    variant.set_weight(1);
  }
  v1::Campaign campaign;
  EXPECT_EQ(campaigns_->CreateCampaign(AsEditor().get(), draft, &campaign).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT)
      << "when is it to decide?";
  test.mutable_decide_after()->set_seconds(3600);
  Create(draft);
  ASSERT_THAT(Start(&campaign), IsOk());
  EXPECT_TRUE(campaign.has_decide_time());
  ASSERT_THAT(FanOutAll(), IsOk());
  postgres_.QueryValue(
      "INSERT INTO engagement_counts (message_number, variant, opens, clicks) SELECT number, v, 100 - 90 * v, v FROM "
      "messages, "
      "generate_series(0, 1) AS v RETURNING 1");
  ASSERT_THAT(Pause(), IsOk());
  RunClockAfter(absl::Minutes(61));
  EXPECT_THAT(Get().messages(), SizeIs(1)) << "held";
  ASSERT_THAT(Resume(), IsOk());
  SendToAll();
  RunClockAfter(absl::Minutes(2));
  campaign = Get();
  EXPECT_THAT(campaign.messages(), SizeIs(2));
  EXPECT_FALSE(campaign.has_decide_time());
  SendToAll();
  int rest = 0;
  for (const mail::SmtpSink::Message& letter : sink_.messages()) {
    if (letter.bytes.find("Subject: Second try\r\n") != std::string::npos) ++rest;
  }
  EXPECT_GE(rest, 40 - campaign.counts().sent());
  EXPECT_EQ(sink_.messages().size(), 40);
}

TEST_F(Campaigns, AreToldOfInTheFeed) {
  AddReader("olha", {"section-war"});
  Create(Draft());
  ASSERT_THAT(Start(), IsOk());
  v1::ListEventsRequest request;
  v1::ListEventsResponse response;
  std::vector<std::string> states;
  Until("the events are to be read", [&] {
    EXPECT_THAT(events_->ListEvents(AsBackend().get(), request, &response), IsOk());
    states.clear();
    for (const v1::Event& event : response.events()) {
      if (event.has_campaign_changed()) states.push_back(event.campaign_changed().state());
    }
    return states.size() == 2;
  });
  EXPECT_THAT(states, ElementsAre("DRAFT", "PREPARING"));
}

TEST_F(Campaigns, AreWatchedUntilNothingCanChangeAnyMore) {
  AddReader("olha", {"section-war"});
  Create(Draft());
  ASSERT_THAT(Start(), IsOk());
  v1::WatchCampaignRequest request;
  request.set_name(kName);
  const std::unique_ptr<grpc::ClientContext> context = AsEditor();
  const auto stream = campaigns_->WatchCampaign(context.get(), request);
  v1::WatchCampaignResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.campaign().state(), v1::Campaign::PREPARING);
  SendToAll();
  while (stream->Read(&response)) {
  }
  EXPECT_THAT(stream->Finish(), IsOk());
  EXPECT_EQ(response.campaign().state(), v1::Campaign::FINISHED);
}

TEST_F(Campaigns, RefuseWhatCouldNotBeSent) {
  v1::CreateCampaignRequest request = Draft("Not An Id");
  request.mutable_campaign()->set_title("");
  request.mutable_campaign()->set_headline("Line\r\nBcc: everybody@news.example");
  request.mutable_campaign()->set_url("http://news.example");
  request.mutable_campaign()->set_local_time("25:00");
  request.mutable_campaign()->mutable_audience()->clear_topics();
  v1::Campaign campaign;
  const grpc::Status refused = campaigns_->CreateCampaign(AsEditor().get(), request, &campaign);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  for (const char* field : {"campaign_id", "campaign.title", "campaign.headline", "campaign.url", "campaign.local_time",
                            "campaign.audience.topics"}) {
    EXPECT_THAT(refused.error_details(), HasSubstr(field));
  }
}

}  // namespace
}  // namespace masthead::notifications
