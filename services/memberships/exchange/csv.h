// CSV as RFC 4180 has it, strictly: a quote stands only at the edges of a cell or doubled within quotes; a row ends
// with CR LF or LF; the text is UTF-8, with or without a byte order mark.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::memberships {

inline constexpr size_t kMaxCsvRowBytes = 64 * 1024;

struct CsvRow {
  int64_t line = 0;  // Its first, from 1.
  std::string text;  // As it was, with its line break; empty if it was too long.
  std::vector<std::string> cells;
  std::string error;  // Why it is no row; empty if it is one.
};

// Takes a file in parts of any size, and gives its rows; lines without anything are none. After a row that is malformed
// it goes on with the next line. Holds one row at most.
class CsvReader {
 public:
  void Read(absl::string_view bytes, std::vector<CsvRow>& rows);
  // The file is over: its last row may lack a line break.
  void End(std::vector<CsvRow>& rows);

 private:
  enum class At { kCellStart, kCell, kQuoted, kQuoteInQuoted, kCarriageReturn, kMalformed };

  void TakeByte(char c, std::vector<CsvRow>& rows);
  void Refuse(const char* why);
  void EndCell();
  void EndRow(std::vector<CsvRow>& rows);

  At at_ = At::kCellStart;
  std::string cell_;
  CsvRow row_;
  int64_t line_ = 1;
  bool too_long_ = false;
  bool begun_ = false;  // Past a byte order mark.
  std::string head_;    // The first bytes, until it is known whether they are one.
};

// A row with CR LF.
std::string WriteCsvRow(const std::vector<std::string>& cells);

// So that no spreadsheet takes a cell for a formula: one that begins with `=`, `+`, `-`, `@`, a tab or a carriage
// return, behind any number of apostrophes, gets an apostrophe more. Unguarded takes exactly that one off.
std::string Guarded(absl::string_view cell);
std::string Unguarded(absl::string_view cell);

}  // namespace masthead::memberships
