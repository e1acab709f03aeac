#include "common/db/types.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace masthead::db {
namespace {

// Takes the element at the head of `rest`, unquoted, into `value`. Whether it had quotes.
bool TakeElement(absl::string_view& rest, std::string& value) {
  value.clear();
  const bool quoted = rest.front() == '"';
  size_t i = 0;
  if (quoted) {
    for (++i; i < rest.size() && rest[i] != '"'; ++i) {
      if (rest[i] == '\\') ++i;
      if (i < rest.size()) value += rest[i];
    }
    ++i;  // The closing quote.
  } else {
    for (; i < rest.size() && rest[i] != ','; ++i) {
      if (rest[i] == '{') throw pqxx::conversion_error("an array of arrays");
      value += rest[i];
    }
  }
  if (i > rest.size()) throw pqxx::conversion_error("not an array");
  rest.remove_prefix(i);
  return quoted;
}

// Calls `element(text, is_null)` for each element of a one-dimensional array in Postgres' text form.
template <typename Element>
void ParseArray(absl::string_view text, Element element) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') throw pqxx::conversion_error("not an array");
  text = text.substr(1, text.size() - 2);
  std::string value;
  while (!text.empty()) {
    const bool quoted = TakeElement(text, value);
    if (!text.empty() && text.front() != ',') throw pqxx::conversion_error("not an array");
    if (!text.empty()) text.remove_prefix(1);
    element(value, !quoted && value == "NULL");
  }
}

absl::string_view Text(const pqxx::field& field, const char* type) {
  if (field.is_null()) pqxx::internal::throw_null_conversion(type);
  return absl::string_view(field.c_str(), field.size());
}

std::string HexOf(absl::string_view bytes) { return absl::StrCat("\\x", absl::BytesToHexString(bytes)); }

}  // namespace

void Array::Append(absl::string_view element) { absl::StrAppend(&literal_, literal_.size() > 1 ? "," : "", element); }

void Array::AppendElement(absl::string_view text) {
  literal_ += literal_.size() > 1 ? ",\"" : "\"";
  for (const char c : text) {
    if (c == '\0') throw TextWithNul();
    if (c == '"' || c == '\\') literal_ += '\\';
    literal_ += c;
  }
  literal_ += '"';
}

void Array::AppendElement(int64_t number) { Append(absl::StrCat(number)); }

void Array::AppendElement(absl::Time time) { AppendElement(pqxx::to_string(time)); }

void Array::Close() { literal_ += '}'; }

TextArray::TextArray(const std::vector<std::string>& elements) {
  for (const std::string& element : elements) AppendElement(element);
  Close();
}

Int64Array::Int64Array(const std::vector<int64_t>& elements) {
  for (const int64_t element : elements) AppendElement(element);
  Close();
}

BoolArray::BoolArray(const std::vector<bool>& elements) {
  for (const bool element : elements) Append(element ? "t" : "f");
  Close();
}

TimeArray::TimeArray(const std::vector<absl::Time>& elements) {
  for (const absl::Time element : elements) AppendElement(element);
  Close();
}

BytesArray::BytesArray(const std::vector<std::string>& elements) {
  for (const std::string& element : elements) AppendElement(HexOf(element));
  Close();
}

std::string ReadBytes(const pqxx::field& field) {
  const absl::string_view text = Text(field, "bytes");
  if (text.size() < 2 || text.size() % 2 != 0 || text.substr(0, 2) != "\\x")
    throw pqxx::conversion_error("not a bytea");
  return absl::HexStringToBytes(text.substr(2));
}

std::vector<std::string> ReadTextArray(const pqxx::field& field) {
  std::vector<std::string> elements;
  ParseArray(Text(field, "text[]"), [&](const std::string& element, bool is_null) {
    if (is_null) pqxx::internal::throw_null_conversion("text");
    elements.push_back(element);
  });
  return elements;
}

std::vector<int64_t> ReadInt64Array(const pqxx::field& field) {
  std::vector<int64_t> elements;
  ParseArray(Text(field, "bigint[]"), [&](const std::string& element, bool) {
    if (!absl::SimpleAtoi(element, &elements.emplace_back())) throw pqxx::conversion_error("not a bigint: " + element);
  });
  return elements;
}

namespace parameter {

const std::string& CheckedText(const std::string& text) {
  if (text.find('\0') != std::string::npos) throw TextWithNul();
  return text;
}

std::string ToInterval(absl::Duration duration) {
  if (duration == absl::InfiniteDuration() || duration == -absl::InfiniteDuration()) {
    throw pqxx::conversion_error("an interval cannot be infinite");
  }
  return absl::StrCat(absl::ToInt64Microseconds(duration), " microseconds");
}

std::string ToHex(const Bytes& bytes) { return HexOf(bytes.value); }

}  // namespace parameter

std::string Parameters::AddText(std::string text) {
  values_.push_back(std::move(text));
  return absl::StrCat("$", values_.size());
}

}  // namespace masthead::db

namespace pqxx {

void string_traits<absl::Time>::from_string(const char text[], absl::Time& time) {
  const absl::string_view view = text;
  if (view == "infinity") {
    time = absl::InfiniteFuture();
  } else if (view == "-infinity") {
    time = absl::InfinitePast();
  } else if (std::string error; !absl::ParseTime("%Y-%m-%d %H:%M:%E*S%z", view, absl::UTCTimeZone(), &time, &error)) {
    throw conversion_error("not a timestamptz: " + std::string(text));
  }
}

std::string string_traits<absl::Time>::to_string(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "infinity";
  if (time == absl::InfinitePast()) return "-infinity";
  return absl::FormatTime("%Y-%m-%d %H:%M:%E6S+00", time, absl::UTCTimeZone());
}

}  // namespace pqxx
