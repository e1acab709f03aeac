#include "services/memberships/mail/mail_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertMail[] = R"sql(
  INSERT INTO outgoing_mail (id, template, member_id, locale, sealed, urgent, due_time, create_time, expire_time)
  SELECT $1::uuid, $2, $3, $4, $5, $6, $7, $7, $8
  WHERE $9
)sql";

constexpr char kTakeDueMail[] = R"sql(
  UPDATE outgoing_mail
  SET attempts = attempts + 1, due_time = db_now() + $1::interval
  WHERE id = (SELECT id
              FROM outgoing_mail
              WHERE due_time <= db_now()
              ORDER BY urgent DESC, due_time
              LIMIT 1
              FOR UPDATE SKIP LOCKED)
  RETURNING id, template, member_id, locale, sealed, attempts, expire_time, db_now() AS now
)sql";

constexpr char kPostponeMail[] = R"sql(
  UPDATE outgoing_mail SET due_time = db_now() + $2::interval WHERE id = $1::uuid
)sql";

constexpr char kRemoveMail[] = R"sql(
  DELETE FROM outgoing_mail WHERE id = $1::uuid
)sql";

}  // namespace

void InsertMail(db::Transaction& tx, const std::string& id, const OutgoingMail& mail, const std::string& sealed,
                bool urgent, absl::Time now, bool queued) {
  tx.Query(kInsertMail, id, mail.template_id, mail.member_id, mail.locale, db::Bytes{sealed}, urgent, now,
           mail.expire_time, queued);
}

std::optional<DueMail> TakeDueMail(db::Transaction& tx, absl::Duration lease) {
  const pqxx::result rows = tx.Query(kTakeDueMail, lease);
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  DueMail due;
  due.id = row["id"].as<std::string>();
  due.sealed = db::ReadBytes(row["sealed"]);
  due.mail.template_id = row["template"].as<std::string>();
  due.mail.member_id = row["member_id"].as<std::string>();
  due.mail.locale = row["locale"].as<std::string>();
  due.mail.expire_time = row["expire_time"].as<absl::Time>();
  due.attempts = row["attempts"].as<int>();
  due.now = row["now"].as<absl::Time>();
  return due;
}

void PostponeMail(db::Transaction& tx, const std::string& id, absl::Duration wait) {
  tx.Query(kPostponeMail, id, wait);
}

void RemoveMail(db::Transaction& tx, const std::string& id) { tx.Query(kRemoveMail, id); }

}  // namespace masthead::memberships
