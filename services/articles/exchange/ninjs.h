// IPTC's news in JSON.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/articles/exchange/item.h"
#include "services/articles/exchange/record.h"

namespace masthead::articles {

std::unique_ptr<RecordReader> MakeNinjsReader();

// Reads what versions 2 and 3 say in lists with roles, and what version 1 said in fields of their own. INVALID_ARGUMENT
// for what has no URI; RESOURCE_EXHAUSTED as ParseHtml.
absl::StatusOr<Item> MakeNinjsItem(const std::string& json, const ImportDefaults& defaults);

}  // namespace masthead::articles
