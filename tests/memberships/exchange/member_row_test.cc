#include "services/memberships/exchange/member_row.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/memberships/seed.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

CsvRow Row(std::vector<std::string> cells) { return {.line = 2, .text = "", .cells = std::move(cells), .error = ""}; }

TEST(MemberColumns, AreInAnyOrderAndNoneButTheAddressIsNeeded) {
  const auto columns = MemberColumns::FromHeader(Row({"labels", "email"}));
  ASSERT_THAT(columns, IsOk());
  EXPECT_FALSE(columns->Has("name"));
  const auto row = columns->Parse(Row({"vip=yes;source=book\\; fair", "Nina@example.org"}));
  ASSERT_THAT(row, IsOk());
  EXPECT_EQ(row->member.email_normal, "nina@example.org");
  EXPECT_THAT(row->member.labels, ElementsAre(Pair("source", "book; fair"), Pair("vip", "yes")));
}

TEST(MemberColumns, AHeaderWithoutAddressOrWithWhatIsNotKnownIsRefused) {
  for (const std::vector<std::string>& header :
       {std::vector<std::string>{"name"}, {"email", "email"}, {"email", "shoe_size"}, {""}}) {
    EXPECT_THAT(MemberColumns::FromHeader(Row(header)), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  }
}

TEST(MemberColumns, ABadRowIsRefusedWithoutRepeatingTheAddress) {
  const auto columns = MemberColumns::FromHeader(Row({"email", "tiers", "consents", "create_time", "id"}));
  ASSERT_THAT(columns, IsOk());
  for (const std::vector<std::string>& cells : {std::vector<std::string>{"no-address-at-all", "", "", "", ""},
                                                {"nina@example.org", "Gold!", "", "", ""},
                                                {"nina@example.org", "gold=tomorrow", "", "", ""},
                                                {"nina@example.org", "", "breaking=maybe", "", ""},
                                                {"nina@example.org", "", "breaking", "", ""},
                                                {"nina@example.org", "", "", "yesterday", ""},
                                                {"nina@example.org", "", "", "", "Not An Id"},
                                                {"nina@example.org", "", ""}}) {
    const absl::Status status = columns->Parse(Row(cells)).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("nina@")));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("no-address")));
  }
}

TEST(MemberRow, WhatIsWrittenIsReadAgain) {
  std::mt19937 random(TestSeed());
  const std::vector<std::string> pieces = {"=", ";", "\\", "'", "\"", ",", "+", "-", "@", "a", "ї", "😀", "z"};
  const auto line = [&] {
    std::string text = random() % 2 == 0 ? "" : "x";  // Never white space alone.
    for (size_t i = random() % 6; i > 0; --i) text += pieces[random() % pieces.size()];
    return text;
  };
  const auto columns = MemberColumns::FromHeader(Row(MemberColumns::Names()));
  ASSERT_THAT(columns, IsOk());
  for (int round = 0; round < 500; ++round) {
    MemberRow row;
    row.member.id = "nina";
    row.member.email = "Nina@example.org";
    row.member.display_name = line();
    row.member.note = line() + "\n" + line() + "x";
    for (size_t i = random() % 4; i > 0; --i) row.member.labels["key" + std::to_string(i)] = line();
    for (size_t i = random() % 4; i > 0; --i) row.member.custom_fields["field" + std::to_string(i)] = line();
    row.create_time = absl::FromUnixMicros(1'700'000'000'000'000 + random() % 1'000'000'000);
    if (random() % 2 == 0) row.tiers.push_back({.tier_id = "gold", .end_time = std::nullopt});
    if (random() % 2 == 0) row.tiers.push_back({.tier_id = "silver", .end_time = row.create_time});
    row.consents = {{"breaking", random() % 2 == 0}};
    row.member.locale = "uk";
    row.member.time_zone = "Europe/Kyiv";

    CsvReader reader;
    std::vector<CsvRow> rows;
    reader.Read(WriteMemberRow(row), rows);
    ASSERT_EQ(rows.size(), 1);
    const auto read = columns->Parse(rows[0]);
    ASSERT_THAT(read, IsOk());
    EXPECT_EQ(read->member.id, row.member.id);
    EXPECT_EQ(read->member.email, row.member.email);
    EXPECT_EQ(read->member.display_name, row.member.display_name);
    EXPECT_EQ(read->member.note, row.member.note);
    EXPECT_EQ(read->member.labels, row.member.labels);
    EXPECT_EQ(read->member.custom_fields, row.member.custom_fields);
    EXPECT_EQ(read->member.locale, row.member.locale);
    EXPECT_EQ(read->member.time_zone, row.member.time_zone);
    EXPECT_EQ(read->create_time, row.create_time);
    EXPECT_EQ(read->tiers, row.tiers);
    EXPECT_EQ(read->consents, row.consents);
  }
}

}  // namespace
}  // namespace masthead::memberships
