#include "services/memberships/support/referral_link_store.h"

#include <optional>
#include <string>

namespace masthead::memberships {
namespace {

constexpr char kInsertReferralLink[] = R"sql(
  INSERT INTO referral_links (code, member_id, display_name, landing_path, create_time)
  VALUES ($1, NULLIF($2, ''), $3, $4, $5)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kCountReferralLinks[] = R"sql(
  SELECT count(*) FROM referral_links WHERE member_id = $1
)sql";

constexpr char kLoadReferralLink[] = R"sql(
  SELECT referral_links.*,
         (SELECT count(*) FROM attributions WHERE referral_code = code AND kind = 'SIGN_UP') AS sign_ups,
         (SELECT count(*) FROM attributions WHERE referral_code = code AND kind = 'CHECKOUT') AS payments
  FROM referral_links
  WHERE code = $1
)sql";

constexpr char kLoadReferralLinks[] = R"sql(
  SELECT referral_links.*,
         (SELECT count(*) FROM attributions WHERE referral_code = code AND kind = 'SIGN_UP') AS sign_ups,
         (SELECT count(*) FROM attributions WHERE referral_code = code AND kind = 'CHECKOUT') AS payments
  FROM referral_links
  WHERE code > $1
  ORDER BY code
  LIMIT $2
)sql";

constexpr char kLoadReferralLinksOf[] = R"sql(
  SELECT referral_links.*,
         (SELECT count(*) FROM attributions WHERE referral_code = code AND kind = 'SIGN_UP') AS sign_ups,
         (SELECT count(*) FROM attributions WHERE referral_code = code AND kind = 'CHECKOUT') AS payments
  FROM referral_links
  WHERE member_id = $3 AND code > $1
  ORDER BY code
  LIMIT $2
)sql";

ReferralLink FromRow(const pqxx::row& row) {
  return {.code = row["code"].as<std::string>(),
          .member_id = row["member_id"].as<std::optional<std::string>>().value_or(""),
          .display_name = row["display_name"].as<std::string>(),
          .landing_path = row["landing_path"].as<std::string>(),
          .sign_ups = row["sign_ups"].as<int64_t>(),
          .payments = row["payments"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>()};
}

}  // namespace

bool InsertReferralLink(db::Transaction& tx, const ReferralLink& link) {
  return tx.Query(kInsertReferralLink, link.code, link.member_id, link.display_name, link.landing_path,
                  link.create_time)
             .affected_rows() == 1;
}

int CountReferralLinks(db::Transaction& tx, absl::string_view member_id) {
  return tx.Query(kCountReferralLinks, member_id).front()[0].as<int>();
}

std::optional<ReferralLink> LoadReferralLink(db::Transaction& tx, absl::string_view code) {
  const pqxx::result rows = tx.Query(kLoadReferralLink, code);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

std::vector<ReferralLink> LoadReferralLinks(db::Transaction& tx, absl::string_view member_id, absl::string_view after,
                                            int limit) {
  const pqxx::result rows = member_id.empty() ? tx.Query(kLoadReferralLinks, after, limit)
                                              : tx.Query(kLoadReferralLinksOf, after, limit, member_id);
  std::vector<ReferralLink> links;
  for (const pqxx::row& row : rows) links.push_back(FromRow(row));
  return links;
}

}  // namespace masthead::memberships
