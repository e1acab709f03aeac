#include "services/memberships/members/member_store.h"

#include <utility>

#include "nlohmann/json.hpp"

namespace masthead::memberships {
namespace {

constexpr char kInsertMember[] = R"sql(
  INSERT INTO members (id, wrapped_key, person, address_index, address_domain, email_verify_time, locale, time_zone,
                       labels, state, revision, create_time, update_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'ACTIVE', $10, $11, $12)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadMember[] = R"sql(
  SELECT * FROM members WHERE id = $1
)sql";

// A member that others were merged into takes them along when it is merged itself: one step always does.
constexpr char kResolveMember[] = R"sql(
  SELECT * FROM members
  WHERE id = (SELECT coalesce(merged_into, id) FROM members WHERE id = $1)
)sql";

constexpr char kLoadMemberByAddress[] = R"sql(
  SELECT * FROM members WHERE address_index = $1 AND state = 'ACTIVE'
)sql";

// Who stands for the one with the address that was merged last.
constexpr char kLoadMemberByFormerAddress[] = R"sql(
  SELECT * FROM members
  WHERE id = (SELECT merged_into FROM members
              WHERE address_index = $1 AND state = 'MERGED'
              ORDER BY delete_time DESC
              LIMIT 1)
    AND state = 'ACTIVE'
)sql";

constexpr char kLockMember[] = R"sql(
  SELECT * FROM members WHERE id = $1 AND state = 'ACTIVE' FOR UPDATE
)sql";

constexpr char kLockMemberInAnyState[] = R"sql(
  SELECT * FROM members WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLockAddress[] = R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended('members.address:' || encode($1::bytea, 'hex'), 0))
)sql";

constexpr char kSaveMember[] = R"sql(
  UPDATE members
  SET wrapped_key = $2, person = $3, address_index = $4, address_domain = $5, email_verify_time = $6, locale = $7,
      time_zone = $8, labels = $9, state = $10, merged_into = $11, revision = $12, update_time = $13, delete_time = $14
  WHERE id = $1
)sql";

constexpr char kMarkEmailVerified[] = R"sql(
  UPDATE members
  SET email_verify_time = $2, update_time = $2, revision = revision + 1
  WHERE id = $1 AND email_verify_time IS NULL
)sql";

constexpr char kRaiseEventRevision[] = R"sql(
  UPDATE members SET event_revision = event_revision + 1 WHERE id = $1 RETURNING event_revision
)sql";

constexpr char kLoadMergedFrom[] = R"sql(
  SELECT id FROM members WHERE merged_into = $1 ORDER BY id LIMIT $2
)sql";

constexpr char kIsErasedAddress[] = R"sql(
  SELECT FROM erased_addresses WHERE address_index = $1
)sql";

constexpr char kAdmitErasedAddress[] = R"sql(
  DELETE FROM erased_addresses WHERE address_index = $1
)sql";

std::string ToJson(const std::map<std::string, std::string>& labels) { return nlohmann::json(labels).dump(); }

std::map<std::string, std::string> LabelsFromJson(const char* text) {
  return nlohmann::json::parse(text).get<std::map<std::string, std::string>>();
}

std::string BytesOrEmpty(const pqxx::field& field) { return field.is_null() ? "" : db::ReadBytes(field); }

std::optional<db::Bytes> BytesOrNull(const std::string& bytes) {
  if (bytes.empty()) return std::nullopt;
  return db::Bytes{bytes};
}

std::optional<std::string> TextOrNull(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<Member> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return ReadMember(rows.front());
}

}  // namespace

Member ReadMember(const pqxx::row& row) {
  Member member;
  member.id = row["id"].as<std::string>();
  member.sealed = {.wrapped_key = BytesOrEmpty(row["wrapped_key"]),
                   .person = BytesOrEmpty(row["person"]),
                   .address_index = BytesOrEmpty(row["address_index"])};
  member.address_domain = row["address_domain"].as<std::string>();
  member.email_verify_time = row["email_verify_time"].as<std::optional<absl::Time>>();
  member.locale = row["locale"].as<std::string>();
  member.time_zone = row["time_zone"].as<std::string>();
  member.labels = LabelsFromJson(row["labels"].c_str());
  member.state = ParseMemberState(row["state"].c_str()).value();
  member.merged_into = row["merged_into"].as<std::string>("");
  member.revision = row["revision"].as<int64_t>();
  member.create_time = row["create_time"].as<absl::Time>();
  member.update_time = row["update_time"].as<absl::Time>();
  member.delete_time = row["delete_time"].as<std::optional<absl::Time>>();
  return member;
}

bool InsertMember(db::Transaction& tx, const Member& member) {
  return tx.Query(kInsertMember, member.id, db::Bytes{member.sealed.wrapped_key}, db::Bytes{member.sealed.person},
                  db::Bytes{member.sealed.address_index}, member.address_domain, member.email_verify_time,
                  member.locale, member.time_zone, ToJson(member.labels), member.revision, member.create_time,
                  member.update_time)
             .affected_rows() == 1;
}

std::optional<Member> LoadMember(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLoadMember, id));
}

std::optional<Member> ResolveMember(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kResolveMember, id));
}

std::optional<Member> LoadMemberByAddress(db::Transaction& tx, const std::string& address_index) {
  return FirstRow(tx.Query(kLoadMemberByAddress, db::Bytes{address_index}));
}

std::optional<Member> LoadMemberByFormerAddress(db::Transaction& tx, const std::string& address_index) {
  return FirstRow(tx.Query(kLoadMemberByFormerAddress, db::Bytes{address_index}));
}

std::optional<Member> LockMember(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockMember, id));
}

std::optional<Member> LockMemberInAnyState(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockMemberInAnyState, id));
}

void LockAddress(db::Transaction& tx, const std::string& address_index) {
  tx.Query(kLockAddress, db::Bytes{address_index});
}

void SaveMember(db::Transaction& tx, Member& member) {
  ++member.revision;
  tx.Query(kSaveMember, member.id, BytesOrNull(member.sealed.wrapped_key), BytesOrNull(member.sealed.person),
           BytesOrNull(member.sealed.address_index), member.address_domain, member.email_verify_time, member.locale,
           member.time_zone, ToJson(member.labels), Name(member.state), TextOrNull(member.merged_into), member.revision,
           member.update_time, member.delete_time);
}

void MarkEmailVerified(db::Transaction& tx, absl::string_view member_id, absl::Time now) {
  tx.Query(kMarkEmailVerified, member_id, now);
}

int64_t RaiseEventRevision(db::Transaction& tx, absl::string_view id) {
  return tx.Query(kRaiseEventRevision, id).front()[0].as<int64_t>();
}

std::vector<std::string> LoadMergedFrom(db::Transaction& tx, absl::string_view id, int limit) {
  std::vector<std::string> ids;
  for (const pqxx::row& row : tx.Query(kLoadMergedFrom, id, limit)) ids.push_back(row[0].as<std::string>());
  return ids;
}

bool IsErasedAddress(db::Transaction& tx, const std::string& address_index) {
  return !tx.Query(kIsErasedAddress, db::Bytes{address_index}).empty();
}

void AdmitErasedAddress(db::Transaction& tx, const std::string& address_index) {
  tx.Query(kAdmitErasedAddress, db::Bytes{address_index});
}

}  // namespace masthead::memberships
