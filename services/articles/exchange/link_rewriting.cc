#include "services/articles/exchange/link_rewriting.h"

#include <type_traits>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "services/articles/exchange/web_address.h"

namespace masthead::articles {
namespace {

// Calls `visit(href)` for every link; `Blocks` may be const or not.
template <typename Blocks, typename Visit>
void ForEachLink(Blocks& blocks, const Visit& visit) {
  const auto in_text = [&](auto& rich) {
    for (auto& mark : rich.marks) {
      if (mark.kind == Mark::Kind::kLink) visit(mark.href);
    }
  };
  for (auto& block : blocks) {
    std::visit(
        [&](auto& kind) {
          using Kind = std::remove_cv_t<std::remove_reference_t<decltype(kind)>>;
          if constexpr (std::is_same_v<Kind, List>) {
            for (auto& item : kind.items) in_text(item);
          } else if constexpr (std::is_same_v<Kind, Table>) {
            for (auto& row : kind.rows) {
              for (auto& cell : row) in_text(cell);
            }
          } else if constexpr (std::is_same_v<Kind, Button>) {
            visit(kind.href);
          } else if constexpr (std::is_same_v<Kind, GatedBlocks>) {
            ForEachLink(kind.blocks, visit);
          } else if constexpr (std::is_same_v<Kind, Paragraph> || std::is_same_v<Kind, Heading> ||
                               std::is_same_v<Kind, Quote> || std::is_same_v<Kind, PullQuote> ||
                               std::is_same_v<Kind, Callout>) {
            in_text(kind.text);
          }
        },
        block.kind);
  }
}

}  // namespace

std::string SiteName(absl::string_view uri) {
  const std::string host = HostOf(uri);
  return std::string(absl::StripPrefix(host, "www."));
}

std::set<std::string> LinkedPaths(const std::vector<Block>& body, const std::string& site) {
  std::set<std::string> paths;
  ForEachLink(body, [&](const std::string& href) {
    if (!site.empty() && SiteName(href) == site) paths.insert(PathOf(href));
  });
  return paths;
}

bool RewriteLinks(std::vector<Block>& body, const std::string& site,
                  absl::FunctionRef<std::optional<std::string>(const std::string& path)> target) {
  bool changed = false;
  ForEachLink(body, [&](std::string& href) {
    if (site.empty() || SiteName(href) != site) return;
    std::optional<std::string> now = target(PathOf(href));
    if (!now.has_value()) return;
    const size_t fragment = href.find('#');
    if (fragment != std::string::npos) *now += href.substr(fragment);
    changed = changed || *now != href;
    href = *std::move(now);
  });
  return changed;
}

}  // namespace masthead::articles
