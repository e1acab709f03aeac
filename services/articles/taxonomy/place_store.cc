#include "services/articles/taxonomy/place_store.h"

namespace masthead::articles {
namespace {

constexpr char kInsert[] = R"sql(
  INSERT INTO places (id, display_name, country_code, latitude, longitude)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (id) DO NOTHING
  RETURNING create_time, update_time)sql";

constexpr char kLoad[] = R"sql(
  SELECT *
  FROM places
  WHERE id = $1)sql";

constexpr char kLock[] = R"sql(
  SELECT *
  FROM places
  WHERE id = $1
  FOR UPDATE)sql";

constexpr char kSave[] = R"sql(
  UPDATE places
  SET version = version + 1,
      display_name = $3,
      country_code = $4,
      latitude = $5,
      longitude = $6,
      update_time = db_now()
  WHERE id = $1 AND version = $2
  RETURNING version, update_time)sql";

constexpr char kRemove[] = R"sql(
  DELETE FROM places
  WHERE id = $1)sql";

constexpr char kList[] = R"sql(
  SELECT *
  FROM places
  WHERE id > $1
  ORDER BY id
  LIMIT $2)sql";

constexpr char kLoadSeveral[] = R"sql(
  SELECT *
  FROM places
  WHERE id = ANY ($1::text[]))sql";

constexpr char kHold[] = R"sql(
  SELECT *
  FROM places
  WHERE id = ANY ($1::text[])
  ORDER BY id
  FOR KEY SHARE)sql";

std::optional<double> Latitude(const Place& place) {
  return place.location ? std::optional(place.location->latitude) : std::nullopt;
}

std::optional<double> Longitude(const Place& place) {
  return place.location ? std::optional(place.location->longitude) : std::nullopt;
}

Place ReadPlace(const pqxx::row& row) {
  Place place = {.id = row["id"].as<std::string>(),
                 .version = row["version"].as<int64_t>(),
                 .display_name = row["display_name"].as<std::string>(),
                 .country_code = row["country_code"].as<std::string>(),
                 .location = std::nullopt,
                 .create_time = row["create_time"].as<absl::Time>(),
                 .update_time = row["update_time"].as<absl::Time>()};
  if (!row["latitude"].is_null()) place.location = Point{row["latitude"].as<double>(), row["longitude"].as<double>()};
  return place;
}

std::vector<Place> ReadAll(const pqxx::result& rows) {
  std::vector<Place> places;
  for (const pqxx::row& row : rows) places.push_back(ReadPlace(row));
  return places;
}

std::optional<Place> ReadOne(const pqxx::result& rows) {
  return rows.empty() ? std::nullopt : std::optional(ReadPlace(rows[0]));
}

}  // namespace

bool InsertPlace(db::Transaction& tx, Place& place) {
  const pqxx::result inserted =
      tx.Query(kInsert, place.id, place.display_name, place.country_code, Latitude(place), Longitude(place));
  if (inserted.empty()) return false;
  place.create_time = inserted[0][0].as<absl::Time>();
  place.update_time = inserted[0][1].as<absl::Time>();
  return true;
}

std::optional<Place> LoadPlace(db::Transaction& tx, const std::string& id) { return ReadOne(tx.Query(kLoad, id)); }

std::optional<Place> LockPlace(db::Transaction& tx, const std::string& id) { return ReadOne(tx.Query(kLock, id)); }

void SavePlace(db::Transaction& tx, Place& place) {
  const pqxx::result saved = tx.Query(kSave, place.id, place.version, place.display_name, place.country_code,
                                      Latitude(place), Longitude(place));
  place.version = saved.at(0)[0].as<int64_t>();
  place.update_time = saved.at(0)[1].as<absl::Time>();
}

void RemovePlace(db::Transaction& tx, const std::string& id) { tx.Query(kRemove, id); }

std::vector<Place> LoadPlaces(db::Transaction& tx, const std::string& after, int limit) {
  return ReadAll(tx.Query(kList, after, limit));
}

std::vector<Place> LoadPlaces(db::Transaction& tx, const std::vector<std::string>& ids) {
  return ReadAll(tx.Query(kLoadSeveral, db::TextArray(ids)));
}

std::vector<Place> HoldPlaces(db::Transaction& tx, const std::vector<std::string>& ids) {
  return ReadAll(tx.Query(kHold, db::TextArray(ids)));
}

}  // namespace masthead::articles
