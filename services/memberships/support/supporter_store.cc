#include "services/memberships/support/supporter_store.h"

namespace masthead::memberships {
namespace {

constexpr char kForgetDonor[] = R"sql(
  UPDATE donations SET message = '', public_name = '', anonymous = true WHERE member_id = $1
)sql";

constexpr char kForgetTouches[] = R"sql(
  UPDATE attributions SET referrer = '', landing_path = '', utm_term = '', utm_content = '' WHERE member_id = $1
)sql";

constexpr char kForgetLinks[] = R"sql(
  UPDATE referral_links SET display_name = '' WHERE member_id = $1
)sql";

}  // namespace

void ForgetSupporter(db::Transaction& tx, absl::string_view member_id) {
  tx.Query(kForgetDonor, member_id);
  tx.Query(kForgetTouches, member_id);
  tx.Query(kForgetLinks, member_id);
}

}  // namespace masthead::memberships
