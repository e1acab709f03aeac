// Ghost's JSON export: tables of a database, posts among them.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/articles/exchange/item.h"
#include "services/articles/exchange/record.h"

namespace masthead::articles {

std::unique_ptr<RecordReader> MakeGhostReader();

// Takes `html` (what Ghost renders of every post), and of a draft without it the plain text. RESOURCE_EXHAUSTED as
// ParseHtml; INVALID_ARGUMENT for what is no post.
absl::StatusOr<Item> MakeGhostItem(const std::string& json, const ImportDefaults& defaults, Lookup lookup);

}  // namespace masthead::articles
