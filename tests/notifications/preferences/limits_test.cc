// What readers limit holds when a letter's turn comes, whatever was right when its message was made.
#include "tests/notifications/recipients/choices_testing.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LimitsTest : public ChoicesTest {
 protected:
  LimitsTest() : ChoicesTest(/*workers=*/false) { AddReader("olha", {"section-war"}); }

  void Prefer(const v1::Preferences& preferences) {
    v1::UpdatePreferencesRequest request;
    *request.mutable_preferences() = preferences;
    request.mutable_preferences()->set_name("recipients/olha/preferences");
    request.mutable_preferences()->set_etag("*");
    v1::Preferences saved;
    ASSERT_THAT(recipients_->UpdatePreferences(AsMember("olha").get(), request, &saved), IsOk());
  }

  static v1::Preferences OneAlertADay() {
    v1::Preferences preferences;
    v1::Preferences::Cap& cap = *preferences.add_caps();
    cap.set_category(v1::Topic::ALERT);
    cap.set_limit(1);
    cap.mutable_window()->set_seconds(24 * 60 * 60);
    return preferences;
  }

  std::string Publish(const std::string& article, absl::Time when = absl::Now()) {
    articles_.Publish({.id = article}, when);
    return MessageAbout(article).name();
  }

  void Tell() {
    ASSERT_THAT(FanOutAll(), IsOk());
    ASSERT_THAT(SendAll(), IsOk());
  }
};

TEST_F(LimitsTest, WhoWasToldEnoughIsLeftOutOfTheNextMessage) {
  Prefer(OneAlertADay());
  const std::string first = Publish("one");
  Tell();
  EXPECT_EQ(DeliveryTo(first, "olha").state(), v1::Delivery::SENT);
  const std::string second = Publish("two");
  Tell();
  EXPECT_THAT(Exclusions(second), ElementsAre("recipients/olha: CAP"));
  EXPECT_EQ(GetMessage(second).counts().exclusions(), 1);
}

TEST_F(LimitsTest, ACapThatWasReachedSinceTheFanOutCallsTheLetterOff) {
  Prefer(OneAlertADay());
  const std::string first = Publish("one");
  const std::string second = Publish("two");
  Tell();
  const v1::Delivery late = DeliveryTo(second, "olha");
  EXPECT_EQ(DeliveryTo(first, "olha").state(), v1::Delivery::SENT);
  EXPECT_EQ(late.state(), v1::Delivery::CANCELLED);
  EXPECT_EQ(late.reason(), v1::Delivery::CAP);
  EXPECT_EQ(LettersTo("olha").size(), 1u);
}

TEST_F(LimitsTest, TheCapsWindowGoesWithTheTime) {
  Prefer(OneAlertADay());
  Publish("one");
  Tell();
  postgres_.MoveClock(absl::Hours(24));
  const std::string next_day = Publish("two", absl::Now() + absl::Hours(24));
  Tell();
  EXPECT_THAT(Exclusions(next_day), IsEmpty());
}

TEST_F(LimitsTest, AMutedCategoryCallsOffWhatWasPlanned) {
  const std::string message = Publish("one");
  ASSERT_THAT(FanOutAll(), IsOk());
  v1::Preferences muted;
  muted.add_muted_categories(v1::Topic::ALERT);
  Prefer(muted);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(message, "olha").reason(), v1::Delivery::MUTED);
  EXPECT_THAT(LettersTo("olha"), IsEmpty());
}

}  // namespace
}  // namespace masthead::notifications
