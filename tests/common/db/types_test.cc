#include "common/db/types.h"

#include "common/db/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::db {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::masthead::testing::TestDatabase;
using ::testing::ElementsAre;

constexpr char kTimes[] =
    "SELECT $1::timestamptz, $2::timestamptz, $3::timestamptz, $4::timestamptz, $5::timestamptz::text";
constexpr char kBytes[] = "SELECT $1::bytea, $2::bytea, $3::bytea, length($1::bytea)";
constexpr char kOptionals[] =
    "SELECT $1::text, $2::bigint, $3::timestamptz, $4::bytea, $5::text[], $6::boolean, $7::interval";
constexpr char kTexts[] = "SELECT $1::text, $2::text, $3::text, $4::text";
constexpr char kUnnest[] =
    "SELECT * FROM unnest($1::text[], $2::bigint[], $3::boolean[], $4::timestamptz[], $5::bytea[]) AS u (a, b, c, d, "
    "e)";
constexpr char kArrays[] = "SELECT $1::text[], $2::bigint[], ARRAY[]::text[], ARRAY['NULL', 'null', '']";
constexpr char kText[] = "SELECT $1::text";
constexpr char kTextArray[] = "SELECT $1::text[]";
constexpr char kNulls[] = "SELECT NULL::bytea, NULL::text[], ARRAY[NULL]::text[], NULL::timestamptz";
constexpr char kInterval[] = "SELECT '2026-01-01 00:00:00+00'::timestamptz + $1::interval";

class Types : public ::testing::Test {
 protected:
  // Runs `body` in a transaction, and expects it to work.
  void Run(absl::FunctionRef<void(Transaction&)> body) {
    EXPECT_THAT(postgres_.database().Read({},
                                          [&](Transaction& tx) {
                                            body(tx);
                                            return absl::OkStatus();
                                          }),
                IsOk());
  }

  TestDatabase postgres_;
};

TEST_F(Types, TimesKeepTheirMicrosecondsAndInfinities) {
  const absl::Time time = absl::FromUnixMicros(1'790'000'000'123'456);
  Run([&](Transaction& tx) {
    const pqxx::row row = tx.Query(kTimes, time, absl::InfiniteFuture(), absl::InfinitePast(), absl::UnixEpoch(),
                                   time + absl::Nanoseconds(999))[0];
    EXPECT_EQ(row[0].as<absl::Time>(), time);
    EXPECT_EQ(row[1].as<absl::Time>(), absl::InfiniteFuture());
    EXPECT_EQ(row[2].as<absl::Time>(), absl::InfinitePast());
    EXPECT_EQ(row[3].as<absl::Time>(), absl::UnixEpoch());
    EXPECT_EQ(row[4].as<std::string>(), "2026-09-21 14:13:20.123456+00");
  });
}

TEST_F(Types, BytesMayBeAnything) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  Run([&](Transaction& tx) {
    const pqxx::row row = tx.Query(kBytes, Bytes{all}, Bytes{""}, std::optional(Bytes{all}))[0];
    EXPECT_EQ(ReadBytes(row[0]), all);
    EXPECT_EQ(ReadBytes(row[1]), "");
    EXPECT_EQ(ReadBytes(row[2]), all);
    EXPECT_EQ(row[3].as<int>(), 256);
  });
}

TEST_F(Types, AnOptionalWithoutAValueIsNull) {
  Run([&](Transaction& tx) {
    const pqxx::row nulls =
        tx.Query(kOptionals, std::optional<std::string>(), std::optional<int64_t>(), std::optional<absl::Time>(),
                 std::optional<Bytes>(), std::optional<TextArray>(), std::nullopt, std::optional<absl::Duration>())[0];
    for (const pqxx::field& field : nulls) EXPECT_TRUE(field.is_null()) << field.num();
    EXPECT_EQ(nulls[0].as<std::optional<std::string>>(), std::nullopt);
    EXPECT_EQ(nulls[1].as<std::optional<int64_t>>(), std::nullopt);
    EXPECT_EQ(nulls[2].as<std::optional<absl::Time>>(), std::nullopt);

    const pqxx::row values =
        tx.Query(kOptionals, std::optional<std::string>("a"), std::optional<int64_t>(7),
                 std::optional(absl::UnixEpoch()), std::optional(Bytes{"b"}),
                 std::optional(TextArray(std::vector<std::string>{"c"})), std::optional(true), std::nullopt)[0];
    EXPECT_EQ(values[0].as<std::optional<std::string>>(), "a");
    EXPECT_EQ(values[1].as<std::optional<int64_t>>(), 7);
    EXPECT_EQ(values[2].as<std::optional<absl::Time>>(), absl::UnixEpoch());
    EXPECT_EQ(ReadBytes(values[3]), "b");
    EXPECT_THAT(ReadTextArray(values[4]), ElementsAre("c"));
    EXPECT_TRUE(values[5].as<bool>());
  });
}

TEST_F(Types, TextComesInAnyForm) {
  Run([&](Transaction& tx) {
    const pqxx::row row = tx.Query(kTexts, "literal", std::string("Ліна"), absl::string_view("view"),
                                   std::string_view("'; DROP TABLE t"))[0];
    EXPECT_EQ(row[0].as<std::string>(), "literal");
    EXPECT_EQ(row[1].as<std::string>(), "Ліна");
    EXPECT_EQ(row[2].as<std::string>(), "view");
    EXPECT_EQ(row[3].as<std::string>(), "'; DROP TABLE t");
  });
}

TEST_F(Types, ArraysAreRowsToUnnest) {
  Run([&](Transaction& tx) {
    const pqxx::result rows =
        tx.Query(kUnnest, TextArray({"a,b", R"(q"\)"}), Int64Array({1, -9'000'000'000}), BoolArray({true, false}),
                 TimeArray({absl::UnixEpoch(), absl::InfiniteFuture()}), BytesArray({std::string("\0\\\"", 3), ""}));
    ASSERT_EQ(rows.size(), 2);
    EXPECT_EQ(rows[0]["a"].as<std::string>(), "a,b");
    EXPECT_EQ(rows[1]["a"].as<std::string>(), R"(q"\)");
    EXPECT_EQ(rows[1]["b"].as<int64_t>(), -9'000'000'000);
    EXPECT_TRUE(rows[0]["c"].as<bool>());
    EXPECT_FALSE(rows[1]["c"].as<bool>());
    EXPECT_EQ(rows[1]["d"].as<absl::Time>(), absl::InfiniteFuture());
    EXPECT_EQ(ReadBytes(rows[0]["e"]), std::string("\0\\\"", 3));
    EXPECT_EQ(ReadBytes(rows[1]["e"]), "");
  });
}

TEST_F(Types, ArraysHoldNulls) {
  Run([&](Transaction& tx) {
    const pqxx::result rows = tx.Query(
        kUnnest, TextArray(std::vector<std::optional<std::string>>{"NULL", std::nullopt}),
        Int64Array(std::vector<std::optional<int64_t>>{1, std::nullopt}), BoolArray({true, false}),
        TimeArray(std::vector<std::optional<absl::Time>>{std::nullopt, absl::UnixEpoch()}), BytesArray({"", ""}));
    EXPECT_EQ(rows[0]["a"].as<std::string>(), "NULL");
    EXPECT_TRUE(rows[1]["a"].is_null());
    EXPECT_TRUE(rows[1]["b"].is_null());
    EXPECT_TRUE(rows[0]["d"].is_null());
  });
}

TEST_F(Types, ArraysAreRead) {
  Run([&](Transaction& tx) {
    const std::vector<std::string> texts = {"", "a b", "{x}", "a\"b\\c,", "NULL", "Ліна\n"};
    const pqxx::row row = tx.Query(kArrays, TextArray(texts), Int64Array({3, -1}))[0];
    EXPECT_EQ(ReadTextArray(row[0]), texts);
    EXPECT_THAT(ReadInt64Array(row[1]), ElementsAre(3, -1));
    EXPECT_THAT(ReadTextArray(row[2]), ElementsAre());
    EXPECT_THAT(ReadTextArray(row[3]), ElementsAre("NULL", "null", ""));
  });
}

TEST_F(Types, DurationsAreIntervals) {
  Run([&](Transaction& tx) {
    EXPECT_EQ(tx.Query(kInterval, absl::Hours(36) + absl::Microseconds(1))[0][0].as<absl::Time>(),
              absl::FromCivil(absl::CivilHour(2026, 1, 2, 12), absl::UTCTimeZone()) + absl::Microseconds(1));
  });
}

TEST_F(Types, ATextWithNulIsRefusedNotCut) {
  const std::string text("a\0b", 3);
  auto refused = StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD");
  EXPECT_THAT(postgres_.database().Read({}, [&](Transaction& tx) { return tx.Query(kText, text).size(); }), refused);
  EXPECT_THAT(
      postgres_.database().Read({}, [&](Transaction& tx) { return tx.Query(kText, std::optional(text)).size(); }),
      refused);
  EXPECT_THAT(
      postgres_.database().Read({}, [&](Transaction& tx) { return tx.Query(kText, absl::string_view(text)).size(); }),
      refused);
  EXPECT_THAT(
      postgres_.database().Read({}, [&](Transaction& tx) { return tx.Query(kTextArray, TextArray({text})).size(); }),
      refused);
}

TEST_F(Types, ATextThatIsNotUtf8IsRefused) {
  EXPECT_THAT(postgres_.database().Read({}, [&](Transaction& tx) { return tx.Query(kText, "\xff").size(); }),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(Types, ReadersRefuseNull) {
  Run([&](Transaction& tx) {
    const pqxx::row row = tx.Query(kNulls)[0];
    EXPECT_THROW(ReadBytes(row[0]), pqxx::conversion_error);
    EXPECT_THROW(ReadTextArray(row[1]), pqxx::conversion_error);
    EXPECT_THROW(ReadTextArray(row[2]), pqxx::conversion_error);
    EXPECT_THROW(row[3].as<absl::Time>(), pqxx::conversion_error);
  });
}

}  // namespace
}  // namespace masthead::db
