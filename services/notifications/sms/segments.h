// How many short messages a text takes, which is what it costs (3GPP TS 23.038 and 23.040). Pure.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace masthead::notifications::sms {

enum class Encoding {
  kGsm7,  // Every character is in the default alphabet or its extension: 160 septets, or 153 in each of several.
  kUcs2,  // Else: 70 units of UTF-16, or 67.
};

struct Segments {
  Encoding encoding = Encoding::kGsm7;
  int units = 0;  // Septets, or units of UTF-16.
  int count = 0;
};

// An escaped character or a surrogate pair is not divided between two segments.
Segments CountSegments(absl::string_view utf8);

// `text`, a space and `url`, in at most `max_segments`: the end of the text is left out for dots, the URL is not
// touched. The URL alone if nothing else fits.
std::string FitWithUrl(absl::string_view text, absl::string_view url, int max_segments);

}  // namespace masthead::notifications::sms
