#include "services/notifications/preferences/preference_store.h"

#include <string>

#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace masthead::notifications {
namespace {

constexpr char kLoadPreferences[] = R"sql(
    SELECT p.recipient_number, r.time_zone, p.muted_categories, p.quiet_hours, p.quiet_breaking, p.caps, p.tracking, p.revision, p.update_time
    FROM preferences p JOIN recipients r ON r.number = p.recipient_number
    WHERE p.recipient_number = ANY ($1::bigint[])
)sql";

constexpr char kSavePreferences[] = R"sql(
    INSERT INTO preferences (recipient_number, muted_categories, quiet_hours, quiet_breaking, caps, tracking)
    VALUES ($1, $2::text[], $3::jsonb, $4, $5::jsonb, $6)
    ON CONFLICT (recipient_number) DO UPDATE
    SET muted_categories = excluded.muted_categories, quiet_hours = excluded.quiet_hours, quiet_breaking = excluded.quiet_breaking,
        caps = excluded.caps, tracking = excluded.tracking, revision = preferences.revision + 1, update_time = db_now()
    RETURNING revision, update_time
)sql";

constexpr char kLoadTold[] = R"sql(
    SELECT recipient_number, time, category
    FROM told
    WHERE recipient_number = ANY ($1::bigint[]) AND time > $2 AND message_number <> $3
)sql";

constexpr char kRemoveOldTold[] = R"sql(
    DELETE FROM told
    WHERE (recipient_number, time, message_number) IN (SELECT recipient_number, time, message_number
                                                       FROM told
                                                       WHERE time < db_now() - $1::interval
                                                       LIMIT $2)
)sql";

std::string WallTime(int minute) { return absl::StrFormat("%02d:%02d", minute / 60, minute % 60); }

int MinuteOf(const std::string& wall_time) {
  return std::stoi(wall_time.substr(0, 2)) * 60 + std::stoi(wall_time.substr(3));
}

std::string QuietHoursJson(const std::vector<QuietWindow>& windows) {
  nlohmann::json json = nlohmann::json::array();
  for (const QuietWindow& window : windows) {
    nlohmann::json days = nlohmann::json::array();
    for (int day = 1; day <= 7; ++day) {
      if ((window.days & 1 << (day - 1)) != 0) days.push_back(day);
    }
    json.push_back({{"days", days}, {"start", WallTime(window.start_minute)}, {"end", WallTime(window.end_minute)}});
  }
  return json.dump();
}

std::vector<QuietWindow> ParseQuietHours(const char* text) {
  std::vector<QuietWindow> windows;
  for (const nlohmann::json& json : nlohmann::json::parse(text)) {
    QuietWindow window = {.days = 0,
                          .start_minute = MinuteOf(json.at("start").get<std::string>()),
                          .end_minute = MinuteOf(json.at("end").get<std::string>())};
    for (const nlohmann::json& day : json.at("days")) window.days |= static_cast<Weekdays>(1 << (day.get<int>() - 1));
    windows.push_back(window);
  }
  return windows;
}

std::string CapsJson(const std::vector<Cap>& caps) {
  nlohmann::json json = nlohmann::json::array();
  for (const Cap& cap : caps) {
    json.push_back(
        {{"category", cap.category}, {"limit", cap.limit}, {"window_seconds", absl::ToInt64Seconds(cap.window)}});
  }
  return json.dump();
}

std::vector<Cap> ParseCaps(const char* text) {
  std::vector<Cap> caps;
  for (const nlohmann::json& json : nlohmann::json::parse(text)) {
    caps.push_back({.category = json.value("category", ""),
                    .limit = json.at("limit").get<int>(),
                    .window = absl::Seconds(json.at("window_seconds").get<int64_t>())});
  }
  return caps;
}

Preferences FromRow(const pqxx::row& row) {
  const std::vector<std::string> muted = db::ReadTextArray(row["muted_categories"]);
  return {.time_zone = row["time_zone"].as<std::string>(),
          .muted_categories = {muted.begin(), muted.end()},
          .quiet_hours = ParseQuietHours(row["quiet_hours"].c_str()),
          .quiet_breaking = row["quiet_breaking"].as<bool>(),
          .caps = ParseCaps(row["caps"].c_str()),
          .tracking = row["tracking"].as<std::string>(),
          .revision = row["revision"].as<int64_t>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

}  // namespace

std::map<int64_t, Preferences> LoadPreferences(db::Transaction& tx, const std::vector<int64_t>& recipient_numbers) {
  std::map<int64_t, Preferences> preferences;
  for (const pqxx::row& row : tx.Query(kLoadPreferences, db::Int64Array(recipient_numbers))) {
    preferences.emplace(row["recipient_number"].as<int64_t>(), FromRow(row));
  }
  return preferences;
}

Preferences LoadPreferences(db::Transaction& tx, int64_t recipient_number) {
  std::map<int64_t, Preferences> one = LoadPreferences(tx, std::vector<int64_t>{recipient_number});
  return one.empty() ? Preferences() : std::move(one.begin()->second);
}

void SavePreferences(db::Transaction& tx, int64_t recipient_number, Preferences& preferences) {
  const db::TextArray muted(
      std::vector<std::string>(preferences.muted_categories.begin(), preferences.muted_categories.end()));
  const pqxx::result rows = tx.Query(kSavePreferences, recipient_number, muted, QuietHoursJson(preferences.quiet_hours),
                                     preferences.quiet_breaking, CapsJson(preferences.caps), preferences.tracking);
  preferences.revision = rows[0]["revision"].as<int64_t>();
  preferences.update_time = rows[0]["update_time"].as<absl::Time>();
}

std::map<int64_t, std::vector<Told>> LoadTold(db::Transaction& tx, const std::vector<int64_t>& recipient_numbers,
                                              absl::Time since, int64_t except_message) {
  std::map<int64_t, std::vector<Told>> told;
  for (const pqxx::row& row : tx.Query(kLoadTold, db::Int64Array(recipient_numbers), since, except_message)) {
    told[row["recipient_number"].as<int64_t>()].push_back(
        {.time = row["time"].as<absl::Time>(), .category = row["category"].as<std::string>()});
  }
  return told;
}

int64_t RemoveOldTold(db::Transaction& tx, int limit) {
  return static_cast<int64_t>(tx.Query(kRemoveOldTold, kMaxCapWindow, limit).affected_rows());
}

}  // namespace masthead::notifications
