#include "services/notifications/templates/template.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/errors.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {
namespace {

std::string Escape(absl::string_view value, Template::Kind kind) {
  switch (kind) {
    case Template::Kind::kHtml:
      return absl::StrReplaceAll(value,
                                 {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
    case Template::Kind::kLine:
      return absl::StrReplaceAll(value, {{"\r\n", " "}, {"\r", " "}, {"\n", " "}});
    case Template::Kind::kText:
      break;
  }
  return std::string(value);
}

}  // namespace

absl::StatusOr<Template> Template::Compile(absl::string_view source, Kind kind) {
  Template compiled(kind);
  std::string condition;
  while (!source.empty()) {
    const size_t open = source.find("{{");
    Segment segment = {.literal = std::string(source.substr(0, open)), .slot = "", .condition = condition};
    source.remove_prefix(std::min(source.size(), segment.literal.size()));
    if (absl::ConsumePrefix(&source, "{{")) {
      const size_t close = source.find("}}");
      if (close == absl::string_view::npos) return absl::InvalidArgumentError("a slot is not closed");
      absl::string_view tag = source.substr(0, close);
      source.remove_prefix(close + 2);
      if (absl::ConsumePrefix(&tag, "#")) {
        if (!condition.empty()) return absl::InvalidArgumentError("parts do not nest");
        condition = std::string(tag);
      } else if (absl::ConsumePrefix(&tag, "/")) {
        if (condition != tag) return absl::InvalidArgumentError(absl::StrCat("{{/", tag, "}} closes nothing"));
        condition.clear();
      } else {
        segment.slot = std::string(tag);
      }
    }
    compiled.segments_.push_back(std::move(segment));
  }
  if (!condition.empty()) return absl::InvalidArgumentError(absl::StrCat("{{#", condition, "}} is not closed"));
  return compiled;
}

absl::StatusOr<std::string> Template::Render(const Values& values) const {
  std::string out;
  for (const Segment& segment : segments_) {
    if (!segment.condition.empty()) {
      const auto found = values.find(segment.condition);
      if (found == values.end() || found->second.empty()) continue;
    }
    absl::StrAppend(&out, segment.literal);
    if (segment.slot.empty()) continue;
    const auto found = values.find(segment.slot);
    if (found == values.end()) return TemplateVariableMissing(segment.slot);
    absl::StrAppend(&out, Escape(found->second, kind_));
  }
  return out;
}

}  // namespace masthead::notifications
