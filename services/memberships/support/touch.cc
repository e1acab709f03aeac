#include "services/memberships/support/touch.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/ids/uuid.h"
#include "common/resource/name.h"
#include "common/text/characters.h"
#include "common/text/text.h"
#include "nlohmann/json.hpp"

namespace masthead::memberships {
namespace {

constexpr int64_t kMaxWord = 191;
constexpr int64_t kMaxAddress = 500;

// One line of at most `max_code_points`; empty if it is no text.
std::string Word(const nlohmann::json& json, const char* key, int64_t max_code_points) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return "";
  std::string word(text::FirstCodePoints(found->get_ref<const std::string&>(), max_code_points));
  FieldViolations violations;
  text::CheckLine(key, word, max_code_points, /*required=*/false, violations);
  return violations.empty() ? word : "";
}

std::string WithoutQuery(const std::string& address) { return address.substr(0, address.find_first_of("?#")); }

std::string Id(std::string id) { return ids::IsResourceId(id) ? id : ""; }

}  // namespace

Touch ParseTouch(absl::string_view text) {
  const nlohmann::json json =
      nlohmann::json::parse(text.begin(), text.end(), /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return {};
  Touch touch = {.utm_source = Word(json, "utm_source", kMaxWord),
                 .utm_medium = Word(json, "utm_medium", kMaxWord),
                 .utm_campaign = Word(json, "utm_campaign", kMaxWord),
                 .utm_term = Word(json, "utm_term", kMaxWord),
                 .utm_content = Word(json, "utm_content", kMaxWord),
                 .referrer = WithoutQuery(Word(json, "referrer", kMaxAddress)),
                 .landing_path = WithoutQuery(Word(json, "landing_path", kMaxAddress)),
                 .referral = Id(Word(json, "referral", kMaxWord)),
                 .campaign = Id(Word(json, "campaign", kMaxWord)),
                 .article = Word(json, "article", kMaxWord)};
  if (!absl::StartsWith(touch.landing_path, "/")) touch.landing_path.clear();
  if (!resource::ParseName(touch.article, "articles/*")) touch.article.clear();
  if (touch.campaign.empty()) touch.campaign = Id(touch.utm_campaign);
  return touch;
}

}  // namespace masthead::memberships
