#include "services/memberships/privacy/erasure_store.h"

#include "services/memberships/gifts/gift_store.h"
#include "services/memberships/members/member.h"
#include "services/memberships/meters/meter_keys.h"

namespace masthead::memberships {
namespace {

constexpr char kLoadOpenSubscriptions[] = R"sql(
  SELECT id FROM subscriptions
  WHERE member_id = $1 AND state IN ('INCOMPLETE', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED')
  ORDER BY id
)sql";

constexpr char kKeepDigests[] = R"sql(
  INSERT INTO erased_addresses (address_index, erase_time)
  SELECT DISTINCT address_index, $2::timestamptz
  FROM members
  WHERE (id = $1 OR merged_into = $1) AND address_index IS NOT NULL
  ON CONFLICT DO NOTHING
)sql";

constexpr char kDropKeys[] = R"sql(
  UPDATE members
  SET wrapped_key = NULL, person = NULL, address_index = NULL, address_domain = '', email_verify_time = NULL,
      locale = '', time_zone = '', labels = '{}',
      state = CASE WHEN id = $1 THEN 'ERASED' ELSE state END,
      delete_time = coalesce(delete_time, $2), update_time = $2, revision = revision + 1
  WHERE id = $1 OR merged_into = $1
)sql";

constexpr char kRemoveConsents[] = R"sql(
  DELETE FROM consents WHERE member_id = $1
)sql";

constexpr char kEndGrants[] = R"sql(
  UPDATE grants
  SET reason = '', next_change_time = NULL, revision = revision + 1,
      revoke_time = CASE WHEN revoke_time IS NULL AND (end_time IS NULL OR end_time > $2) THEN $2 ELSE revoke_time END
  WHERE member_id = $1
)sql";

constexpr char kRemoveMeters[] = R"sql(
  DELETE FROM meters WHERE reader_key = $1
)sql";

constexpr char kScrubCheckouts[] = R"sql(
  UPDATE checkouts SET details = '{}', sealed_details = NULL, attribution = '{}' WHERE member_id = $1
)sql";

constexpr char kScrubSubscriptions[] = R"sql(
  UPDATE subscriptions SET payment_method = '' WHERE member_id = $1
)sql";

constexpr char kScrubPayments[] = R"sql(
  UPDATE payments SET payment_method = '', reference = '' WHERE member_id = $1 AND settle_time IS NOT NULL
)sql";

constexpr char kRemoveSeats[] = R"sql(
  DELETE FROM seats WHERE member_id = $1
)sql";

constexpr char kRemoveEmailChanges[] = R"sql(
  DELETE FROM email_changes WHERE member_id = $1
)sql";

constexpr char kRemoveSessions[] = R"sql(
  DELETE FROM sessions WHERE member_id = $1
)sql";

constexpr char kRemoveLetters[] = R"sql(
  DELETE FROM outgoing_mail WHERE member_id = $1
)sql";

constexpr char kRemoveKeptAnswers[] = R"sql(
  DELETE FROM idempotency WHERE principal = $1 AND response IS NOT NULL
)sql";

// Of one name: what was recorded under the names that were merged stayed under them, as far as it is not the books'.
void EraseTracesOf(db::Transaction& tx, absl::string_view member_id, absl::Time now) {
  ForgetInGifts(tx, member_id);
  for (const char* trace : {kRemoveConsents, kScrubCheckouts, kScrubSubscriptions, kScrubPayments, kRemoveSeats,
                            kRemoveEmailChanges, kRemoveSessions, kRemoveLetters}) {
    tx.Query(trace, member_id);
  }
  tx.Query(kEndGrants, member_id, now);
  tx.Query(kRemoveKeptAnswers, MemberName(member_id));
  tx.Query(kRemoveMeters, MeterKeys::MemberKey(member_id));
}

}  // namespace

std::vector<std::string> LoadOpenSubscriptions(db::Transaction& tx, absl::string_view member_id) {
  std::vector<std::string> ids;
  for (const pqxx::row& row : tx.Query(kLoadOpenSubscriptions, member_id)) ids.push_back(row[0].as<std::string>());
  return ids;
}

void EraseTraces(db::Transaction& tx, absl::string_view member_id, const std::vector<std::string>& former_ids,
                 absl::Time now) {
  tx.Query(kKeepDigests, member_id, now);
  tx.Query(kDropKeys, member_id, now);
  EraseTracesOf(tx, member_id, now);
  for (const std::string& former : former_ids) EraseTracesOf(tx, former, now);
}

}  // namespace masthead::memberships
