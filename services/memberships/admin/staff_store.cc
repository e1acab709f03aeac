#include "services/memberships/admin/staff_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertStaffMember[] = R"sql(
  INSERT INTO staff (id, email, email_normal, display_name, roles, revision, create_time, update_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadStaffMember[] = R"sql(
  SELECT * FROM staff WHERE id = $1
)sql";

constexpr char kLoadStaffMemberByEmail[] = R"sql(
  SELECT * FROM staff WHERE email_normal = $1
)sql";

constexpr char kLockStaffMember[] = R"sql(
  SELECT * FROM staff WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLockStaffAddress[] = R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended('staff.email:' || $1, 0))
)sql";

constexpr char kSaveStaffMember[] = R"sql(
  UPDATE staff
  SET email = $2, email_normal = $3, display_name = $4, roles = $5, revision = $6, update_time = $7
  WHERE id = $1
)sql";

constexpr char kLoadStaff[] = R"sql(
  SELECT * FROM staff WHERE id > $1 ORDER BY id LIMIT $2
)sql";

StaffMember FromRow(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .email = row["email"].as<std::string>(),
          .email_normal = row["email_normal"].as<std::string>(),
          .display_name = row["display_name"].as<std::string>(),
          .roles = db::ReadTextArray(row["roles"]),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::optional<StaffMember> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

}  // namespace

bool InsertStaffMember(db::Transaction& tx, const StaffMember& person) {
  return tx.Query(kInsertStaffMember, person.id, person.email, person.email_normal, person.display_name,
                  db::TextArray(person.roles), person.revision, person.create_time, person.update_time)
             .affected_rows() == 1;
}

std::optional<StaffMember> LoadStaffMember(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLoadStaffMember, id));
}

std::optional<StaffMember> LoadStaffMemberByEmail(db::Transaction& tx, absl::string_view email_normal) {
  return FirstRow(tx.Query(kLoadStaffMemberByEmail, email_normal));
}

std::optional<StaffMember> LockStaffMember(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockStaffMember, id));
}

void LockStaffAddress(db::Transaction& tx, absl::string_view email_normal) {
  tx.Query(kLockStaffAddress, email_normal);
}

void SaveStaffMember(db::Transaction& tx, StaffMember& person) {
  ++person.revision;
  tx.Query(kSaveStaffMember, person.id, person.email, person.email_normal, person.display_name,
           db::TextArray(person.roles), person.revision, person.update_time);
}

std::vector<StaffMember> LoadStaffMembers(db::Transaction& tx, absl::string_view after, int limit) {
  std::vector<StaffMember> staff;
  for (const pqxx::row& row : tx.Query(kLoadStaff, after, limit)) staff.push_back(FromRow(row));
  return staff;
}

}  // namespace masthead::memberships
