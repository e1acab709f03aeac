// What a body may hold, and how its blocks keep their names.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "services/articles/article/block.h"

namespace masthead::articles {

inline constexpr size_t kMaxBlocks = 2000;
inline constexpr size_t kMaxBodyBytes = 1 << 20;  // Serialised.

// Normalises and checks the field `article.body` of a request.
void CheckBody(std::vector<Block>& body, FieldViolations& violations);

void CheckImage(absl::string_view field, Image& image, FieldViolations& violations);

// An absolute https or http URI with a host, without spaces or control characters.
bool IsWebUri(absl::string_view uri);

// Where a link may lead: a web URI, or mailto, or tel.
bool IsLinkTarget(absl::string_view href);

// Names the blocks of `after` that have no ID: as the equal block of `before` was named, else by `new_id`.
void NameBlocks(const std::vector<Block>& before, std::vector<Block>& after,
                const std::function<std::string()>& new_id);

}  // namespace masthead::articles
