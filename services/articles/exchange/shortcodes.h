// WordPress' shortcodes: `[caption id="a"]...[/caption]` in HTML.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "services/articles/exchange/losses.h"

namespace masthead::articles {

// The HTML with shortcodes written as the HTML that WordPress makes of them. `picture` gives the `<img>` of an
// attachment by its ID, empty if it is not in the file. Brackets that are no shortcode stay.
std::string ExpandShortcodes(absl::string_view html, absl::FunctionRef<std::string(const std::string& id)> picture,
                             Losses& losses);

}  // namespace masthead::articles
