#include "services/memberships/members/address_keys.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kOld(64, '1');
const std::string kNew(64, '2');

Member Nina() {
  Member nina;
  nina.id = "nina";
  nina.email = "Nina@example.org";
  nina.email_normal = "nina@example.org";
  nina.display_name = "Nina Поп";
  nina.note = "asked twice";
  nina.custom_fields = {{"city", "Kyiv"}};
  return nina;
}

// As the store gives it.
Member Stored(const Member& member) {
  Member stored;
  stored.id = member.id;
  stored.sealed = member.sealed;
  return stored;
}

TEST(AddressKeys, WhatIsSealedIsOpenedAgain) {
  const auto keys = AddressKeys::FromText(kOld);
  ASSERT_THAT(keys, IsOk());
  Member nina = Nina();
  (*keys)->Seal(nina);

  Member stored = Stored(nina);
  ASSERT_THAT((*keys)->Open(stored), IsOk());

  EXPECT_EQ(stored.email, "Nina@example.org");
  EXPECT_EQ(stored.email_normal, "nina@example.org");
  EXPECT_EQ(stored.display_name, "Nina Поп");
  EXPECT_EQ(stored.note, "asked twice");
  EXPECT_EQ(stored.custom_fields.at("city"), "Kyiv");
  EXPECT_EQ(nina.address_domain, "example.org");
}

TEST(AddressKeys, NothingOfThePersonCanBeReadInWhatIsStored) {
  const auto keys = AddressKeys::FromText(kOld);
  Member nina = Nina();
  (*keys)->Seal(nina);
  const std::string all = nina.sealed.wrapped_key + nina.sealed.person + nina.sealed.address_index;
  for (const char* part : {"Nina", "nina", "example", "twice", "Kyiv"}) EXPECT_THAT(all, Not(HasSubstr(part)));
}

TEST(AddressKeys, EachSealingHasAKeyOfItsOwn) {
  const auto keys = AddressKeys::FromText(kOld);
  Member once = Nina();
  Member twice = Nina();
  (*keys)->Seal(once);
  (*keys)->Seal(twice);
  EXPECT_NE(once.sealed.wrapped_key, twice.sealed.wrapped_key);
  EXPECT_NE(once.sealed.person, twice.sealed.person);
  EXPECT_EQ(once.sealed.address_index, twice.sealed.address_index) << "the same address is known again";
}

TEST(AddressKeys, WithoutItsKeyAMemberIsForgotten) {
  const auto keys = AddressKeys::FromText(kOld);
  Member nina = Nina();
  (*keys)->Seal(nina);
  Member stored = Stored(nina);
  stored.sealed.wrapped_key.clear();
  ASSERT_THAT((*keys)->Open(stored), IsOk());
  EXPECT_EQ(stored.email, "");
}

TEST(AddressKeys, WhatIsPutIntoAnotherRowDoesNotOpen) {
  const auto keys = AddressKeys::FromText(kOld);
  Member nina = Nina();
  (*keys)->Seal(nina);
  Member stored = Stored(nina);
  stored.id = "omar";
  EXPECT_THAT((*keys)->Open(stored), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(AddressKeys, ChangedBytesDoNotOpenWhereverTheyAre) {
  const auto keys = AddressKeys::FromText(kOld);
  Member nina = Nina();
  (*keys)->Seal(nina);
  for (size_t i = 0; i < nina.sealed.person.size(); ++i) {
    Member stored = Stored(nina);
    stored.sealed.person[i] ^= 1;
    EXPECT_THAT((*keys)->Open(stored), StatusIs(absl::StatusCode::kDataLoss)) << i;
  }
  for (size_t i = 0; i < nina.sealed.wrapped_key.size(); ++i) {
    Member stored = Stored(nina);
    stored.sealed.wrapped_key[i] ^= 1;
    EXPECT_THAT((*keys)->Open(stored), StatusIs(absl::StatusCode::kDataLoss)) << i;
  }
}

TEST(AddressKeys, ANewKeyOnTopSealsAndTheOldOnesStillOpen) {
  const auto before = AddressKeys::FromText(kOld);
  const auto after = AddressKeys::FromText(kNew + "\n" + kOld + "\n");
  ASSERT_THAT(after, IsOk());
  Member nina = Nina();
  (*before)->Seal(nina);
  Member stored = Stored(nina);
  ASSERT_THAT((*after)->Open(stored), IsOk());
  EXPECT_EQ((*after)->IndexOf("nina@example.org"), nina.sealed.address_index);

  (*after)->Seal(stored);
  Member again = Stored(stored);
  EXPECT_THAT((*before)->Open(again), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT((*after)->Open(again), IsOk());
}

TEST(AddressKeys, AFileThatIsNoneIsRefusedByLineAndNotRepeated) {
  for (const std::string& text : {std::string(), std::string("\n\n"), std::string(63, '1'), kOld + "\nsecret word"}) {
    EXPECT_THAT(AddressKeys::FromText(text), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  const absl::Status status = AddressKeys::FromText(kOld + "\nsecret word").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("line 2"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
  EXPECT_THAT(AddressKeys::FromText(crypto::Base64Url(std::string(32, 'x'))), IsOk());
}

}  // namespace
}  // namespace masthead::memberships
