#include "services/memberships/support/donation.h"

#include "common/ids/uuid.h"
#include "common/text/characters.h"
#include "common/text/text.h"
#include "nlohmann/json.hpp"

namespace masthead::memberships {
namespace {

constexpr int64_t kMaxName = 191;

std::string Words(const nlohmann::json& json, const char* key, int64_t max_code_points) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return "";
  const std::string normal = text::Normalize(found->get_ref<const std::string&>());
  return std::string(text::FirstCodePoints(normal, max_code_points));
}

}  // namespace

DonationWords ParseDonationWords(absl::string_view details) {
  const nlohmann::json json =
      nlohmann::json::parse(details.begin(), details.end(), /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return {};
  DonationWords words = {.campaign_id = Words(json, "campaign", kMaxName),
                         .message = Words(json, "message", kMaxDonationMessage),
                         .public_name = Words(json, "public_name", kMaxName)};
  if (!ids::IsResourceId(words.campaign_id)) words.campaign_id.clear();
  const auto anonymous = json.find("anonymous");
  words.anonymous =
      anonymous != json.end() && anonymous->is_boolean() ? anonymous->get<bool>() : words.public_name.empty();
  if (words.anonymous) words.public_name.clear();
  return words;
}

}  // namespace masthead::memberships
