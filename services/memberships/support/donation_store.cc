#include "services/memberships/support/donation_store.h"

#include "absl/strings/str_cat.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertDonation[] = R"sql(
  INSERT INTO donations (payment_id, member_id, campaign_id, currency, amount, message, public_name, anonymous,
                         receive_time)
  SELECT id, $2, (SELECT id FROM campaigns WHERE id = $3), currency, amount, $4, $5, $6::boolean, $7::timestamptz
  FROM payments
  WHERE id = $1
  ON CONFLICT DO NOTHING
  RETURNING *
)sql";

constexpr char kMarkTakenBack[] = R"sql(
  UPDATE donations SET take_back_time = $2 WHERE payment_id = $1 AND take_back_time IS NULL
)sql";

constexpr char kSelectDonations[] = "SELECT * FROM donations WHERE ";

Donation FromRow(const pqxx::row& row) {
  return {.member_id = row["member_id"].as<std::string>(),
          .payment_id = row["payment_id"].as<std::string>(),
          .campaign_id = row["campaign_id"].as<std::optional<std::string>>().value_or(""),
          .money = {row["currency"].as<std::string>(), row["amount"].as<int64_t>()},
          .message = row["message"].as<std::string>(),
          .public_name = row["public_name"].as<std::string>(),
          .anonymous = row["anonymous"].as<bool>(),
          .receive_time = row["receive_time"].as<absl::Time>(),
          .take_back_time = row["take_back_time"].as<std::optional<absl::Time>>()};
}

}  // namespace

std::optional<Donation> InsertDonation(db::Transaction& tx, const Donation& donation) {
  const pqxx::result rows = tx.Query(kInsertDonation, donation.payment_id, donation.member_id, donation.campaign_id,
                                     donation.message, donation.public_name, donation.anonymous, donation.receive_time);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

void MarkTakenBack(db::Transaction& tx, absl::string_view payment_id, absl::Time now) {
  tx.Query(kMarkTakenBack, payment_id, now);
}

std::vector<Donation> LoadDonations(db::Transaction& tx, absl::string_view member_id, absl::string_view campaign_id,
                                    const std::optional<DonationCursor>& after, int limit) {
  db::Parameters parameters;
  std::string sql = absl::StrCat(kSelectDonations, "TRUE");
  if (!member_id.empty()) absl::StrAppend(&sql, " AND member_id = ", parameters.Add(member_id));
  if (!campaign_id.empty()) absl::StrAppend(&sql, " AND campaign_id = ", parameters.Add(campaign_id));
  if (after) {
    absl::StrAppend(&sql, " AND (receive_time, payment_id) < (", parameters.Add(after->receive_time), "::timestamptz, ",
                    parameters.Add(after->payment_id), ")");
  }
  absl::StrAppend(&sql, " ORDER BY receive_time DESC, payment_id DESC LIMIT ", parameters.Add(limit));
  std::vector<Donation> donations;
  for (const pqxx::row& row : tx.QueryComposed(sql, parameters)) donations.push_back(FromRow(row));
  return donations;
}

}  // namespace masthead::memberships
