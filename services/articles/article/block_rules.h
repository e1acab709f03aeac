// What a body may hold, and how its blocks keep their names.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "services/articles/article/block.h"

namespace masthead::articles {

inline constexpr size_t kMaxBlocks = 2000;
inline constexpr size_t kMaxBodyBytes = 1 << 20;  // Serialised.

// Normalises and checks the field of a request that holds a body: `article.body`.
void CheckBody(const std::string& field, std::vector<Block>& body, FieldViolations& violations);

// Whether `after` holds HTML as it is that `before` did not.
bool AddsRawHtml(const std::vector<Block>& before, const std::vector<Block>& after);

// Where a body leads to another resource.
struct BlockReference {
  std::string field;  // As of the request's field: `article.body[3].related.articles[0]`.
  std::string id;

  bool operator==(const BlockReference&) const = default;
};
struct BlockReferences {
  std::vector<BlockReference> articles;
  std::vector<BlockReference> live_coverages;
};
BlockReferences ReferencesOf(const std::string& field, const std::vector<Block>& body);

// Names the blocks of `after` that have no ID, those in gates too: as the equal block of `before` was named, else by
// `new_id`.
void NameBlocks(const std::vector<Block>& before, std::vector<Block>& after,
                const std::function<std::string()>& new_id);

}  // namespace masthead::articles
