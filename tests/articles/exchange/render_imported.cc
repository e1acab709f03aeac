// For xss_test.py: HTML pieces come in as a JSON array, go through the import and the rendering, and leave as another.
#include <iostream>
#include <iterator>
#include <string>

#include "nlohmann/json.hpp"
#include "services/articles/exchange/html_to_blocks.h"
#include "services/articles/rendering/html.h"

int main() {
  using namespace masthead::articles;
  const std::string input((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
  nlohmann::json rendered = nlohmann::json::array();
  for (const nlohmann::json& html : nlohmann::json::parse(input)) {
    Losses losses;
    const auto blocks =
        HtmlToBlocks(html.get<std::string>(), {.base_uri = "https://old.example/", .lines_count = true}, losses);
    rendered.push_back(blocks.ok() ? RenderHtml(*blocks) : std::string());
  }
  std::cout << rendered.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
  return 0;
}
