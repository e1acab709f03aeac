// The audience follows memberships.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/notifications/support/newsroom.h"

namespace masthead::notifications {
namespace {

class AudienceTest : public QuietNewsroomTest {
 protected:
  std::string Mailbox(const std::string& reader) {
    return postgres_.QueryValue(absl::StrCat(
        "SELECT e.mailbox FROM endpoints e JOIN recipients r ON r.number = e.recipient_number WHERE r.id = '", reader,
        "'"));
  }
};

TEST_F(AudienceTest, StartsFromTheExportBecauseTheFeedIsYoungerThanSomeMembers) {
  notifications_->StopWorkers();
  memberships_.RegisterSilently("veteran", "veteran@readers.example");
  memberships_.ConsentSilently("veteran", "breaking");
  ::masthead::testing::TestDatabase fresh(Schema());
  Notifications late(fresh.database(), crypto::MacKey::Random(), articles_.channel(), memberships_.channel(), {});
  late.StartConsumers();
  Until("the veteran is known", [&] { return fresh.QueryValue("SELECT count(*) FROM subscriptions") == "1"; });
}

TEST_F(AudienceTest, FollowsAddressesLocalesAndTiers) {
  memberships_.Register("olha", "Olha.B@Readers.Example", "uk", {"tiers/gold"});
  UntilRecipientsAre(1);
  EXPECT_EQ(Mailbox("olha"), "Olha.B@readers.example") << "the local part keeps its case";
  memberships_.Register("olha", "new@readers.example", "en");
  Until("the new address is known", [&] { return Mailbox("olha") == "new@readers.example"; });
  EXPECT_EQ(postgres_.QueryValue("SELECT locale || ' ' || tiers::text FROM recipients"), "en {}");
}

TEST_F(AudienceTest, SendsNowhereWhereAnAddressIsNone) {
  memberships_.Register("olha", "olha@readers.example");
  UntilRecipientsAre(1);
  memberships_.Register("olha", "not an address");
  Until("the address is gone", [&] { return Mailbox("olha").empty(); });
}

TEST_F(AudienceTest, ErasesWhoIsGone) {
  AddReader("olha", {"breaking"}, "uk");
  memberships_.Remove("olha");
  UntilRecipientsAre(0);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM endpoints"), "0");
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM subscriptions"), "0");
  EXPECT_EQ(postgres_.QueryValue("SELECT state || locale FROM recipients"), "DELETED");
}

TEST_F(AudienceTest, IsRebuiltWhenTheFeedNoLongerReachesBack) {
  AddReader("stays", {"breaking"});
  AddReader("vanishes", {"breaking"});
  notifications_->StopWorkers();
  memberships_.RemoveSilently("vanishes");
  memberships_.RegisterSilently("appears", "appears@readers.example");
  memberships_.ForgetHistory();
  const int exports = memberships_.exports();

  Notifications next(postgres_.database(), crypto::MacKey::Random(), articles_.channel(), memberships_.channel(), {});
  next.StartConsumers();
  Until("the projection is rebuilt", [&] {
    return postgres_.QueryValue("SELECT string_agg(id, ' ' ORDER BY id) FROM recipients WHERE state = 'ACTIVE'") ==
           "appears stays";
  });
  EXPECT_EQ(memberships_.exports(), exports + 1);
}

TEST_F(AudienceTest, MakesATopicThatAConsentNamesFirst) {
  AddReader("olha", {"section-culture"});
  EXPECT_EQ(postgres_.QueryValue("SELECT source || ' ' || source_resource FROM topics WHERE id = 'section-culture'"),
            "SECTION sections/culture");
}

}  // namespace
}  // namespace masthead::notifications
