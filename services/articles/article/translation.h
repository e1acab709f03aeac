// The same story in several languages: a set with one article for each of them.
#pragma once

#include <cstdint>
#include <string>

namespace masthead::articles {

// An article of a set, as the others see it.
struct Translation {
  std::string language_code;
  std::string article_id;
  std::string source_id;           // What it was translated from; may be empty.
  int64_t revision = 0;            // Its latest.
  int64_t published_revision = 0;  // 0 if it never was published.
  bool is_public = false;          // Whether readers have it now.
};

// As readers may know of it.
struct PublicTranslation {
  std::string language_code;
  std::string article_id;
  std::string slug;
};

}  // namespace masthead::articles
