#include "services/notifications/sending/delivery.h"

#include <vector>

#include "gtest/gtest.h"

namespace masthead::notifications {
namespace {

using mail::BounceClass;
using mail::Outcome;
using mail::OutcomeKind;
using mail::SmtpStage;

Outcome Met(OutcomeKind kind, SmtpStage stage, BounceClass bounce = BounceClass::kNone) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.stage = stage;
  outcome.bounce = bounce;
  return outcome;
}

struct Row {
  Outcome met;
  bool at_most_once;
  const char* state;
  const char* reason;
  bool suppresses;
  bool counts;
};

TEST(Judge, FollowsTheTableOfOutcomes) {
  const std::vector<Row> table = {
      {Met(OutcomeKind::kSent, SmtpStage::kFinalDot), true, "SENT", "", false, true},
      {Met(OutcomeKind::kUncertain, SmtpStage::kFinalDot), true, "UNCERTAIN", "", false, true},
      {Met(OutcomeKind::kUncertain, SmtpStage::kFinalDot), false, "PENDING", "", false, true},
      {Met(OutcomeKind::kNotSent, SmtpStage::kData), true, "PENDING", "", false, false},
      {Met(OutcomeKind::kDeferred, SmtpStage::kRcpt), true, "DEFERRED", "", false, true},
      {Met(OutcomeKind::kDeferred, SmtpStage::kFinalDot, BounceClass::kSoft), true, "DEFERRED", "", false, true},
      {Met(OutcomeKind::kDeferred, SmtpStage::kConnect), true, "PENDING", "", false, false},
      {Met(OutcomeKind::kDeferred, SmtpStage::kBanner), true, "PENDING", "", false, false},
      {Met(OutcomeKind::kFailed, SmtpStage::kRcpt, BounceClass::kHard), true, "FAILED", "HARD_BOUNCE", true, true},
      {Met(OutcomeKind::kFailed, SmtpStage::kFinalDot, BounceClass::kPolicy), true, "FAILED", "POLICY", false, true},
      {Met(OutcomeKind::kFailed, SmtpStage::kRcpt, BounceClass::kSoft), true, "FAILED", "SOFT_BOUNCE", false, true},
      {Met(OutcomeKind::kFailed, SmtpStage::kFinalDot), true, "FAILED", "REFUSED", false, true},
  };
  for (size_t i = 0; i < table.size(); ++i) {
    const Row& row = table[i];
    const Disposition disposition = Judge(row.met, row.at_most_once, /*attempts=*/1, /*jitter=*/0);
    EXPECT_EQ(disposition.state, row.state) << "row " << i;
    EXPECT_EQ(disposition.reason, row.reason) << "row " << i;
    EXPECT_EQ(disposition.suppress_address, row.suppresses) << "row " << i;
    EXPECT_EQ(disposition.counts_as_attempt, row.counts) << "row " << i;
  }
}

TEST(Judge, PutsADeferralOffLongerEachTime) {
  const Outcome deferred = Met(OutcomeKind::kDeferred, SmtpStage::kRcpt);
  EXPECT_EQ(Judge(deferred, true, 1, 0).retry_in, absl::Minutes(1));
  EXPECT_EQ(Judge(deferred, true, 2, 0).retry_in, absl::Minutes(5));
  EXPECT_EQ(Judge(deferred, true, 3, 0).retry_in, absl::Minutes(15));
  EXPECT_EQ(Judge(deferred, true, 4, 0).retry_in, absl::Hours(1));
  EXPECT_EQ(Judge(deferred, true, 5, 0).retry_in, absl::Hours(4));
  EXPECT_EQ(Judge(deferred, true, 99, 0).retry_in, absl::Hours(8));
}

TEST(Backoff, SpreadsByAtMostAQuarter) {
  EXPECT_EQ(Backoff(1, 0.5), absl::Seconds(52.5));
  EXPECT_GT(Backoff(1, 0.999), absl::Seconds(45));
}

TEST(CallOff, NamesTheFirstObstacle) {
  EXPECT_FALSE(CallOff({}));
  EXPECT_EQ(CallOff({.message_cancelled = true, .expired = true})->reason, "MESSAGE_CANCELLED");
  EXPECT_EQ(CallOff({.expired = true, .unsubscribed = true})->reason, "UNSUBSCRIBED");
  EXPECT_EQ(CallOff({.address_gone = true})->reason, "ADDRESS_GONE");
  EXPECT_EQ(CallOff({.suppressed = true})->reason, "SUPPRESSED");
  EXPECT_EQ(CallOff({.expired = true})->state, "EXPIRED");
}

TEST(Delivery, IsNamedByMessageAndPlace) {
  EXPECT_EQ(DeliveryName("m", 17), "messages/m/deliveries/d17");
  EXPECT_EQ(ExclusionName("m", 18), "messages/m/exclusions/x18");
  EXPECT_EQ(ParseDeliveryId("d17"), 17);
  for (const char* id : {"", "d", "17", "d-1", "d0", "d017", "d17x", "d99999999999999999999"}) {
    EXPECT_FALSE(ParseDeliveryId(id)) << id;
  }
}

}  // namespace
}  // namespace masthead::notifications
