// What recipients choose about all topics, and what the fan-out reads of it.
#include "services/notifications/preferences/preference_store.h"
#include "tests/notifications/recipients/choices_testing.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::SizeIs;

class PreferencesTest : public ChoicesTest {
 protected:
  v1::Preferences Get(const std::string& reader) {
    v1::GetPreferencesRequest request;
    request.set_name("recipients/" + reader + "/preferences");
    v1::Preferences preferences;
    EXPECT_THAT(recipients_->GetPreferences(AsMember(reader).get(), request, &preferences), IsOk());
    return preferences;
  }
};

TEST_F(PreferencesTest, LimitNothingUntilSomethingIsChosen) {
  AddReader("olha", {});
  const v1::Preferences preferences = Get("olha");
  EXPECT_EQ(preferences.tracking(), v1::Preferences::AGGREGATE);
  EXPECT_FALSE(preferences.has_update_time());
  EXPECT_EQ(postgres_.QueryValue("SELECT limited FROM endpoints"), "f");
}

TEST_F(PreferencesTest, AreChosenReadAtOnceAndMarkTheEndpoints) {
  AddReader("olha", {});
  v1::UpdatePreferencesRequest request;
  *request.mutable_preferences() = Get("olha");
  v1::Preferences::QuietHours& night = *request.mutable_preferences()->add_quiet_hours();
  night.set_start("22:00");
  night.set_end("07:00");
  night.add_days(1);
  night.add_days(7);
  v1::Preferences::Cap& cap = *request.mutable_preferences()->add_caps();
  cap.set_category(v1::Topic::ALERT);
  cap.set_limit(3);
  cap.mutable_window()->set_seconds(86400);
  request.mutable_preferences()->set_tracking(v1::Preferences::NONE);
  v1::Preferences saved;
  ASSERT_THAT(recipients_->UpdatePreferences(AsMember("olha").get(), request, &saved), IsOk());
  EXPECT_EQ(saved.quiet_hours(0).DebugString(), night.DebugString());
  EXPECT_EQ(postgres_.QueryValue("SELECT limited FROM endpoints"), "t");
  EXPECT_THAT(recipients_->UpdatePreferences(AsMember("olha").get(), request, &saved),
              StatusIs(StatusCode::kAborted, "ETAG_MISMATCH"));

  const auto loaded = postgres_.database().Read({}, [&](db::Transaction& tx) {
    return LoadPreferences(tx, std::vector<int64_t>{1, 99});
  });
  ASSERT_TRUE(loaded.ok());
  ASSERT_THAT(*loaded, SizeIs(1));
  const Preferences& preferences = loaded->begin()->second;
  EXPECT_EQ(preferences.quiet_hours,
            (std::vector<QuietWindow>{{.days = 65, .start_minute = 22 * 60, .end_minute = 7 * 60}}));
  EXPECT_EQ(preferences.caps, (std::vector<Cap>{{.category = "ALERT", .limit = 3, .window = absl::Hours(24)}}));
  EXPECT_EQ(preferences.tracking, "NONE");

  v1::CreateEndpointRequest inbox;
  inbox.set_parent("recipients/olha");
  inbox.mutable_endpoint()->mutable_inbox();
  v1::Endpoint endpoint;
  ASSERT_THAT(recipients_->CreateEndpoint(AsMember("olha").get(), inbox, &endpoint), IsOk());
  EXPECT_EQ(postgres_.QueryValue("SELECT bool_and(limited) FROM endpoints"), "t") << "later endpoints too";
}

TEST_F(PreferencesTest, TellEverythingThatIsWrongAtOnce) {
  AddReader("olha", {});
  v1::UpdatePreferencesRequest request;
  *request.mutable_preferences() = Get("olha");
  request.mutable_preferences()->add_muted_categories(v1::Topic::TRANSACTIONAL);
  request.mutable_preferences()->add_quiet_hours()->set_start("24:00");
  request.mutable_preferences()->add_caps();
  v1::Preferences saved;
  EXPECT_THAT(recipients_->UpdatePreferences(AsMember("olha").get(), request, &saved),
              StatusIs(StatusCode::kInvalidArgument, "INVALID_FIELD"));
  AddReader("taras", {});
  request.Clear();
  request.mutable_preferences()->set_name("recipients/olha/preferences");
  request.mutable_preferences()->set_etag("*");
  EXPECT_THAT(recipients_->UpdatePreferences(AsMember("taras").get(), request, &saved),
              StatusIs(StatusCode::kNotFound, "RECIPIENT_NOT_FOUND"));
}

}  // namespace
}  // namespace masthead::notifications
