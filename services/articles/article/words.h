// How long a text is, as readers count.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "services/articles/article/content.h"

namespace masthead::articles {

// Runs of letters and digits in any script; an apostrophe or hyphen within does not end one.
int32_t CountWords(absl::string_view text);

// Words that a reader of the whole article reads: headline, dek, and the body with its captions, gated blocks too. Pull
// quotes repeat what is counted, transcripts and alt texts say what is seen or heard: neither counts.
int32_t CountWords(const Content& content);

// At 220 words a minute.
int32_t ReadingSeconds(int32_t words);

}  // namespace masthead::articles
