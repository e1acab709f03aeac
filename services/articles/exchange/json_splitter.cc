#include "services/articles/exchange/json_splitter.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxDepth = 200;
constexpr size_t kMaxKeyBytes = 256;  // No key that anybody looks for is longer.

}  // namespace

absl::Status JsonSplitter::Malformed(absl::string_view what) const {
  return absl::InvalidArgumentError(absl::StrCat("no JSON at byte ", position_, ": ", what));
}

void JsonSplitter::Keep(char c) {
  if (!capturing_ || too_large_) return;
  value_.json += c;
  if (value_.json.size() <= max_value_bytes_) return;
  too_large_ = true;
  value_.json = std::string();
}

void JsonSplitter::BeginObject() {
  if (capturing_) return;
  Path path;
  for (const Container& container : containers_) path.push_back(container.is_object ? container.key : "[]");
  if (!wanted_(path)) return;
  capturing_ = true;
  too_large_ = false;
  depth_ = containers_.size();
  value_.path = std::move(path);
}

void JsonSplitter::EndObject(std::vector<Value>& values) {
  if (!capturing_ || containers_.size() != depth_) return;
  capturing_ = false;
  values.push_back(std::exchange(value_, {}));
}

absl::Status JsonSplitter::ReadStructure(char c, std::vector<Value>& values) {
  if (absl::ascii_isspace(static_cast<unsigned char>(c))) return absl::OkStatus();
  const bool in_object = !containers_.empty() && containers_.back().is_object;
  switch (c) {
    case '{':
    case '[':
      if (in_object && containers_.back().key_is_next) return Malformed("a key was expected");
      if (containers_.size() == kMaxDepth) return Malformed("nested too deep");
      if (c == '{') BeginObject();
      Keep(c);
      containers_.push_back({.is_object = c == '{', .key_is_next = c == '{', .key = ""});
      return absl::OkStatus();
    case '}':
    case ']':
      if (containers_.empty() || containers_.back().is_object != (c == '}')) return Malformed("unexpected bracket");
      Keep(c);
      containers_.pop_back();
      EndObject(values);
      return absl::OkStatus();
    case ',':
      if (containers_.empty()) return Malformed("unexpected comma");
      Keep(c);
      containers_.back().key_is_next = in_object;
      return absl::OkStatus();
    case ':':
      if (!in_object) return Malformed("unexpected colon");
      Keep(c);
      containers_.back().key_is_next = false;
      return absl::OkStatus();
    case '"':
      is_key_ = in_object && containers_.back().key_is_next;
      if (is_key_) containers_.back().key.clear();
      Keep(c);
      within_ = Within::kString;
      return absl::OkStatus();
    default:
      if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '-') return Malformed("unexpected character");
      if (in_object && containers_.back().key_is_next) return Malformed("a key was expected");
      Keep(c);
      within_ = Within::kScalar;
      return absl::OkStatus();
  }
}

absl::Status JsonSplitter::Read(absl::string_view bytes, std::vector<Value>& values) {
  for (size_t i = 0; i < bytes.size(); ++position_) {
    const char c = bytes[i];
    if (within_ == Within::kScalar) {
      if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '+' || c == '-') {
        Keep(c);
        ++i;
      } else {
        within_ = Within::kNothing;
        --position_;  // The same character once more.
      }
      continue;
    }
    ++i;
    if (within_ == Within::kNothing) {
      RETURN_IF_ERROR(ReadStructure(c, values));
      continue;
    }
    Keep(c);
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      within_ = Within::kNothing;
      continue;
    }
    if (is_key_ && containers_.back().key.size() < kMaxKeyBytes) containers_.back().key += c;
  }
  return absl::OkStatus();
}

absl::Status JsonSplitter::End() const {
  if (within_ == Within::kString || !containers_.empty()) return Malformed("the file ends in the middle");
  return absl::OkStatus();
}

}  // namespace masthead::articles
