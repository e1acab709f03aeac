#include "services/memberships/privacy/rewrapping.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/memberships/gifts/gift_store.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/sealed_words.h"
#include "services/memberships/memberships.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;

const std::string kOld(64, '5');
const std::string kNew(64, '7');

std::unique_ptr<AddressKeys> Keys(const std::string& text) { return *AddressKeys::FromText(text); }

class RewrappingTest : public ::testing::Test {
 protected:
  RewrappingTest() { SetWordsKeys(*old_); }

  void Insert(const std::string& id, const AddressKeys& keys) {
    Member member;
    member.id = id;
    member.email = member.email_normal = absl::StrCat(id, "@example.org");
    keys.Seal(member);
    Write([&](db::Transaction& tx) { EXPECT_TRUE(InsertMember(tx, member)); });
  }

  template <typename Body>
  void Write(Body body) {
    ASSERT_THAT(database_.database().Write({},
                                           [&](db::Transaction& tx) {
                                             body(tx);
                                             return absl::OkStatus();
                                           }),
                IsOk());
  }

  absl::StatusOr<std::string> AddressOf(const std::string& id, const AddressKeys& keys) {
    return database_.database().Read({}, [&](db::Transaction& tx) -> absl::StatusOr<std::string> {
      Member member = LoadMember(tx, id).value();
      const absl::Status opened = keys.Open(member);
      if (!opened.ok()) return opened;
      return member.email;
    });
  }

  void Walk(Rewrapping& rewrapping) {
    absl::StatusOr<bool> more = true;
    while (more.ok() && *more) more = rewrapping.Step({});
    EXPECT_THAT(more, IsOk());
  }

  testing::TestDatabase database_{Schema()};
  const std::unique_ptr<AddressKeys> old_ = Keys(kOld);
  const std::unique_ptr<AddressKeys> both_ = Keys(kNew + "\n" + kOld);
  const std::unique_ptr<AddressKeys> new_ = Keys(kNew);
};

TEST_F(RewrappingTest, AfterAWalkTheFormerKeyMayLeaveTheFile) {
  for (int i = 0; i < 2500; ++i) Insert(absl::StrCat("m", i), i % 2 == 0 ? *old_ : *both_);
  EXPECT_THAT(AddressOf("m0", *new_), StatusIs(absl::StatusCode::kDataLoss));
  const std::string before =
      database_.QueryValue("SELECT string_agg(person::text || revision, '' ORDER BY id) FROM members");

  Rewrapping rewrapping(database_.database(), *both_);
  Walk(rewrapping);

  EXPECT_EQ(rewrapping.wrapped(), 1250);
  EXPECT_EQ(rewrapping.unopened(), 0);
  EXPECT_THAT(AddressOf("m0", *new_), IsOkAndHolds("m0@example.org"));
  EXPECT_THAT(AddressOf("m2499", *new_), IsOkAndHolds("m2499@example.org"));
  EXPECT_EQ(database_.QueryValue("SELECT string_agg(person::text || revision, '' ORDER BY id) FROM members"), before)
      << "nobody sees a change";
  Walk(rewrapping);
  EXPECT_EQ(rewrapping.wrapped(), 0);
}

TEST_F(RewrappingTest, SaysHowManyRowsNoKeyOpens) {
  Insert("nina", *Keys(std::string(64, '9')));
  Insert("omar", *old_);
  Rewrapping rewrapping(database_.database(), *both_);
  Walk(rewrapping);
  EXPECT_EQ(rewrapping.wrapped(), 1);
  EXPECT_EQ(rewrapping.unopened(), 1);
}

TEST_F(RewrappingTest, AnErasedMemberHasNoKeyAndStaysSo) {
  Insert("nina", *old_);
  database_.Execute(
      "UPDATE members SET wrapped_key = NULL, person = NULL, address_index = NULL, state = 'ERASED', delete_time = "
      "db_now()");
  Rewrapping rewrapping(database_.database(), *both_);
  Walk(rewrapping);
  EXPECT_EQ(rewrapping.wrapped() + rewrapping.unopened(), 0);
}

// What an older version wrote: the words of a gift and of a checkout as they are.
TEST_F(RewrappingTest, SealsWhatWasReadableAndWrapsTheKeysOfWords) {
  Insert("nina", *old_);
  database_.Execute(R"(
    INSERT INTO tiers VALUES ('gold', 'Gold', '', '{}', 'ACTIVE', 1, db_now(), db_now());
    INSERT INTO checkouts (id, member_id, kind, state, currency, amount, details, attribution, provider, success_url,
                           cancel_url, revision, create_time, expire_time)
    VALUES ('c', 'nina', 'GIFT', 'COMPLETED', 'EUR', 500, '{"receiver_email": "olha@secret.example", "months": 3}', '{}', '',
            '', '', 1, db_now(), db_now());
    INSERT INTO gifts (id, giver_id, checkout_id, invoice_id, tier_id, months, state, receiver_email, receiver_name,
                       giver_name, message, locale, delivery_date, claim_end_time, revision, create_time)
    VALUES ('g', 'nina', 'c', 'i', 'gold', 3, 'SCHEDULED', 'olha@secret.example', 'Olha', 'Nina', 'Read!', 'uk', '',
            db_now(), 1, db_now());
  )");
  const char* readable =
      "SELECT count(*) FROM (SELECT c::text AS t FROM checkouts c UNION ALL SELECT g::text FROM gifts g) AS rows "
      "WHERE t LIKE '%secret.example%'";
  ASSERT_EQ(database_.QueryValue(readable), "2");

  Rewrapping with_old(database_.database(), *old_);
  Walk(with_old);

  EXPECT_EQ(database_.QueryValue(readable), "0");
  EXPECT_EQ(database_.QueryValue("SELECT details FROM checkouts"), R"({"months": 3})");
  Rewrapping with_new(database_.database(), *both_);
  Walk(with_new);
  EXPECT_EQ(with_new.wrapped(), 3);
  SetWordsKeys(*new_);
  Write([&](db::Transaction& tx) {
    const Gift gift = LoadGift(tx, "g").value();
    EXPECT_EQ(gift.delivery.receiver_email, "olha@secret.example");
    EXPECT_EQ(gift.delivery.message, "Read!");
    EXPECT_EQ(gift.delivery.locale, "uk");
  });
}

}  // namespace
}  // namespace masthead::memberships
