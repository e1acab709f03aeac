#include "services/memberships/support/attribution_store.h"

#include "services/memberships/support/touch.h"

namespace masthead::memberships {
namespace {

// The campaign counts if it runs, the link if it is somebody else's.
constexpr char kInsertAttribution[] = R"sql(
  INSERT INTO attributions (kind, subject_id, member_id, campaign_id, referral_code, utm_source, utm_medium,
                            utm_campaign, utm_term, utm_content, referrer, landing_path, article, record_time)
  SELECT $1, $2, $3,
         (SELECT id FROM campaigns WHERE id = $4 AND start_time <= $14 AND (end_time IS NULL OR end_time > $14)),
         (SELECT code FROM referral_links WHERE code = $5 AND member_id IS DISTINCT FROM $3),
         $6, $7, $8, $9, $10, $11, $12, $13, $14::timestamptz
  ON CONFLICT DO NOTHING
)sql";

constexpr char kInheritAttribution[] = R"sql(
  INSERT INTO attributions (kind, subject_id, member_id, campaign_id, referral_code, utm_source, utm_medium,
                            utm_campaign, utm_term, utm_content, referrer, landing_path, article, record_time)
  SELECT $1, $2, $3,
         (SELECT id FROM campaigns
          WHERE id = last.campaign_id AND start_time <= $4 AND (end_time IS NULL OR end_time > $4)),
         last.referral_code, last.utm_source, last.utm_medium, last.utm_campaign, last.utm_term, last.utm_content,
         last.referrer, last.landing_path, last.article, $4::timestamptz
  FROM (
    SELECT * FROM attributions WHERE member_id = $3 AND record_time <= $4 ORDER BY record_time DESC LIMIT 1
  ) AS last
  ON CONFLICT DO NOTHING
)sql";

const char* Name(AttributionKind kind) { return kind == AttributionKind::kSignUp ? "SIGN_UP" : "CHECKOUT"; }

}  // namespace

void RecordAttribution(db::Transaction& tx, AttributionKind kind, absl::string_view subject_id,
                       absl::string_view member_id, absl::string_view json, absl::Time now) {
  const Touch touch = ParseTouch(json);
  if (touch == Touch() && kind == AttributionKind::kCheckout) {
    tx.Query(kInheritAttribution, Name(kind), subject_id, member_id, now);
  }
  // Of a payment that inherited one, this finds it there.
  tx.Query(kInsertAttribution, Name(kind), subject_id, member_id, touch.campaign, touch.referral, touch.utm_source,
           touch.utm_medium, touch.utm_campaign, touch.utm_term, touch.utm_content, touch.referrer, touch.landing_path,
           touch.article, now);
}

}  // namespace masthead::memberships
