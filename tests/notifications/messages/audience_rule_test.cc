// Whom a message is for: channels, digests, limits, and audiences beyond topics.
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/messages/audience_store.h"
#include "services/notifications/messages/fan_out_store.h"
#include "services/notifications/messages/message_store.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;

class AudienceRuleTest : public ::testing::Test {
 protected:
  AudienceRuleTest() {
    postgres_.Execute("INSERT INTO topics (id, source, category, lane) VALUES ('war', 'SECTION', 'ALERT', 'ALERT')");
  }

  std::string Fact(const std::string& sql) { return postgres_.QueryValue(sql); }

  void AddReader(int number, const std::string& locale, const std::string& tiers) {
    postgres_.Execute(absl::StrCat("INSERT INTO recipients (id, locale, tiers) VALUES ('r", number, "', '", locale,
                                   "', '", tiers, "')"));
  }
  void AddEndpoint(int number, const std::string& channel, const std::string& state = "ACTIVE") {
    postgres_.Execute(absl::StrCat(
        "INSERT INTO endpoints (recipient_number, id, mailbox, address_hash, channel, state) SELECT number, '", channel,
        "', '', sha256((id || '", channel, "')::bytea), '", channel, "', '", state, "' FROM recipients WHERE id = 'r",
        number, "'"));
  }
  void Follow(int number, const std::string& topic, const std::string& state, int channels,
              const std::string& cadence) {
    postgres_.Execute(absl::StrCat(
        "INSERT INTO subscriptions (topic_number, recipient_number, state, source, state_time, create_time, channels, "
        "cadence) SELECT t.number, r.number, '",
        state, "', 'CONSENT', db_now(), db_now() - interval '1 minute', ", channels, ", '", cadence,
        "' FROM topics t, recipients r WHERE t.id = '", topic, "' AND r.id = 'r", number, "'"));
  }

  // Makes a message to the topics breaking and war, and fans it out. Returns its number.
  int64_t Tell(const std::string& id, const Audience& audience, Channels channels, AudienceEstimate& estimate) {
    Message message;
    message.id = id;
    message.dedupe_key = id;
    message.channels = channels;
    message.alert.article = "articles/" + id;
    message.create_time = absl::Now();
    message.expire_time = absl::Now() + absl::Hours(4);
    const absl::Status made = postgres_.database().Write({}, [&](db::Transaction& tx) -> absl::Status {
      std::vector<Topic> topics;
      for (const char* topic : {"breaking", "war"}) topics.push_back(*LoadTopic(tx, topic));
      estimate = EstimateAudience(tx, topics, audience, channels, message.category);
      InsertMessage(tx, message, topics);
      InsertAudience(tx, message.number, audience);
      return absl::OkStatus();
    });
    EXPECT_THAT(made, IsOk());
    for (bool more = true; more;) {
      EXPECT_THAT(
          postgres_.database().Write({},
                                     [&](db::Transaction& tx) -> absl::Status {
                                       more = FanOutSlice(tx, {.first_slice = 3, .slice = 7, .chunk = 5}).has_value();
                                       return absl::OkStatus();
                                     }),
          IsOk());
    }
    return message.number;
  }

  ::masthead::testing::TestDatabase postgres_{Schema()};
};

// The law: every candidate is told or not, once, for the reason that a plain reading of the rule gives; and an estimate
// says beforehand what the fan-out does.
TEST_F(AudienceRuleTest, SaysOfRandomAudiencesWhatAPlainReadingOfTheRuleSays) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto one_in = [&](int n) { return random() % n == 0; };
  std::map<std::string, std::string> expected;  // By reader: "told" and how often, or the reason.
  const Audience audience = {.not_tiers = {"press"}, .languages = {"uk", "en"}};
  for (int number = 1; number <= 80; ++number) {
    const std::string locale = one_in(4) ? "de" : one_in(2) ? "uk" : "en-GB";
    const bool press = one_in(6);
    AddReader(number, locale, press ? "{press}" : "{}");
    const bool email = !one_in(5), inbox = one_in(3), pending = one_in(8);
    if (email) AddEndpoint(number, "EMAIL", pending ? "PENDING" : "ACTIVE");
    if (inbox) AddEndpoint(number, "INBOX");
    int best = 9;
    int mask = 0;
    for (const char* topic : {"breaking", "war"}) {
      if (one_in(3)) continue;
      const bool left = one_in(5), digest = one_in(4);
      const int channels = one_in(3) ? 33 : one_in(4) ? 2 : 1;
      Follow(number, topic, left ? "UNSUBSCRIBED" : "ACTIVE", channels, digest ? "DAILY" : "IMMEDIATE");
      const int rank = left                               ? 5
                       : digest && (channels & 1) != 0    ? 4
                       : (channels & 33) == 0             ? 3
                       : topic == std::string("breaking") ? 1
                                                          : 2;
      if (rank < best) mask = channels & 33;
      best = std::min(best, rank);
    }
    if (best == 9 || press || locale == "de") continue;
    const int told = (email && !pending && (mask & 1) != 0 ? 1 : 0) + (inbox && (mask & 32) != 0 ? 1 : 0);
    expected[absl::StrCat("r", number)] = best == 5                      ? "UNSUBSCRIBED"
                                          : best == 4                    ? "DIGESTED"
                                          : best == 3                    ? "NO_CHANNEL"
                                          : told == 0 && (mask & 1) != 0 ? "INVALID_ADDRESS"
                                          : told == 0                    ? "NO_CHANNEL"
                                                                         : absl::StrCat("told ", told);
  }
  AudienceEstimate estimate;
  const int64_t message = Tell("random", audience, kEmail | kInbox, estimate);
  std::map<std::string, std::string> found;
  EXPECT_THAT(
      postgres_.database().Read(
          {},
          [&](db::Transaction& tx) -> absl::Status {
            for (const pqxx::row& row : tx.Query(
                     "SELECT r.id, 'told ' || count(*) AS what FROM deliveries d JOIN recipients r ON r.number = "
                     "d.recipient_number WHERE d.message_number = $1 GROUP BY r.id UNION ALL SELECT r.id, "
                     "x.reason::text "
                     "FROM exclusions x JOIN recipients r ON r.number = x.recipient_number WHERE x.message_number = $1",
                     message)) {
              EXPECT_TRUE(found.emplace(row[0].as<std::string>(), row[1].as<std::string>()).second) << "twice";
            }
            return absl::OkStatus();
          }),
      IsOk());
  EXPECT_EQ(found, expected);
  EXPECT_EQ(
      Fact(absl::StrCat("SELECT candidates || ' ' || deliveries || ' ' || exclusions FROM messages WHERE number = ",
                        message)),
      absl::StrCat(estimate.candidates, " ", estimate.deliveries, " ", estimate.candidates - estimate.deliveries));
}

TEST_F(AudienceRuleTest, TellsOfACorrectionExactlyThoseWhoWereTold) {
  for (int number = 1; number <= 4; ++number) {
    AddReader(number, "", "{}");
    AddEndpoint(number, "EMAIL");
    Follow(number, "war", "ACTIVE", 1, "IMMEDIATE");
  }
  AudienceEstimate estimate;
  Tell("story", {}, kEmail, estimate);
  postgres_.Execute(
      "UPDATE deliveries SET state = (ARRAY['SENT', 'FAILED', 'UNCERTAIN', 'CANCELLED'])[seq]::delivery_state");
  postgres_.Execute("UPDATE subscriptions SET state = 'UNSUBSCRIBED'");
  const int64_t notice = Tell("notice", {.told_article = "articles/story"}, kEmail, estimate);
  EXPECT_EQ(
      Fact(absl::StrCat("SELECT string_agg(r.id, ' ' ORDER BY r.id) FROM deliveries d JOIN recipients r ON r.number = "
                        "d.recipient_number WHERE d.message_number = ",
                        notice)),
      "r1 r3");
  EXPECT_EQ(estimate.deliveries, 2);
}

TEST_F(AudienceRuleTest, AsksThoseWhoLimitWhatTheyAreTold) {
  for (int number = 1; number <= 2; ++number) {
    AddReader(number, "", "{}");
    AddEndpoint(number, "EMAIL");
    Follow(number, "war", "ACTIVE", 1, "IMMEDIATE");
  }
  postgres_.Execute(
      "INSERT INTO preferences (recipient_number, muted_categories) SELECT number, '{ALERT}' FROM recipients WHERE id "
      "= 'r1'");
  AudienceEstimate estimate;
  const int64_t message = Tell("story", {}, kEmail, estimate);
  EXPECT_EQ(
      Fact(absl::StrCat("SELECT candidates || ' = ' || deliveries || ' + ' || exclusions FROM messages WHERE number = ",
                        message)),
      "2 = 1 + 1");
  EXPECT_EQ(Fact("SELECT reason FROM exclusions"), "MUTED");
  EXPECT_EQ(estimate.exclusions["MUTED"], 1);
}

TEST_F(AudienceRuleTest, WaitsForEachRecipientsMorning) {
  AddReader(1, "", "{}");
  AddEndpoint(1, "EMAIL");
  Follow(1, "war", "ACTIVE", 1, "IMMEDIATE");
  postgres_.Execute("UPDATE recipients SET time_zone = 'Asia/Kathmandu'");
  AudienceEstimate estimate;
  Tell("story", {.local_minute = 480}, kEmail, estimate);
  EXPECT_EQ(Fact("SELECT state || ' ' || to_char(retry_time AT TIME ZONE 'UTC', 'HH24:MI') FROM deliveries"),
            "DEFERRED 02:15");
}

}  // namespace
}  // namespace masthead::notifications
