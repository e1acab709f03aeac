#include "services/notifications/templates/template.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {
namespace {

constexpr absl::string_view kEach = "#each ";
constexpr absl::string_view kEndOfEach = "/each";

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

absl::StatusOr<Template> Template::Compile(absl::string_view source, Kind kind, const std::set<std::string>& trusted) {
  Template compiled(kind);
  RETURN_IF_ERROR(compiled.Parse(source, trusted, /*in_repetition=*/false, compiled.segments_));
  return compiled;
}

absl::Status Template::Parse(absl::string_view& source, const std::set<std::string>& trusted, bool in_repetition,
                             std::vector<Segment>& segments) {
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
      if (absl::ConsumePrefix(&tag, kEach)) {
        if (in_repetition || !condition.empty()) return absl::InvalidArgumentError("parts do not nest");
        segment.list = std::string(tag);
        list_names_.insert(segment.list);
        RETURN_IF_ERROR(Parse(source, trusted, /*in_repetition=*/true, segment.repeat));
      } else if (tag == kEndOfEach && in_repetition && condition.empty()) {
        segments.push_back(std::move(segment));
        return absl::OkStatus();
      } else if (absl::ConsumePrefix(&tag, "#")) {
        if (!condition.empty()) return absl::InvalidArgumentError("parts do not nest");
        condition = std::string(tag);
        (in_repetition ? item_names_ : names_).insert(condition);
      } else if (absl::ConsumePrefix(&tag, "/")) {
        if (condition != tag) return absl::InvalidArgumentError(absl::StrCat("{{/", tag, "}} closes nothing"));
        condition.clear();
      } else {
        segment.slot = std::string(tag);
        segment.trusted = trusted.contains(segment.slot);
        (in_repetition ? item_names_ : names_).insert(segment.slot);
      }
    }
    segments.push_back(std::move(segment));
  }
  if (!condition.empty()) return absl::InvalidArgumentError(absl::StrCat("{{#", condition, "}} is not closed"));
  if (in_repetition) return absl::InvalidArgumentError("{{#each}} is not closed");
  return absl::OkStatus();
}

absl::StatusOr<std::string> Template::Render(const Values& values, const Lists& lists) const {
  std::string out;
  RETURN_IF_ERROR(RenderTo(out, segments_, values, lists, nullptr));
  return out;
}

absl::Status Template::RenderTo(std::string& out, const std::vector<Segment>& segments, const Values& values,
                                const Lists& lists, const Values* item) const {
  const auto find = [&](const std::string& name) -> const std::string* {
    if (item != nullptr) {
      const auto found = item->find(name);
      if (found != item->end()) return &found->second;
    }
    const auto found = values.find(name);
    return found == values.end() ? nullptr : &found->second;
  };
  for (const Segment& segment : segments) {
    if (!segment.condition.empty()) {
      const std::string* value = find(segment.condition);
      if (value == nullptr || value->empty()) continue;
    }
    absl::StrAppend(&out, segment.literal);
    if (!segment.list.empty()) {
      const auto list = lists.find(segment.list);
      if (list == lists.end()) continue;
      for (const Values& each : list->second) RETURN_IF_ERROR(RenderTo(out, segment.repeat, values, lists, &each));
    }
    if (segment.slot.empty()) continue;
    const std::string* value = find(segment.slot);
    if (value == nullptr) return TemplateVariableMissing(segment.slot);
    absl::StrAppend(&out, segment.trusted && kind_ == Kind::kHtml ? *value : Escape(*value, kind_));
  }
  return absl::OkStatus();
}

}  // namespace masthead::notifications
