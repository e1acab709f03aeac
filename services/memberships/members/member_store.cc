#include "services/memberships/members/member_store.h"

#include <utility>

#include "nlohmann/json.hpp"

namespace masthead::memberships {
namespace {

constexpr char kInsertMember[] = R"sql(
  INSERT INTO members (id, email, email_normal, display_name, locale, time_zone, labels, state, revision, create_time,
                       update_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 'ACTIVE', $8, $9, $10)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadMember[] = R"sql(
  SELECT * FROM members WHERE id = $1
)sql";

constexpr char kLoadMemberByEmail[] = R"sql(
  SELECT * FROM members WHERE email_normal = $1 AND state = 'ACTIVE'
)sql";

constexpr char kLockMember[] = R"sql(
  SELECT * FROM members WHERE id = $1 AND state = 'ACTIVE' FOR UPDATE
)sql";

constexpr char kLockAddress[] = R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended('members.email:' || $1, 0))
)sql";

constexpr char kSaveMember[] = R"sql(
  UPDATE members
  SET email = $2, email_normal = $3, display_name = $4, locale = $5, time_zone = $6, labels = $7, state = $8,
      revision = $9, update_time = $10, delete_time = $11
  WHERE id = $1
)sql";

constexpr char kRaiseEventRevision[] = R"sql(
  UPDATE members SET event_revision = event_revision + 1 WHERE id = $1 RETURNING event_revision
)sql";

constexpr char kLoadMembers[] = R"sql(
  SELECT * FROM members
  WHERE state = 'ACTIVE' AND (create_time, id) > ($1, $2)
  ORDER BY create_time, id
  LIMIT $3
)sql";

std::string ToJson(const std::map<std::string, std::string>& labels) { return nlohmann::json(labels).dump(); }

std::map<std::string, std::string> LabelsFromJson(const char* text) {
  return nlohmann::json::parse(text).get<std::map<std::string, std::string>>();
}

Member FromRow(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .email = row["email"].as<std::string>(),
          .email_normal = row["email_normal"].as<std::string>(),
          .display_name = row["display_name"].as<std::string>(),
          .locale = row["locale"].as<std::string>(),
          .time_zone = row["time_zone"].as<std::string>(),
          .labels = LabelsFromJson(row["labels"].c_str()),
          .state = ParseMemberState(row["state"].c_str()).value(),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>(),
          .delete_time = row["delete_time"].as<std::optional<absl::Time>>()};
}

std::optional<Member> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

}  // namespace

bool InsertMember(db::Transaction& tx, const Member& member) {
  return tx.Query(kInsertMember, member.id, member.email, member.email_normal, member.display_name, member.locale,
                  member.time_zone, ToJson(member.labels), member.revision, member.create_time, member.update_time)
             .affected_rows() == 1;
}

std::optional<Member> LoadMember(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLoadMember, id));
}

std::optional<Member> LoadMemberByEmail(db::Transaction& tx, absl::string_view email_normal) {
  return FirstRow(tx.Query(kLoadMemberByEmail, email_normal));
}

std::optional<Member> LockMember(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockMember, id));
}

void LockAddress(db::Transaction& tx, absl::string_view email_normal) { tx.Query(kLockAddress, email_normal); }

void SaveMember(db::Transaction& tx, Member& member) {
  ++member.revision;
  tx.Query(kSaveMember, member.id, member.email, member.email_normal, member.display_name, member.locale,
           member.time_zone, ToJson(member.labels), Name(member.state), member.revision, member.update_time,
           member.delete_time);
}

int64_t RaiseEventRevision(db::Transaction& tx, absl::string_view id) {
  return tx.Query(kRaiseEventRevision, id).front()[0].as<int64_t>();
}

std::vector<Member> LoadMembers(db::Transaction& tx, const std::optional<MemberCursor>& after, int limit) {
  const MemberCursor start = after.value_or(MemberCursor{absl::InfinitePast(), ""});
  std::vector<Member> members;
  for (const pqxx::row& row : tx.Query(kLoadMembers, start.create_time, start.id, limit)) {
    members.push_back(FromRow(row));
  }
  return members;
}

}  // namespace masthead::memberships
