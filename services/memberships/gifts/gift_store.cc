#include "services/memberships/gifts/gift_store.h"

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "services/memberships/members/sealed_words.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertGift[] = R"sql(
  INSERT INTO gifts (id, giver_id, checkout_id, invoice_id, tier_id, months, state, sealed_delivery, receiver_email,
                     receiver_name, giver_name, message, locale, delivery_date, deliver_time, claim_end_time, revision,
                     create_time, next_action_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', '', $9, $10, $11, $12, $13, $14, $15)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadGift[] = R"sql(
  SELECT * FROM gifts WHERE id = $1
)sql";

constexpr char kLoadGiftByCode[] = R"sql(
  SELECT * FROM gifts WHERE code_hash = $1
)sql";

constexpr char kLoadGiftOfCheckout[] = R"sql(
  SELECT * FROM gifts WHERE checkout_id = $1
)sql";

constexpr char kLockGift[] = R"sql(
  SELECT * FROM gifts WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLockGiftByCode[] = R"sql(
  SELECT * FROM gifts WHERE code_hash = $1 FOR UPDATE
)sql";

constexpr char kSaveGift[] = R"sql(
  UPDATE gifts
  SET receiver_id = NULLIF($2, ''), state = $3, sealed_delivery = $4::bytea, receiver_email = '', receiver_name = '',
      giver_name = '', message = '', delivery_date = $5, deliveries = $6, code_hash = $7::bytea, reminded = $8,
      deliver_time = $9, claim_end_time = $10, redeem_time = $11, time_zone = $12, start_time = $13, end_time = $14,
      revision = $15, next_action_time = $16, locale = $17
  WHERE id = $1
)sql";

constexpr char kRunningGiftEnd[] = R"sql(
  SELECT max(end_time) FROM gifts
  WHERE receiver_id = $1 AND tier_id = $2 AND state = 'REDEEMED' AND end_time > $3
)sql";

constexpr char kLoadGifts[] = R"sql(
  SELECT * FROM gifts
  WHERE (create_time, id) < ($1, $2)
  ORDER BY create_time DESC, id DESC
  LIMIT $3
)sql";

constexpr char kLoadGiftsOf[] = R"sql(
  SELECT * FROM gifts
  WHERE (giver_id = $4 OR receiver_id = $4) AND (create_time, id) < ($1, $2)
  ORDER BY create_time DESC, id DESC
  LIMIT $3
)sql";

constexpr char kLockDueGifts[] = R"sql(
  SELECT * FROM gifts
  WHERE next_action_time <= db_now()
  ORDER BY next_action_time
  LIMIT $1
  FOR UPDATE SKIP LOCKED
)sql";

constexpr char kLockReadableGifts[] = R"sql(
  SELECT * FROM gifts
  WHERE sealed_delivery IS NULL AND receiver_email || receiver_name || giver_name || message <> ''
  ORDER BY id
  FOR UPDATE
)sql";

constexpr char kLockGiftsOf[] = R"sql(
  SELECT * FROM gifts WHERE giver_id = $1 OR receiver_id = $1 ORDER BY id FOR UPDATE
)sql";

// Who gives, who gets it, and what is said.
std::optional<db::Bytes> SealedDelivery(const Gift& gift) {
  const GiftDelivery& delivery = gift.delivery;
  if (absl::StrCat(delivery.receiver_email, delivery.receiver_name, delivery.giver_name, delivery.message).empty()) {
    return std::nullopt;
  }
  const nlohmann::json words = {{"receiver_email", delivery.receiver_email},
                                {"receiver_name", delivery.receiver_name},
                                {"giver_name", delivery.giver_name},
                                {"message", delivery.message}};
  return db::Bytes{SealWords(words.dump(), absl::StrCat("gifts/", gift.id))};
}

void OpenDelivery(const std::string& sealed, Gift& gift) {
  const std::string words = OpenWords(sealed, absl::StrCat("gifts/", gift.id));
  if (words.empty()) return;
  const nlohmann::json json = nlohmann::json::parse(words);
  gift.delivery.receiver_email = json.value("receiver_email", "");
  gift.delivery.receiver_name = json.value("receiver_name", "");
  gift.delivery.giver_name = json.value("giver_name", "");
  gift.delivery.message = json.value("message", "");
}

Gift FromRow(const pqxx::row& row) {
  Gift gift = {.id = row["id"].as<std::string>(),
               .giver_id = row["giver_id"].as<std::string>(),
               .receiver_id = row["receiver_id"].as<std::optional<std::string>>().value_or(""),
               .checkout_id = row["checkout_id"].as<std::string>(),
               .invoice_id = row["invoice_id"].as<std::string>(),
               .tier_id = row["tier_id"].as<std::string>(),
               .months = row["months"].as<int32_t>(),
               .state = ParseGiftState(row["state"].c_str()).value(),
               .delivery = {.receiver_email = row["receiver_email"].as<std::string>(),
                            .receiver_name = row["receiver_name"].as<std::string>(),
                            .giver_name = row["giver_name"].as<std::string>(),
                            .message = row["message"].as<std::string>(),
                            .locale = row["locale"].as<std::string>(),
                            .date = row["delivery_date"].as<std::string>()},
               .deliveries = row["deliveries"].as<int32_t>(),
               .code_hash = row["code_hash"].is_null() ? "" : db::ReadBytes(row["code_hash"]),
               .reminded = row["reminded"].as<bool>(),
               .deliver_time = row["deliver_time"].as<std::optional<absl::Time>>(),
               .claim_end_time = row["claim_end_time"].as<absl::Time>(),
               .redeem_time = row["redeem_time"].as<std::optional<absl::Time>>(),
               .time_zone = row["time_zone"].as<std::string>(),
               .start_time = row["start_time"].as<std::optional<absl::Time>>(),
               .end_time = row["end_time"].as<std::optional<absl::Time>>(),
               .revision = row["revision"].as<int64_t>(),
               .create_time = row["create_time"].as<absl::Time>()};
  if (!row["sealed_delivery"].is_null()) OpenDelivery(db::ReadBytes(row["sealed_delivery"]), gift);
  return gift;
}

std::optional<Gift> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

std::vector<Gift> FromRows(const pqxx::result& rows) {
  std::vector<Gift> gifts;
  for (const pqxx::row& row : rows) gifts.push_back(FromRow(row));
  return gifts;
}

std::optional<absl::Time> NextActionTime(const Gift& gift) {
  const NextGiftStep next = NextStep(gift);
  if (next.step == GiftStep::kNone) return std::nullopt;
  return next.time;
}

std::optional<db::Bytes> CodeHash(const Gift& gift) {
  if (gift.code_hash.empty()) return std::nullopt;
  return db::Bytes{gift.code_hash};
}

}  // namespace

bool InsertGift(db::Transaction& tx, const Gift& gift) {
  return tx.Query(kInsertGift, gift.id, gift.giver_id, gift.checkout_id, gift.invoice_id, gift.tier_id, gift.months,
                  Name(gift.state), SealedDelivery(gift), gift.delivery.locale, gift.delivery.date, gift.deliver_time,
                  gift.claim_end_time, gift.revision, gift.create_time, NextActionTime(gift))
             .affected_rows() == 1;
}

std::optional<Gift> LoadGift(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kLoadGift, id)); }

std::optional<Gift> LoadGiftByCode(db::Transaction& tx, absl::string_view code_hash) {
  return FirstRow(tx.Query(kLoadGiftByCode, db::Bytes{std::string(code_hash)}));
}

std::optional<Gift> LoadGiftOfCheckout(db::Transaction& tx, absl::string_view checkout_id) {
  return FirstRow(tx.Query(kLoadGiftOfCheckout, checkout_id));
}

std::optional<Gift> LockGift(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kLockGift, id)); }

std::optional<Gift> LockGiftByCode(db::Transaction& tx, absl::string_view code_hash) {
  return FirstRow(tx.Query(kLockGiftByCode, db::Bytes{std::string(code_hash)}));
}

void SaveGift(db::Transaction& tx, Gift& gift) {
  ++gift.revision;
  tx.Query(kSaveGift, gift.id, gift.receiver_id, Name(gift.state), SealedDelivery(gift), gift.delivery.date,
           gift.deliveries, CodeHash(gift), gift.reminded, gift.deliver_time, gift.claim_end_time, gift.redeem_time,
           gift.time_zone, gift.start_time, gift.end_time, gift.revision, NextActionTime(gift), gift.delivery.locale);
}

std::optional<absl::Time> RunningGiftEnd(db::Transaction& tx, absl::string_view member_id, absl::string_view tier_id,
                                         absl::Time now) {
  return tx.Query(kRunningGiftEnd, member_id, tier_id, now).front()[0].as<std::optional<absl::Time>>();
}

std::vector<Gift> LoadGifts(db::Transaction& tx, absl::string_view member_id, const std::optional<GiftCursor>& before,
                            int limit) {
  const GiftCursor start = before.value_or(GiftCursor{absl::InfiniteFuture(), ""});
  if (member_id.empty()) return FromRows(tx.Query(kLoadGifts, start.create_time, start.id, limit));
  return FromRows(tx.Query(kLoadGiftsOf, start.create_time, start.id, limit, member_id));
}

void SealReadableGifts(db::Transaction& tx) {
  for (Gift& gift : FromRows(tx.Query(kLockReadableGifts))) SaveGift(tx, gift);
}

void ForgetInGifts(db::Transaction& tx, absl::string_view member_id) {
  for (Gift& gift : FromRows(tx.Query(kLockGiftsOf, member_id))) {
    if (gift.giver_id == member_id) gift.delivery.giver_name = gift.delivery.message = "";
    if (gift.receiver_id == member_id) gift.delivery.receiver_email = gift.delivery.receiver_name = "";
    SaveGift(tx, gift);
  }
}

std::vector<Gift> LockDueGifts(db::Transaction& tx, int limit) { return FromRows(tx.Query(kLockDueGifts, limit)); }

}  // namespace masthead::memberships
