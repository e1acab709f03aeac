#include "services/memberships/privacy/personal_data_store.h"

#include "nlohmann/json.hpp"
#include "services/memberships/members/sealed_words.h"

namespace masthead::memberships {
namespace {

constexpr char kConsents[] = R"sql(
  SELECT to_jsonb(c) AS row FROM consents c
  WHERE member_id = ANY ($1::text[])
  ORDER BY member_id, topic_id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kConsentHistory[] = R"sql(
  SELECT to_jsonb(h) - 'principal' AS row FROM consent_history h
  WHERE member_id = ANY ($1::text[])
  ORDER BY member_id, topic_id, revision
  LIMIT $2 OFFSET $3
)sql";

constexpr char kGrants[] = R"sql(
  SELECT to_jsonb(g) - 'next_change_time' AS row FROM grants g
  WHERE member_id = ANY ($1::text[])
  ORDER BY create_time, member_id, id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kSubscriptions[] = R"sql(
  SELECT to_jsonb(s) - 'next_action_time' - 'payment_method' AS row FROM subscriptions s
  WHERE member_id = ANY ($1::text[])
  ORDER BY create_time, id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kSubscriptionChanges[] = R"sql(
  SELECT to_jsonb(s) AS row FROM subscription_changes s
  WHERE subscription_id IN (SELECT id FROM subscriptions WHERE member_id = ANY ($1::text[]))
  ORDER BY seq
  LIMIT $2 OFFSET $3
)sql";

constexpr char kCheckouts[] = R"sql(
  SELECT to_jsonb(c) - 'sealed_details' AS row, sealed_details AS sealed, 'checkouts/' || id AS resource
  FROM checkouts c
  WHERE member_id = ANY ($1::text[])
  ORDER BY create_time, id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kInvoices[] = R"sql(
  SELECT to_jsonb(i) || jsonb_build_object('lines', (SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.line), '[]')
                                                     FROM invoice_lines l WHERE l.invoice_id = i.id)) AS row
  FROM invoices i
  WHERE member_id = ANY ($1::text[])
  ORDER BY create_time, id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kPayments[] = R"sql(
  SELECT to_jsonb(p) - 'next_action_time' - 'lease_time' - 'payment_method' AS row FROM payments p
  WHERE member_id = ANY ($1::text[])
  ORDER BY create_time, id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kRefunds[] = R"sql(
  SELECT to_jsonb(r) - 'next_action_time' - 'lease_time' AS row FROM refunds r
  WHERE payment_id IN (SELECT id FROM payments WHERE member_id = ANY ($1::text[]))
  ORDER BY create_time, id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kLedger[] = R"sql(
  SELECT to_jsonb(t) || jsonb_build_object('entries', (SELECT jsonb_agg(to_jsonb(e) ORDER BY e.line)
                                                       FROM ledger_entries e WHERE e.transaction_id = t.id)) AS row
  FROM ledger_transactions t
  WHERE member_id = ANY ($1::text[])
  ORDER BY id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kOfferRedemptions[] = R"sql(
  SELECT to_jsonb(o) AS row FROM offer_redemptions o
  WHERE member_id = ANY ($1::text[])
  ORDER BY offer_id, member_id
  LIMIT $2 OFFSET $3
)sql";

// What was counted cannot be told: articles are kept as digests under a key.
constexpr char kMeters[] = R"sql(
  SELECT jsonb_build_object('policy_id', policy_id, 'window_start', window_start, 'window_end', window_end,
                            'articles_counted', cardinality(articles)) AS row
  FROM meters
  WHERE reader_key IN (SELECT 'members/' || id FROM unnest($1::text[]) AS m (id))
  ORDER BY reader_key, policy_id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kGiftsGiven[] = R"sql(
  SELECT to_jsonb(g) - 'code_hash' - 'receiver_id' - 'next_action_time' - 'sealed_delivery' AS row,
         sealed_delivery AS sealed, 'gifts/' || id AS resource
  FROM gifts g
  WHERE giver_id = ANY ($1::text[])
  ORDER BY create_time, id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kGiftsReceived[] = R"sql(
  SELECT to_jsonb(g) - 'code_hash' - 'giver_id' - 'next_action_time' - 'sealed_delivery' AS row,
         sealed_delivery AS sealed, 'gifts/' || id AS resource
  FROM gifts g
  WHERE receiver_id = ANY ($1::text[])
  ORDER BY create_time, id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kDonations[] = R"sql(
  SELECT to_jsonb(d) AS row FROM donations d
  WHERE member_id = ANY ($1::text[])
  ORDER BY receive_time, payment_id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kAttributions[] = R"sql(
  SELECT to_jsonb(a) AS row FROM attributions a
  WHERE member_id = ANY ($1::text[])
  ORDER BY record_time, kind, subject_id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kReferralLinks[] = R"sql(
  SELECT to_jsonb(r) AS row FROM referral_links r
  WHERE member_id = ANY ($1::text[])
  ORDER BY create_time, code
  LIMIT $2 OFFSET $3
)sql";

constexpr char kSeats[] = R"sql(
  SELECT jsonb_build_object('subscription', subscription_id, 'seat', id, 'member', member_id) AS row FROM seats
  WHERE member_id = ANY ($1::text[])
  ORDER BY subscription_id, id
  LIMIT $2 OFFSET $3
)sql";

constexpr char kSessions[] = R"sql(
  SELECT to_jsonb(s) - 'nonce' - 'generation' - 'last_refresh_id' AS row FROM sessions s
  WHERE member_id = ANY ($1::text[])
  ORDER BY create_time, id
  LIMIT $2 OFFSET $3
)sql";

constexpr PersonalDataKind kKinds[] = {
    {"consents", kConsents},
    {"consentHistory", kConsentHistory},
    {"grants", kGrants},
    {"subscriptions", kSubscriptions},
    {"subscriptionChanges", kSubscriptionChanges},
    {"checkouts", kCheckouts, "details"},
    {"invoices", kInvoices},
    {"payments", kPayments},
    {"refunds", kRefunds},
    {"ledger", kLedger},
    {"offerRedemptions", kOfferRedemptions},
    // What the giver knew of the receiver, but where the receiver is written to.
    {"giftsGiven", kGiftsGiven, "", "receiver_email"},
    {"giftsReceived", kGiftsReceived, ""},
    {"donations", kDonations},
    {"attributions", kAttributions},
    {"referralLinks", kReferralLinks},
    {"seats", kSeats},
    {"sessions", kSessions},
    {"meters", kMeters},
};

std::string Opened(const PersonalDataKind& kind, const pqxx::row& row) {
  nlohmann::json shown = nlohmann::json::parse(row["row"].as<std::string>());
  nlohmann::json& place = *kind.sealed_into == '\0' ? shown : shown[kind.sealed_into];
  if (!row["sealed"].is_null()) {
    const std::string words = OpenWords(db::ReadBytes(row["sealed"]), row["resource"].as<std::string>());
    if (!words.empty()) place.update(nlohmann::json::parse(words));
  }
  if (kind.left_out != nullptr) place.erase(kind.left_out);
  return shown.dump();
}

}  // namespace

absl::Span<const PersonalDataKind> PersonalDataKinds() { return kKinds; }

std::vector<std::string> LoadPersonalData(db::Transaction& tx, const PersonalDataKind& kind,
                                          const std::vector<std::string>& member_ids, int limit, int64_t from) {
  std::vector<std::string> rows;
  for (const pqxx::row& row : tx.Query(kind.sql, db::TextArray(member_ids), limit, from)) {
    rows.push_back(kind.sealed_into == nullptr ? row["row"].as<std::string>() : Opened(kind, row));
  }
  return rows;
}

}  // namespace masthead::memberships
