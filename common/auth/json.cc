#include "common/auth/json.h"

#include <set>
#include <utility>
#include <vector>

namespace masthead::auth {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 16;

// Watches a parse for what nlohmann::json lets pass.
class Strictness {
 public:
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::object_start) {
      names_.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      names_.pop_back();
    } else if (event == json::parse_event_t::key) {
      if (!names_.back().insert(*parsed.get_ptr<const std::string*>()).second) violated_ = true;
    }
    if (depth > kMaxDepth) violated_ = true;
    return true;
  }

  bool violated() const { return violated_; }

 private:
  std::vector<std::set<std::string>> names_;
  bool violated_ = false;
};

}  // namespace

std::optional<json> ParseJsonObject(absl::string_view text) {
  Strictness strictness;
  json value = json::parse(text.begin(), text.end(), std::ref(strictness), /*allow_exceptions=*/false);
  if (strictness.violated() || !value.is_object()) return std::nullopt;
  return value;
}

const std::string* FindText(const json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end()) return nullptr;
  const auto* text = member->get_ptr<const std::string*>();
  return text == nullptr || text->empty() ? nullptr : text;
}

}  // namespace masthead::auth
