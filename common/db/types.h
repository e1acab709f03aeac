// Teaches libpqxx the types we bind and read. Written for libpqxx 6; libpqxx 7 spells string_traits differently, and
// this is the one file to change.
//
// As a parameter of Transaction::Query: integers, bool, double, text (std::string, string views, literals), absl::Time
// (timestamptz, to the microsecond), absl::Duration (interval), db::Bytes (bytea), the arrays below, and std::optional
// of any of them (nullopt is NULL).
//
// From a result: `row[i].as<T>()` for integers, bool, double, std::string, absl::Time, and std::optional of them;
// ReadBytes and the array readers below for the rest.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pqxx/pqxx"

namespace masthead::db {

// Octets, to and from a bytea column.
struct Bytes {
  std::string value;
};

// A Postgres array as one parameter, above all for unnest(): `INSERT ... SELECT * FROM unnest($1::text[],
// $2::bigint[])`. Elements that are nullopt become NULL. The cast in the SQL is the caller's; Postgres takes the type
// from it.
class Array {
 public:
  const std::string& literal() const { return literal_; }

 protected:
  Array() = default;
  void Append(absl::string_view element);  // Must need no quotes.
  void AppendElement(absl::string_view text);
  void AppendElement(const std::string& text) { AppendElement(absl::string_view(text)); }
  void AppendElement(int64_t number);
  void AppendElement(absl::Time time);
  void Close();

 private:
  std::string literal_ = "{";
};

// Throws TextWithNul like a text parameter.
struct TextArray : Array {
  explicit TextArray(const std::vector<std::string>& elements);
  template <std::same_as<std::optional<std::string>> Element>  // A template, so that a braced list means values.
  explicit TextArray(const std::vector<Element>& elements) {
    for (const auto& element : elements) element.has_value() ? AppendElement(*element) : Append("NULL");
    Close();
  }
};
struct Int64Array : Array {
  explicit Int64Array(const std::vector<int64_t>& elements);
  template <std::same_as<std::optional<int64_t>> Element>  // A template, so that a braced list means values.
  explicit Int64Array(const std::vector<Element>& elements) {
    for (const auto& element : elements) element.has_value() ? AppendElement(*element) : Append("NULL");
    Close();
  }
};
struct BoolArray : Array {
  explicit BoolArray(const std::vector<bool>& elements);
};
struct TimeArray : Array {
  explicit TimeArray(const std::vector<absl::Time>& elements);
  template <std::same_as<std::optional<absl::Time>> Element>  // A template, so that a braced list means values.
  explicit TimeArray(const std::vector<Element>& elements) {
    for (const auto& element : elements) element.has_value() ? AppendElement(*element) : Append("NULL");
    Close();
  }
};
struct BytesArray : Array {
  explicit BytesArray(const std::vector<std::string>& elements);
};

// These throw pqxx::conversion_error for NULL (as a whole or as an element) and for what is no such value.
std::string ReadBytes(const pqxx::field& field);
std::vector<std::string> ReadTextArray(const pqxx::field& field);
std::vector<int64_t> ReadInt64Array(const pqxx::field& field);

// A text parameter holds U+0000, which Postgres cannot store and libpq would cut the text at. Database turns it into
// INVALID_ARGUMENT, INVALID_FIELD: it is the caller's text, and a validation of ours let it through.
struct TextWithNul : std::invalid_argument {
  TextWithNul() : std::invalid_argument("a text parameter holds U+0000") {}
};

// What libpqxx is given for a parameter; see the list above.
namespace parameter {

const std::string& CheckedText(const std::string& text);  // Throws TextWithNul.
std::string ToInterval(absl::Duration duration);
std::string ToHex(const Bytes& bytes);

template <typename T>
const T& Bind(const T& value) {
  return value;
}
inline const std::string& Bind(const std::string& text) { return CheckedText(text); }
inline std::string Bind(std::string_view text) { return CheckedText(std::string(text)); }
inline std::string Bind(const char* text) { return text; }
template <size_t size>
std::string Bind(const char (&text)[size]) {
  return text;
}
inline pqxx::binarystring Bind(const Bytes& bytes) { return pqxx::binarystring(bytes.value); }
inline std::string Bind(absl::Duration duration) { return ToInterval(duration); }
inline const std::string& Bind(const TextArray& array) { return array.literal(); }
inline const std::string& Bind(const Int64Array& array) { return array.literal(); }
inline const std::string& Bind(const BoolArray& array) { return array.literal(); }
inline const std::string& Bind(const TimeArray& array) { return array.literal(); }
inline const std::string& Bind(const BytesArray& array) { return array.literal(); }
inline std::nullptr_t Bind(std::nullopt_t) { return nullptr; }
// Newer Abseil makes these one type; then this overload is the one of std::string_view.
template <typename View>
requires std::is_same_v<View, absl::string_view> &&(!std::is_same_v<absl::string_view, std::string_view>)std::string
    Bind(const View& text) {
  return CheckedText(std::string(text));
}
// Binary inside an optional goes in bytea's text form: libpqxx 6 knows binary parameters only bare.
inline std::optional<std::string> Bind(const std::optional<Bytes>& bytes) {
  if (!bytes.has_value()) return std::nullopt;
  return ToHex(*bytes);
}
template <typename T>
auto Bind(const std::optional<T>& value) {
  using Bound = std::decay_t<decltype(Bind(std::declval<const T&>()))>;
  return value.has_value() ? std::optional<Bound>(Bind(*value)) : std::optional<Bound>();
}

}  // namespace parameter

// The parameters of a statement that is put together at run time. In text form, so a placeholder may need a cast.
class Parameters {
 public:
  // Gives the placeholder: `$1`, `$2`... Takes what Query takes, but neither NULL nor Bytes.
  template <typename T>
  std::string Add(const T& value) {
    return AddText(pqxx::to_string(parameter::Bind(value)));
  }

  const std::vector<std::string>& values() const { return values_; }

 private:
  std::string AddText(std::string text);

  std::vector<std::string> values_;
};

}  // namespace masthead::db

namespace pqxx {

// timestamptz. Postgres' infinities are absl's; finer than a microsecond is cut off.
template <>
struct string_traits<absl::Time> {
  static constexpr const char* name() noexcept { return "absl::Time"; }
  static constexpr bool has_null() noexcept { return false; }
  static bool is_null(absl::Time) { return false; }
  [[noreturn]] static absl::Time null() { internal::throw_null_conversion(name()); }
  static void from_string(const char text[], absl::Time& time);
  static std::string to_string(absl::Time time);
};

}  // namespace pqxx
