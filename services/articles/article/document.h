// Structs to and from JSON documents, by one description of each for both directions: an overload
//
//   template <typename Visitor, Is<Quote> Struct>
//   void Parts(Visitor& part, Struct& quote) {
//     part("text", quote.text);
//     part("attribution", quote.attribution);
//   }
//
// Fields may be added to a struct: where an older document lacks one, its default stays.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "services/articles/article/spelling.h"

namespace masthead::articles {

using Json = nlohmann::json;

template <typename T, typename Struct>
concept Is = std::same_as<std::remove_const_t<T>, Struct>;

class DocumentWriter;
class DocumentReader;

// A struct by its Parts, an enumerator by its spelling, a time in microseconds, null for nothing.
template <typename T>
Json WriteDocument(const T& value);

// Throws for what WriteDocument did not write.
template <typename T>
void ReadDocument(const Json& json, T& value);

class DocumentWriter {
 public:
  template <typename T>
  void operator()(const char* key, const T& value) {
    Json json = WriteDocument(value);
    if (!json.is_null()) json_[key] = std::move(json);
  }
  // For what is mostly empty.
  template <typename T>
  void UnlessEmpty(const char* key, const T& value) {
    if (!value.empty()) (*this)(key, value);
  }
  Json Take() { return std::move(json_); }

 private:
  Json json_ = Json::object();
};

class DocumentReader {
 public:
  explicit DocumentReader(const Json& json) : json_(json) {}

  template <typename T>
  void operator()(const char* key, T& value) {
    const auto found = json_.find(key);
    if (found != json_.end()) ReadDocument(*found, value);
  }
  template <typename T>
  void UnlessEmpty(const char* key, T& value) {
    (*this)(key, value);
  }

 private:
  const Json& json_;
};

template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <typename T>
inline constexpr bool kIsVector = false;
template <typename T>
inline constexpr bool kIsVector<std::vector<T>> = true;

template <typename T>
Json WriteDocument(const T& value) {
  if constexpr (kIsOptional<T>) {
    return value.has_value() ? WriteDocument(*value) : Json();
  } else if constexpr (kIsVector<T>) {
    Json list = Json::array();
    for (const auto& element : value) list.push_back(WriteDocument(element));
    return list;
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(Spell(value));
  } else if constexpr (std::same_as<T, absl::Time>) {
    return absl::ToUnixMicros(value);
  } else if constexpr (std::is_constructible_v<Json, const T&>) {
    return value;
  } else {
    DocumentWriter writer;
    Parts(writer, value);
    return writer.Take();
  }
}

template <typename T>
void ReadDocument(const Json& json, T& value) {
  if constexpr (kIsOptional<T>) {
    ReadDocument(json, value.emplace());
  } else if constexpr (kIsVector<T>) {
    value.clear();
    for (const Json& element : json) ReadDocument(element, value.emplace_back());
  } else if constexpr (std::is_enum_v<T>) {
    const auto& name = json.get_ref<const std::string&>();
    const std::optional<T> read = ReadSpelling<T>(name);
    if (!read.has_value()) throw std::runtime_error("a stored document has an unknown word: " + name);
    value = *read;
  } else if constexpr (std::same_as<T, absl::Time>) {
    value = absl::FromUnixMicros(json.get<int64_t>());
  } else if constexpr (std::is_constructible_v<Json, const T&>) {
    value = json.get<T>();
  } else {
    DocumentReader reader(json);
    Parts(reader, value);
  }
}

}  // namespace masthead::articles
