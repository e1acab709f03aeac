#include "services/memberships/exchange/csv.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/text/characters.h"

namespace masthead::memberships {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    const absl::string_view before = text;
    if (text::TakeCodePoint(text) == 0xFFFD && before.substr(0, kReplacement.size()) != kReplacement) return false;
  }
  return true;
}

// Begins with what a spreadsheet takes for a formula, behind apostrophes or not.
bool LooksLikeFormula(absl::string_view cell) {
  const size_t first = cell.find_first_not_of('\'');
  return first != absl::string_view::npos && absl::string_view("=+-@\t\r").find(cell[first]) != absl::string_view::npos;
}

}  // namespace

void CsvReader::Read(absl::string_view bytes, std::vector<CsvRow>& rows) {
  if (!begun_) {
    absl::StrAppend(&head_, bytes);
    if (head_.size() < kByteOrderMark.size() && kByteOrderMark.substr(0, head_.size()) == head_) return;
    begun_ = true;
    const std::string head = std::exchange(head_, "");
    absl::string_view rest = head;
    if (rest.substr(0, kByteOrderMark.size()) == kByteOrderMark) rest.remove_prefix(kByteOrderMark.size());
    for (const char c : rest) TakeByte(c, rows);
    return;
  }
  for (const char c : bytes) TakeByte(c, rows);
}

void CsvReader::End(std::vector<CsvRow>& rows) {
  begun_ = true;
  for (const char c : std::exchange(head_, "")) TakeByte(c, rows);
  if (at_ == At::kQuoted) Refuse("a quote is never closed");
  if (at_ == At::kCarriageReturn) Refuse("a carriage return stands alone outside quotes");
  if (!row_.text.empty() || too_long_) EndRow(rows);
}

void CsvReader::TakeByte(char c, std::vector<CsvRow>& rows) {
  if (row_.line == 0) row_.line = line_;
  if (c == '\n') ++line_;
  if (row_.text.size() < kMaxCsvRowBytes) {
    row_.text += c;
  } else if (!too_long_) {
    too_long_ = true;
    Refuse("the row has more than 64 KiB");
  }
  switch (at_) {
    case At::kCellStart:
    case At::kCell:
      if (c == '\n') return EndRow(rows);
      if (c == '\r') {
        at_ = At::kCarriageReturn;
      } else if (c == ',') {
        EndCell();
      } else if (c != '"') {
        cell_ += c;
        at_ = At::kCell;
      } else if (at_ == At::kCellStart) {
        at_ = At::kQuoted;
      } else {
        Refuse("a quote stands within a cell that is not quoted");
      }
      return;
    case At::kQuoted:
      if (c == '"') {
        at_ = At::kQuoteInQuoted;
      } else {
        cell_ += c;
      }
      return;
    case At::kQuoteInQuoted:
      if (c == '\n') return EndRow(rows);
      if (c == '"') {
        cell_ += c;
        at_ = At::kQuoted;
      } else if (c == ',') {
        EndCell();
      } else if (c == '\r') {
        at_ = At::kCarriageReturn;
      } else {
        Refuse("something stands between a closing quote and the end of the cell");
      }
      return;
    case At::kCarriageReturn:
      if (c == '\n') return EndRow(rows);
      return Refuse("a carriage return stands alone outside quotes");
    case At::kMalformed:
      if (c == '\n') EndRow(rows);
      return;
  }
}

void CsvReader::Refuse(const char* why) {
  if (row_.error.empty()) row_.error = why;
  at_ = At::kMalformed;
}

void CsvReader::EndCell() {
  row_.cells.push_back(std::exchange(cell_, ""));
  at_ = At::kCellStart;
}

void CsvReader::EndRow(std::vector<CsvRow>& rows) {
  EndCell();
  CsvRow row = std::exchange(row_, CsvRow());
  if (std::exchange(too_long_, false)) {
    row.text.clear();
  } else if (row.text == "\n" || row.text == "\r\n") {
    return;
  } else if (row.error.empty() && !IsUtf8(row.text)) {
    row.error = "the row is not UTF-8";
  }
  rows.push_back(std::move(row));
}

std::string WriteCsvRow(const std::vector<std::string>& cells) {
  std::string row;
  for (const std::string& cell : cells) {
    if (!row.empty()) row += ',';
    row += '"';
    for (const char c : cell) {
      if (c == '"') row += '"';
      row += c;
    }
    row += '"';
  }
  return row + "\r\n";
}

std::string Guarded(absl::string_view cell) {
  return LooksLikeFormula(cell) ? absl::StrCat("'", cell) : std::string(cell);
}

std::string Unguarded(absl::string_view cell) {
  const bool guarded = !cell.empty() && cell.front() == '\'' && LooksLikeFormula(cell);
  return std::string(guarded ? cell.substr(1) : cell);
}

}  // namespace masthead::memberships
