// Pages of what has a creation time and an ID, the newest first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace masthead::memberships {

template <typename Resource>
std::vector<std::string> KeysetOf(const Resource& resource) {
  return {absl::StrCat(absl::ToUnixMicros(resource.create_time)), resource.id};
}

template <typename Cursor>
std::optional<Cursor> CursorOf(const std::vector<std::string>& keyset) {
  int64_t micros = 0;
  if (keyset.size() != 2 || !absl::SimpleAtoi(keyset[0], &micros)) return std::nullopt;
  return Cursor{absl::FromUnixMicros(micros), keyset[1]};
}

}  // namespace masthead::memberships
