#include "services/memberships/exchange/csv.h"

#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/memberships/seed.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<CsvRow> ReadAll(absl::string_view text, size_t part = 1 << 20) {
  CsvReader reader;
  std::vector<CsvRow> rows;
  for (; !text.empty(); text.remove_prefix(std::min(part, text.size()))) reader.Read(text.substr(0, part), rows);
  reader.End(rows);
  return rows;
}

TEST(Csv, ReadsWhatTheStandardShows) {
  const std::vector<CsvRow> rows = ReadAll("a,b,c\r\n\"x, y\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\n,,\n");
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_THAT(rows[0].cells, ElementsAre("a", "b", "c"));
  EXPECT_THAT(rows[1].cells, ElementsAre("x, y", "say \"hi\"", "two\r\nlines"));
  EXPECT_THAT(rows[2].cells, ElementsAre("", "", ""));
  EXPECT_EQ(rows[0].line, 1);
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_EQ(rows[2].line, 4);
}

TEST(Csv, AByteOrderMarkAndAMissingLastLineBreakAreNoMatter) {
  for (size_t part : {1, 2, 100}) {
    const std::vector<CsvRow> rows = ReadAll("\xEF\xBB\xBFname\nНіна", part);
    ASSERT_THAT(rows, SizeIs(2));
    EXPECT_THAT(rows[0].cells, ElementsAre("name"));
    EXPECT_THAT(rows[1].cells, ElementsAre("Ніна"));
  }
  EXPECT_THAT(ReadAll(""), IsEmpty());
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF"), IsEmpty());
}

TEST(Csv, LinesWithoutAnythingAreNoRows) {
  const std::vector<CsvRow> rows = ReadAll("a\n\n\r\nb\n");
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[1].line, 4);
}

TEST(Csv, AMalformedRowIsToldAndTheNextOneIsRead) {
  for (const char* bad : {"a\"b,c\n", "\"a\"b,c\n", "a\rb\n", "\xFF,b\n", "\xC0\xAF\n", "\xED\xA0\x80\n"}) {
    const std::vector<CsvRow> rows = ReadAll(std::string(bad) + "good,row\n");
    ASSERT_THAT(rows, SizeIs(2)) << bad;
    EXPECT_NE(rows[0].error, "") << bad;
    EXPECT_EQ(rows[0].text, bad);
    EXPECT_EQ(rows[1].error, "");
    EXPECT_THAT(rows[1].cells, ElementsAre("good", "row"));
  }
}

TEST(Csv, AQuoteThatIsNeverClosedEndsWithTheFile) {
  const std::vector<CsvRow> rows = ReadAll("a,\"b\nc");
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_NE(rows[0].error, "");
}

TEST(Csv, ARowThatIsTooLongCostsNoMemoryAndNoOtherRow) {
  const std::vector<CsvRow> rows = ReadAll("a,\"" + std::string(5 * kMaxCsvRowBytes, 'x') + "\nb\n");
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_NE(rows[0].error, "");
  EXPECT_EQ(rows[0].text, "");
  EXPECT_THAT(rows[1].cells, ElementsAre("b"));
}

TEST(Csv, WhatIsWrittenIsReadAgainInPartsOfAnySize) {
  std::mt19937 random(TestSeed());
  const std::vector<std::string> pieces = {"\"", ",",  "\n", "\r", "'",  "=", "+", "-",
                                           "@",  "\t", "a",  "ї",  "\\", ";", "😀", ""};
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> cells(1 + random() % 6);
    std::string text;
    for (std::string& cell : cells) {
      for (size_t i = random() % 8; i > 0; --i) cell += pieces[random() % pieces.size()];
    }
    text = WriteCsvRow(cells) + WriteCsvRow({"next"});
    const std::vector<CsvRow> rows = ReadAll(text, 1 + random() % 10);
    ASSERT_THAT(rows, SizeIs(2));
    ASSERT_EQ(rows[0].error, "");
    ASSERT_EQ(rows[0].cells, cells);
  }
}

TEST(FormulaGuard, IsPutOnAndTakenOffExactlyOnce) {
  EXPECT_EQ(Guarded("=1+1"), "'=1+1");
  EXPECT_EQ(Guarded("'=1"), "''=1");
  EXPECT_EQ(Guarded("'quoted'"), "'quoted'");
  EXPECT_EQ(Guarded("it's"), "it's");
  EXPECT_EQ(Unguarded("'=1+1"), "=1+1");
  EXPECT_EQ(Unguarded("=1+1"), "=1+1") << "a file that others wrote is taken as it is";
  EXPECT_EQ(Unguarded("'quoted'"), "'quoted'");
  std::mt19937 random(TestSeed());
  const std::string alphabet = "'=+-@\t\ra";
  for (int round = 0; round < 2000; ++round) {
    std::string cell;
    for (size_t i = random() % 6; i > 0; --i) cell += alphabet[random() % alphabet.size()];
    ASSERT_EQ(Unguarded(Guarded(cell)), cell);
    ASSERT_EQ(std::string("=+-@\t\r").find(Guarded(cell).substr(0, 1)) == std::string::npos || cell.empty(), true);
  }
}

}  // namespace
}  // namespace masthead::memberships
