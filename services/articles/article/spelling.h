// The one spelling of each enumerator of the domain: as in the API, so in the database. An enumeration's names stand in
// the order of its enumerators.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/article/content.h"
#include "services/articles/article/workflow.h"

namespace masthead::articles {

template <typename Enum>
inline constexpr std::array<absl::string_view, 0> kSpelling = {};

template <>
inline constexpr std::array<absl::string_view, 6> kSpelling<Mark::Kind> = {"BOLD",          "ITALIC",    "LINK",
                                                                           "STRIKETHROUGH", "UNDERLINE", "CODE"};
template <>
inline constexpr std::array<absl::string_view, 4> kSpelling<GatedBlocks::Audience> = {"NON_MEMBERS", "REGISTERED",
                                                                                      "MEMBERS", "PLANS"};
template <>
inline constexpr std::array<absl::string_view, 5> kSpelling<Byline::Role> = {"AUTHOR", "EDITOR", "PHOTOGRAPHER",
                                                                             "TRANSLATOR", "REPORTING"};
template <>
inline constexpr std::array<absl::string_view, 4> kSpelling<Source::Kind> = {"STAFF", "WIRE", "FREELANCE", "HANDOUT"};
template <>
inline constexpr std::array<absl::string_view, 7> kSpelling<ContentWarning::Kind> = {
    "VIOLENCE", "GRAPHIC", "DEATH", "SEXUAL_VIOLENCE", "SUICIDE", "LANGUAGE", "OTHER"};
template <>
inline constexpr std::array<absl::string_view, 4> kSpelling<Access::Level> = {"PUBLIC", "REGISTERED", "MEMBERS",
                                                                              "PLANS"};
template <>
inline constexpr std::array<absl::string_view, 4> kSpelling<Access::Preview> = {"PARAGRAPHS", "MARKER", "DEK_ONLY",
                                                                                "NONE"};
template <>
inline constexpr std::array<absl::string_view, 8> kSpelling<Content::Type> = {
    "NEWS", "ANALYSIS", "OPINION", "FEATURE", "EXPLAINER", "LIVE", "SPONSORED", "STATEMENT"};
template <>
inline constexpr std::array<absl::string_view, 3> kSpelling<Content::DigitalSource> = {"HUMAN", "AI_ASSISTED",
                                                                                       "AI_GENERATED"};

template <>
inline constexpr std::array<absl::string_view, 3> kSpelling<Review::Decision> = {"", "APPROVED", "CHANGES_REQUESTED"};

// The kinds of blocks, in the order of Block::Kind.
inline constexpr std::array<absl::string_view, std::variant_size_v<Block::Kind>> kBlockKinds = {
    "paragraph",      "heading", "image",    "quote",   "list",       "divider",      "embed",
    "paywall_marker", "gallery", "video",    "audio",   "pull_quote", "table",        "code",
    "button",         "callout", "raw_html", "related", "gate",       "live_coverage"};

inline absl::string_view KindName(const Block& block) { return kBlockKinds[block.kind.index()]; }

template <typename Enum>
constexpr absl::string_view Spell(Enum value) {
  return kSpelling<Enum>[static_cast<size_t>(value)];
}

// All of them.
template <typename Enum>
std::vector<std::string> Spellings() {
  return {kSpelling<Enum>.begin(), kSpelling<Enum>.end()};
}

template <typename Enum>
std::optional<Enum> ReadSpelling(absl::string_view name) {
  const auto& names = kSpelling<Enum>;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace masthead::articles
