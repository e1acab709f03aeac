#include "services/memberships/members/member_list_store.h"

#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "services/memberships/members/member_store.h"

namespace masthead::memberships {
namespace {

constexpr char kSelect[] = "SELECT m.*, ";
constexpr char kFromActive[] = " AS position FROM (SELECT * FROM members WHERE state = 'ACTIVE') m";
constexpr char kFromAll[] = " AS position FROM members m";

constexpr char kHasTier[] =
    "EXISTS (SELECT FROM grants g WHERE g.member_id = m.id AND g.tier_id = {} AND g.revoke_time IS NULL"
    " AND g.start_time <= db_now() AND (g.end_time IS NULL OR g.end_time > db_now()))";
constexpr char kConsents[] =
    "EXISTS (SELECT FROM consents c WHERE c.member_id = m.id AND c.topic_id = {} AND c.granted)";

constexpr char kSelectMatching[] = "SELECT m.* FROM members m WHERE m.state = 'ACTIVE' AND m.id > ";

constexpr char kSaveLabels[] = R"sql(
  UPDATE members
  SET labels = n.labels::jsonb, update_time = $3, revision = revision + 1, event_revision = event_revision + 1
  FROM unnest($1::text[], $2::text[]) AS n (id, labels)
  WHERE members.id = n.id
  RETURNING members.id, event_revision
)sql";

std::vector<Member> SelectMatching(db::Transaction& tx, const filter::Filter& filter, const std::string& after,
                                   int limit, absl::string_view locking) {
  db::Parameters parameters;
  const std::string start = parameters.Add(after);
  const std::string sql = absl::StrCat(kSelectMatching, start, " AND ", filter.ToSql(parameters),
                                       " ORDER BY m.id LIMIT ", parameters.Add(limit), "::integer", locking);
  std::vector<Member> members;
  for (const pqxx::row& row : tx.QueryComposed(sql, parameters)) members.push_back(ReadMember(row));
  return members;
}

}  // namespace

const filter::Fields& MemberFields() {
  static const filter::Fields fields({
      filter::Map("labels", "m.labels->>{}"),
      filter::Enum("state", "m.state", {"ACTIVE", "DELETED", "MERGED", "ERASED"}),
      filter::NameList("tiers", kHasTier, "tiers/*"),
      filter::NameList("consents", kConsents, "topics/*"),
      filter::Optional(filter::Text("email_domain", "m.email_domain")),
      filter::Optional(filter::Time("email_verify_time", "m.email_verify_time")),
      filter::Text("locale", "m.locale"),
      filter::Time("create_time", "m.create_time"),
      filter::Time("update_time", "m.update_time"),
      filter::Optional(filter::Time("delete_time", "m.delete_time")),
  });
  return fields;
}

absl::StatusOr<filter::Order> ParseMemberOrder(absl::string_view order_by) {
  static const std::vector<filter::OrderField> fields = {
      {.name = "create_time", .sql = "m.create_time", .type = "timestamptz"},
      {.name = "update_time", .sql = "m.update_time", .type = "timestamptz"}};
  return filter::Order::Parse(order_by, fields, "m.id");
}

MemberPage LoadMemberPage(db::Transaction& tx, const filter::Filter& filter, const filter::Order& order,
                          const std::optional<filter::Position>& after, int limit, Absent absent) {
  db::Parameters parameters;
  const std::string page = filter::PageSql(filter, order, after, limit, parameters);
  const char* from = absent == Absent::kIncluded ? kFromAll : kFromActive;
  MemberPage found;
  for (const pqxx::row& row : tx.QueryComposed(absl::StrCat(kSelect, order.KeySql(), from, page), parameters)) {
    found.members.push_back(ReadMember(row));
    found.positions.push_back({row["position"].as<std::string>(), found.members.back().id});
  }
  return found;
}

std::vector<Member> LockMatching(db::Transaction& tx, const filter::Filter& filter, const std::string& after,
                                 int limit) {
  return SelectMatching(tx, filter, after, limit, " FOR UPDATE OF m");
}

std::vector<Member> LoadMatching(db::Transaction& tx, const filter::Filter& filter, const std::string& after,
                                 int limit) {
  return SelectMatching(tx, filter, after, limit, "");
}

std::vector<int64_t> SaveLabels(db::Transaction& tx, const std::vector<Member>& members, absl::Time now) {
  std::vector<std::string> ids;
  std::vector<std::string> labels;
  for (const Member& member : members) {
    ids.push_back(member.id);
    labels.push_back(nlohmann::json(member.labels).dump());
  }
  std::unordered_map<std::string, int64_t> numbers;
  for (const pqxx::row& row : tx.Query(kSaveLabels, db::TextArray(ids), db::TextArray(labels), now)) {
    numbers[row[0].as<std::string>()] = row[1].as<int64_t>();
  }
  std::vector<int64_t> in_order;
  for (const std::string& id : ids) in_order.push_back(numbers.at(id));
  return in_order;
}

}  // namespace masthead::memberships
