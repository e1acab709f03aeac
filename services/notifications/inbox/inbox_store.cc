#include "services/notifications/inbox/inbox_store.h"

namespace masthead::notifications {
namespace {

constexpr int kInboxesAtATime = 200;

// In the order of recipients, as every transaction that locks several heads.
constexpr char kAddItem[] = R"sql(
    WITH wanted AS (
        SELECT r.number
        FROM recipients r
        WHERE r.number = ANY ($1::bigint[]) AND r.state = 'ACTIVE'
          AND NOT EXISTS (SELECT 1 FROM inbox_items i WHERE i.recipient_number = r.number AND i.id = $2)
        ORDER BY r.number
    ), heads AS (
        INSERT INTO inbox_heads AS h (recipient_number, seq, unread, unseen)
        SELECT number, 1, 1, 1 FROM wanted
        ON CONFLICT (recipient_number) DO UPDATE SET seq = h.seq + 1, unread = h.unread + 1, unseen = h.unseen + 1
        RETURNING recipient_number, seq
    )
    INSERT INTO inbox_items (recipient_number, seq, id, title, body, link, article, severity)
    SELECT recipient_number, seq, $2, $3, $4, $5, $6, $7
    FROM heads
)sql";

constexpr char kMakeHead[] = "INSERT INTO inbox_heads (recipient_number) VALUES ($1) ON CONFLICT DO NOTHING";

constexpr char kLoadHead[] = R"sql(
    SELECT seq, first_seq, unread, unseen FROM inbox_heads WHERE recipient_number = $1
)sql";

constexpr char kLockHead[] = R"sql(
    SELECT seq, first_seq, unread, unseen FROM inbox_heads WHERE recipient_number = $1 FOR UPDATE
)sql";

constexpr char kLoadSeqs[] = R"sql(
    SELECT recipient_number, seq FROM inbox_heads WHERE recipient_number = ANY ($1::bigint[])
)sql";

#define ITEM_SELECT                                                                                             \
  "SELECT seq, id, title, body, link, article, severity, create_time, seen_time, read_time, archive_time FROM " \
  "inbox_items WHERE recipient_number = $1 "

constexpr char kLoadItems[] = ITEM_SELECT
    "AND ($2::bigint = 0 OR seq < $2::bigint) AND (NOT $3 OR read_time IS NULL) AND ($4 OR archive_time IS NULL) "
    "ORDER BY seq DESC LIMIT $5";

constexpr char kLoadItem[] = ITEM_SELECT "AND id = $2";

constexpr char kLoadItemsAfter[] = ITEM_SELECT "AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4";

#undef ITEM_SELECT

constexpr char kLoadChangesAfter[] = R"sql(
    SELECT seq, kind, up_to_seq, items
    FROM inbox_changes
    WHERE recipient_number = $1 AND seq > $2 AND seq <= $3
    ORDER BY seq
    LIMIT $4
)sql";

constexpr char kMarkSeen[] = R"sql(
    UPDATE inbox_items
    SET seen_time = db_now()
    WHERE recipient_number = $1 AND seq <= $2 AND read_time IS NULL AND archive_time IS NULL AND seen_time IS NULL
)sql";

constexpr char kMarkRead[] = R"sql(
    UPDATE inbox_items
    SET read_time = db_now(), seen_time = coalesce(seen_time, db_now())
    WHERE recipient_number = $1 AND seq <= $2 AND read_time IS NULL AND archive_time IS NULL
)sql";

constexpr char kSetItemRead[] = R"sql(
    UPDATE inbox_items
    SET read_time = CASE WHEN $3 THEN db_now() END, seen_time = coalesce(seen_time, db_now())
    WHERE recipient_number = $1 AND id = $2 AND (read_time IS NOT NULL) <> $3
)sql";

constexpr char kSetItemsArchived[] = R"sql(
    UPDATE inbox_items
    SET archive_time = CASE WHEN $3 THEN db_now() END
    WHERE recipient_number = $1 AND id = ANY ($2::text[]) AND (archive_time IS NOT NULL) <> $3
    RETURNING id
)sql";

// The counts are taken anew: unread items are few, and an index holds just them.
constexpr char kAddChange[] = R"sql(
    WITH counted AS (
        SELECT count(*) AS unread, count(*) FILTER (WHERE seen_time IS NULL) AS unseen
        FROM inbox_items
        WHERE recipient_number = $1 AND read_time IS NULL AND archive_time IS NULL
    ), head AS (
        UPDATE inbox_heads h
        SET seq = h.seq + 1, unread = counted.unread, unseen = counted.unseen
        FROM counted
        WHERE h.recipient_number = $1
        RETURNING h.seq
    )
    INSERT INTO inbox_changes (recipient_number, seq, kind, up_to_seq, items)
    SELECT $1, seq, $2, $3, $4
    FROM head
)sql";

constexpr char kFindOldItems[] = R"sql(
    SELECT recipient_number, max(seq) AS up_to_seq
    FROM (SELECT recipient_number, seq FROM inbox_items WHERE create_time < db_now() - $1::interval ORDER BY create_time LIMIT $2) old
    GROUP BY recipient_number
    ORDER BY recipient_number
)sql";

constexpr char kForgetItems[] = "DELETE FROM inbox_items WHERE recipient_number = $1 AND seq <= $2";

constexpr char kForgetChanges[] = "DELETE FROM inbox_changes WHERE recipient_number = $1 AND seq <= $2";

constexpr char kMoveFirst[] = R"sql(
    UPDATE inbox_heads SET first_seq = greatest(first_seq, $2::bigint + 1) WHERE recipient_number = $1
)sql";

// First of the three: it locks.
constexpr char kEraseHeads[] = R"sql(
    DELETE FROM inbox_heads USING recipients r WHERE recipient_number = r.number AND r.id = ANY ($1::text[])
)sql";

constexpr char kEraseItems[] = R"sql(
    DELETE FROM inbox_items USING recipients r WHERE recipient_number = r.number AND r.id = ANY ($1::text[])
)sql";

constexpr char kEraseChanges[] = R"sql(
    DELETE FROM inbox_changes USING recipients r WHERE recipient_number = r.number AND r.id = ANY ($1::text[])
)sql";

InboxItem ItemFromRow(const pqxx::row& row) {
  return {.seq = row["seq"].as<int64_t>(),
          .id = row["id"].as<std::string>(),
          .title = row["title"].as<std::string>(),
          .body = row["body"].as<std::string>(),
          .link = row["link"].as<std::string>(),
          .article = row["article"].as<std::string>(),
          .severity = row["severity"].as<std::string>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .seen_time = row["seen_time"].as<std::optional<absl::Time>>(),
          .read_time = row["read_time"].as<std::optional<absl::Time>>(),
          .archive_time = row["archive_time"].as<std::optional<absl::Time>>()};
}

std::vector<InboxItem> ItemsFromRows(const pqxx::result& rows) {
  std::vector<InboxItem> items;
  for (const pqxx::row& row : rows) items.push_back(ItemFromRow(row));
  return items;
}

InboxHead HeadFromRows(const pqxx::result& rows) {
  if (rows.empty()) return {};
  return {.seq = rows[0]["seq"].as<int64_t>(),
          .first_seq = rows[0]["first_seq"].as<int64_t>(),
          .unread = rows[0]["unread"].as<int64_t>(),
          .unseen = rows[0]["unseen"].as<int64_t>()};
}

void AddChange(db::Transaction& tx, int64_t recipient_number, absl::string_view kind, int64_t up_to_seq,
               const std::vector<std::string>& items) {
  tx.Query(kAddChange, recipient_number, kind, up_to_seq, db::TextArray(items));
}

}  // namespace

void AddInboxItem(db::Transaction& tx, const std::vector<int64_t>& recipient_numbers, const InboxItem& item) {
  if (recipient_numbers.empty()) return;
  tx.Query(kAddItem, db::Int64Array(recipient_numbers), item.id, item.title, item.body, item.link, item.article,
           item.severity);
}

InboxHead LoadInboxHead(db::Transaction& tx, int64_t recipient_number) {
  return HeadFromRows(tx.Query(kLoadHead, recipient_number));
}

InboxHead LockInboxHead(db::Transaction& tx, int64_t recipient_number) {
  tx.Query(kMakeHead, recipient_number);
  return HeadFromRows(tx.Query(kLockHead, recipient_number));
}

std::map<int64_t, int64_t> LoadInboxSeqs(db::Transaction& tx, const std::vector<int64_t>& recipient_numbers) {
  std::map<int64_t, int64_t> seqs;
  for (const pqxx::row& row : tx.Query(kLoadSeqs, db::Int64Array(recipient_numbers))) {
    seqs[row["recipient_number"].as<int64_t>()] = row["seq"].as<int64_t>();
  }
  return seqs;
}

std::vector<InboxItem> LoadInboxItems(db::Transaction& tx, int64_t recipient_number, const InboxFilter& filter,
                                      int64_t before, int limit) {
  return ItemsFromRows(tx.Query(kLoadItems, recipient_number, before, filter.unread_only, filter.archived_too, limit));
}

std::optional<InboxItem> LoadInboxItem(db::Transaction& tx, int64_t recipient_number, absl::string_view id) {
  const pqxx::result rows = tx.Query(kLoadItem, recipient_number, id);
  if (rows.empty()) return std::nullopt;
  return ItemFromRow(rows.front());
}

std::vector<InboxItem> LoadInboxItemsAfter(db::Transaction& tx, int64_t recipient_number, int64_t after, int64_t up_to,
                                           int limit) {
  return ItemsFromRows(tx.Query(kLoadItemsAfter, recipient_number, after, up_to, limit));
}

std::vector<InboxChange> LoadInboxChangesAfter(db::Transaction& tx, int64_t recipient_number, int64_t after,
                                               int64_t up_to, int limit) {
  std::vector<InboxChange> changes;
  for (const pqxx::row& row : tx.Query(kLoadChangesAfter, recipient_number, after, up_to, limit)) {
    changes.push_back({.seq = row["seq"].as<int64_t>(),
                       .kind = row["kind"].as<std::string>(),
                       .up_to_seq = row["up_to_seq"].as<int64_t>(),
                       .items = db::ReadTextArray(row["items"])});
  }
  return changes;
}

void MarkInboxSeen(db::Transaction& tx, int64_t recipient_number, int64_t up_to_seq) {
  if (tx.Query(kMarkSeen, recipient_number, up_to_seq).affected_rows() == 0) return;
  AddChange(tx, recipient_number, "SEEN", up_to_seq, {});
}

void MarkInboxRead(db::Transaction& tx, int64_t recipient_number, int64_t up_to_seq) {
  if (tx.Query(kMarkRead, recipient_number, up_to_seq).affected_rows() == 0) return;
  AddChange(tx, recipient_number, "READ", up_to_seq, {});
}

void SetInboxItemRead(db::Transaction& tx, int64_t recipient_number, const std::string& id, bool read) {
  if (tx.Query(kSetItemRead, recipient_number, id, read).affected_rows() == 0) return;
  AddChange(tx, recipient_number, read ? "READ" : "UNREAD", 0, {id});
}

void SetInboxItemsArchived(db::Transaction& tx, int64_t recipient_number, const std::vector<std::string>& ids,
                           bool archived) {
  std::vector<std::string> changed;
  for (const pqxx::row& row : tx.Query(kSetItemsArchived, recipient_number, db::TextArray(ids), archived)) {
    changed.push_back(row["id"].as<std::string>());
  }
  if (!changed.empty()) AddChange(tx, recipient_number, archived ? "ARCHIVED" : "UNARCHIVED", 0, changed);
}

bool ForgetOldInboxItems(db::Transaction& tx, absl::Duration age) {
  const pqxx::result old = tx.Query(kFindOldItems, age, kInboxesAtATime);
  for (const pqxx::row& row : old) {
    const auto recipient_number = row["recipient_number"].as<int64_t>();
    const auto up_to_seq = row["up_to_seq"].as<int64_t>();
    LockInboxHead(tx, recipient_number);
    tx.Query(kForgetItems, recipient_number, up_to_seq);
    tx.Query(kForgetChanges, recipient_number, up_to_seq);
    tx.Query(kMoveFirst, recipient_number, up_to_seq);
    AddChange(tx, recipient_number, "EXPIRED", up_to_seq, {});
  }
  return !old.empty();
}

void EraseInboxes(db::Transaction& tx, const std::vector<std::string>& recipient_ids) {
  const db::TextArray who(recipient_ids);
  tx.Query(kEraseHeads, who);
  tx.Query(kEraseItems, who);
  tx.Query(kEraseChanges, who);
}

}  // namespace masthead::notifications
