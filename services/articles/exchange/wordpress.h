// An item of WordPress' export as an article.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/articles/exchange/item.h"
#include "services/articles/exchange/record.h"

namespace masthead::articles {

// Where the site was, as the file says; empty if it does not.
std::string SiteOf(Lookup lookup);

// `defaults.site_uri` is SiteOf(). `json` is a record of the WXR reader. Reads the blocks of today's editor, what
// editors of before wrote, and the shortcodes [caption], [gallery], [embed] and [audio]/[video]; other shortcodes lose
// their brackets, and that is told. RESOURCE_EXHAUSTED as ParseHtml; INVALID_ARGUMENT for what is no item.
absl::StatusOr<Item> MakeWordPressItem(const std::string& json, const ImportDefaults& defaults, Lookup lookup);

}  // namespace masthead::articles
