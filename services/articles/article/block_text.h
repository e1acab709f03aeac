// Everything that is written in a block: for counting words, for a search index, for comparing.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "services/articles/article/block.h"

namespace masthead::articles {

// What a text is to its block.
enum class TextRole {
  kStory,        // The story itself: paragraphs, headings, quotes, lists, tables, callouts.
  kAside,        // Beside it: captions, titles, what stands on a button.
  kAlternative,  // For those who do not see or hear: alt texts, transcripts, fallbacks.
  kRepeated,     // Said elsewhere in the article: pull quotes.
  kAttribution,  // Whose words or pictures they are.
  kProgram,      // Program text.
};

// Visits the texts of `block` that are not empty, in the order of reading, those within a gate too. HTML as it is, is
// no text.
void ForEachText(const Block& block, absl::FunctionRef<void(TextRole, absl::string_view)> visit);

}  // namespace masthead::articles
