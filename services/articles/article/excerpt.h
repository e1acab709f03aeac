// The few sentences that stand for an article in a list.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/article/content.h"

namespace masthead::articles {

inline constexpr int64_t kMaxExcerptCodePoints = 300;

// The dek, or the first paragraph of `visible` (which everybody may read), cut at a word's end.
std::string MakeExcerpt(absl::string_view dek, const std::vector<Block>& visible);

// The same of an article whose body is at hand; without a dek, nothing of one that is not for everybody.
std::string MakeExcerpt(const Content& content);

}  // namespace masthead::articles
