#include "services/memberships/books/checkout_details.h"

#include "nlohmann/json.hpp"

namespace masthead::memberships {
namespace {

constexpr const char* kPersonal[] = {"receiver_email", "receiver_name", "giver_name", "message", "public_name"};

// What is not there is as good as empty.
nlohmann::json Parse(absl::string_view json) {
  nlohmann::json parsed = nlohmann::json::parse(json.begin(), json.end(), nullptr, /*allow_exceptions=*/false);
  return parsed.is_object() ? parsed : nlohmann::json::object();
}

}  // namespace

std::string ToJson(const GiftDetails& details) {
  nlohmann::json json = {{"receiver_email", details.receiver_email},
                         {"receiver_name", details.receiver_name},
                         {"giver_name", details.giver_name},
                         {"message", details.message},
                         {"locale", details.locale},
                         {"months", details.months}};
  if (details.deliver_time) {
    json["deliver_time"] = absl::FormatTime(absl::RFC3339_full, *details.deliver_time, absl::UTCTimeZone());
  }
  return json.dump();
}

GiftDetails GiftDetailsFromJson(absl::string_view text) {
  const nlohmann::json json = Parse(text);
  GiftDetails details = {.receiver_email = json.value("receiver_email", ""),
                         .receiver_name = json.value("receiver_name", ""),
                         .giver_name = json.value("giver_name", ""),
                         .message = json.value("message", ""),
                         .locale = json.value("locale", ""),
                         .months = json.value("months", 0),
                         .deliver_time = std::nullopt};
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, json.value("deliver_time", ""), &time, &error)) details.deliver_time = time;
  return details;
}

std::string ToJson(const DonationDetails& details) {
  return nlohmann::json(
             {{"campaign", details.campaign}, {"message", details.message}, {"public_name", details.public_name}})
      .dump();
}

DonationDetails DonationDetailsFromJson(absl::string_view text) {
  const nlohmann::json json = Parse(text);
  return {.campaign = json.value("campaign", ""),
          .message = json.value("message", ""),
          .public_name = json.value("public_name", "")};
}

DividedDetails DivideDetails(absl::string_view text) {
  nlohmann::json personal = nlohmann::json::object();
  nlohmann::json rest = Parse(text);
  for (const char* key : kPersonal) {
    const auto found = rest.find(key);
    if (found == rest.end()) continue;
    if (*found != "") personal[key] = *found;
    rest.erase(found);
  }
  return {.personal = personal.empty() ? "" : personal.dump(), .rest = rest.dump()};
}

std::string JoinDetails(absl::string_view rest, absl::string_view personal) {
  nlohmann::json joined = Parse(rest);
  joined.update(Parse(personal));
  return joined.dump();
}

std::string ToJson(const std::map<std::string, std::string>& attribution) { return nlohmann::json(attribution).dump(); }

std::map<std::string, std::string> AttributionFromJson(absl::string_view text) {
  return Parse(text).get<std::map<std::string, std::string>>();
}

}  // namespace masthead::memberships
