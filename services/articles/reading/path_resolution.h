// What stands at a path that readers ask for.
#pragma once

#include <string>
#include <variant>

#include "absl/time/time.h"

namespace masthead::articles {

// The longest that an answer may be kept which is dropped by its surrogate keys anyway.
inline constexpr absl::Duration kMaxAnswerAge = absl::Seconds(60);

struct ArticleAtPath {
  std::string id;
};

struct SectionAtPath {
  std::string id;
};

// An article's or a section's former path, or one that the newsroom leads elsewhere.
struct RedirectAtPath {
  int status = 301;
  std::string target;      // A path; of the newsroom's redirects perhaps a URI.
  std::string article_id;  // What is there; both are empty for the newsroom's own.
  std::string section_id;
};

struct GoneAtPath {};

struct NothingAtPath {};

struct PathResolution {
  std::variant<NothingAtPath, ArticleAtPath, SectionAtPath, RedirectAtPath, GoneAtPath> found;
  // How long that may be kept. Where an article may yet appear, not beyond the next planned publication.
  absl::Duration max_age = kMaxAnswerAge;
};

}  // namespace masthead::articles
