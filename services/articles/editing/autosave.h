// When an autosave writes over the latest revision instead of making one more. Plain values, no database.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// The latest revision of an article, as it was made.
struct Tip {
  std::string editor;
  absl::Time create_time;  // Of its first save: a long evening of autosaves leaves a revision a minute, not one.
  bool autosaved = false;
  bool linked = false;  // A preview link shows this very revision, or a translation was made of it.
};

inline constexpr absl::Duration kAutosaveMerged = absl::Seconds(60);

// Whether what `editor` autosaves now may be stored as the article's latest revision: an autosave of theirs of less
// than 60 seconds ago, which nobody published, planned, submitted for review or linked to. What somebody saved on
// purpose is never written over.
bool MergesIntoTip(const Article& article, const Tip& tip, absl::string_view editor, absl::Time now);

}  // namespace masthead::articles
