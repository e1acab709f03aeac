#include "common/crypto/seal.h"

#include <concepts>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::crypto {
namespace {

// Nobody compares keys with ==, by mistake or in haste.
static_assert(!std::equality_comparable<SealingKey>);

class SealingKeyTest : public ::testing::Test {
 protected:
  const MacKey mac_key_ = MacKey::Random();
  const SealingKey key_{mac_key_, "letters"};
};

TEST_F(SealingKeyTest, OpensWhatItSealedWhoeverHoldsTheSameKey) {
  const std::string sealed = key_.Seal("a link", "row 1");
  EXPECT_EQ(*key_.Open(sealed, "row 1"), "a link");
  EXPECT_EQ(*SealingKey(mac_key_, "letters").Open(sealed, "row 1"), "a link");
  EXPECT_EQ(*key_.Open(key_.Seal("", ""), ""), "");
}

TEST_F(SealingKeyTest, ShowsNothingNotEvenThatTwoAreTheSame) {
  const std::string sealed = key_.Seal("a link", "row 1");
  EXPECT_THAT(sealed, ::testing::Not(::testing::HasSubstr("link")));
  EXPECT_NE(sealed, key_.Seal("a link", "row 1"));
}

TEST_F(SealingKeyTest, OpensNothingElse) {
  const std::string sealed = key_.Seal("a link", "row 1");
  std::string changed = sealed;
  changed[20] = static_cast<char>(changed[20] ^ 1);
  for (const auto& opened :
       {key_.Open(sealed, "row 2"), key_.Open(changed, "row 1"), key_.Open("", "row 1"),
        key_.Open(sealed.substr(0, 27), "row 1"), SealingKey(mac_key_, "other").Open(sealed, "row 1"),
        SealingKey(MacKey::Random(), "letters").Open(sealed, "row 1")}) {
    EXPECT_EQ(opened.status().code(), absl::StatusCode::kDataLoss);
  }
}

}  // namespace
}  // namespace masthead::crypto
