#include "services/memberships/subscriptions/external.h"

#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

using State = Subscription::State;

const absl::Time kNow = absl::FromUnixSeconds(1'764'547'200);

Subscription Active() {
  Subscription subscription;
  subscription.state = State::kActive;
  subscription.collection = Subscription::Collection::kExternal;
  subscription.period_start_time = kNow;
  subscription.external_ask_time = kNow;
  return subscription;
}

ExternalSubscription Answer(ExternalSubscription::State state, absl::Duration asked_after) {
  ExternalSubscription answer;
  answer.ref = "sub_1";
  answer.state = state;
  answer.period_start_time = kNow;
  answer.period_end_time = kNow + absl::Hours(30 * 24);
  answer.ask_time = kNow + asked_after;
  return answer;
}

// Two replicas ask because of two events; the first that asked has its answer last.
TEST(ExternalSubscription, FollowsTheAnswerToTheLaterQuestionWhicheverComesLast) {
  Subscription subscription = Active();
  EXPECT_TRUE(Follow(subscription, Answer(ExternalSubscription::State::kPastDue, absl::Seconds(2)), kNow));
  EXPECT_FALSE(Follow(subscription, Answer(ExternalSubscription::State::kActive, absl::Seconds(1)), kNow));
  EXPECT_FALSE(Follow(subscription, Answer(ExternalSubscription::State::kActive, absl::Seconds(2)), kNow));
  EXPECT_EQ(subscription.state, State::kPastDue);
  EXPECT_TRUE(Follow(subscription, Answer(ExternalSubscription::State::kActive, absl::Seconds(3)), kNow));
  EXPECT_EQ(subscription.state, State::kActive);
}

TEST(ExternalSubscription, EndsForGoodHoweverOldTheAnswerIs) {
  Subscription subscription = Active();
  EXPECT_TRUE(Follow(subscription, Answer(ExternalSubscription::State::kPastDue, absl::Seconds(2)), kNow));
  EXPECT_TRUE(Follow(subscription, Answer(ExternalSubscription::State::kEnded, absl::Seconds(1)), kNow));
  EXPECT_EQ(subscription.end_reason, Subscription::EndReason::kPaymentFailed);
  EXPECT_FALSE(Follow(subscription, Answer(ExternalSubscription::State::kActive, absl::Hours(1)), kNow));
  EXPECT_EQ(subscription.state, State::kCanceled);
}

TEST(ExternalSubscription, SaysWhatOthersGoBy) {
  const auto move = [](const ExternalSubscription& answer, Subscription before = Active()) {
    Subscription after = before;
    EXPECT_TRUE(Follow(after, answer, kNow));
    return FollowedMove(before, after);
  };
  EXPECT_EQ(move(Answer(ExternalSubscription::State::kActive, absl::Seconds(1))), "");
  EXPECT_EQ(move(Answer(ExternalSubscription::State::kPaused, absl::Seconds(1))), "subscription.paused");
  EXPECT_EQ(move(Answer(ExternalSubscription::State::kEnded, absl::Seconds(1))), "subscription.ended");
  ExternalSubscription next = Answer(ExternalSubscription::State::kActive, absl::Seconds(1));
  next.period_start_time += absl::Hours(30 * 24);
  EXPECT_EQ(move(next), "subscription.renewed");
  ExternalSubscription ending = Answer(ExternalSubscription::State::kActive, absl::Seconds(1));
  ending.cancel_at_period_end = true;
  EXPECT_EQ(move(ending), "subscription.cancellation_scheduled");
  ExternalSubscription dearer = Answer(ExternalSubscription::State::kActive, absl::Seconds(1));
  dearer.money.amount = 900;
  EXPECT_EQ(move(dearer), "subscription.changed");
}

}  // namespace
}  // namespace masthead::memberships
