// How the values of an enumeration are written in the database, in events and in messages.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace masthead::memberships {

template <typename Value>
struct Spelling {
  Value value;
  absl::string_view name;
};

// `spellings` names every value.
template <typename Value, size_t size>
absl::string_view Spell(const Spelling<Value> (&spellings)[size], Value value) {
  for (const Spelling<Value>& spelling : spellings) {
    if (spelling.value == value) return spelling.name;
  }
  return "";
}

template <typename Value, size_t size>
std::optional<Value> Read(const Spelling<Value> (&spellings)[size], absl::string_view name) {
  for (const Spelling<Value>& spelling : spellings) {
    if (spelling.name == name) return spelling.value;
  }
  return std::nullopt;
}

}  // namespace masthead::memberships
