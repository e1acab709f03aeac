#include "services/articles/article/block_json.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace masthead::articles {
namespace {

template <typename Visitor, typename Kind>
void KindParts(Visitor& part, Kind& kind) {
  if constexpr (Is<Kind, Image>) {
    part("image", kind);
  } else {
    Parts(part, kind);
  }
}

// Makes `kind` the alternative of that name, in its default state; false if there is none.
template <size_t index = 0>
bool EmplaceKind(absl::string_view name, Block::Kind& kind) {
  if constexpr (index == std::variant_size_v<Block::Kind>) {
    return false;
  } else if (kBlockKinds[index] == name) {
    kind.emplace<index>();
    return true;
  } else {
    return EmplaceKind<index + 1>(name, kind);
  }
}

}  // namespace

void Parts(DocumentWriter& part, const Block& block) {
  part("id", block.id);
  part("kind", std::string(KindName(block)));
  std::visit([&](const auto& kind) { KindParts(part, kind); }, block.kind);
}

void Parts(DocumentReader& part, Block& block) {
  std::string name;
  part("id", block.id);
  part("kind", name);
  if (!EmplaceKind(name, block.kind)) throw std::runtime_error("a stored body has an unknown kind of block: " + name);
  std::visit([&](auto& kind) { KindParts(part, kind); }, block.kind);
}

}  // namespace masthead::articles
