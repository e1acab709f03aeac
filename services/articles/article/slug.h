// Slugs: the last part of an article's path, in ASCII.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace masthead::articles {

inline constexpr size_t kMaxSlugBytes = 96;

// For messages.
inline constexpr char kSlugSyntax[] = "is not [a-z0-9]+(-[a-z0-9]+)* of at most 96 bytes";

// Whether `slug` is `[a-z0-9]+(-[a-z0-9]+)*` of at most kMaxSlugBytes.
bool IsSlug(absl::string_view slug);

// A slug for `headline` (NFC), cut at a word's end to leave room for a suffix: Ukrainian letters by the Cabinet's table
// of 2010 (resolution 55), other Cyrillic ones close to it, Latin ones without their diacritics. `fallback` if no
// letter or digit is left.
std::string MakeSlug(absl::string_view headline, absl::string_view fallback);

// The n-th alternative to `slug`, n from 2: `slug-2`.
std::string WithSuffix(absl::string_view slug, int n);

}  // namespace masthead::articles
