// What must be known of a piece of HTML to understand it.
#pragma once

#include <string>

namespace masthead::articles {

struct HtmlSource {
  // Where the page was: relative addresses are meant from there.
  std::string base_uri;
  // Blank lines part paragraphs, as in WordPress before its blocks.
  bool lines_count = false;
};

}  // namespace masthead::articles
