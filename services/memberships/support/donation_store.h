// Donations in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/support/donation.h"

namespace masthead::memberships {

// Where a page of donations starts: after this one.
struct DonationCursor {
  absl::Time receive_time;
  std::string payment_id;
};

// With the payment's money, and for the campaign only if there is one of that ID: gives the donation as it is stored.
// Nothing if the payment was counted before, or is none.
std::optional<Donation> InsertDonation(db::Transaction& tx, const Donation& donation);

// It no longer counts. Nothing changes if it did not, or is none.
void MarkTakenBack(db::Transaction& tx, absl::string_view payment_id, absl::Time now);

// The latest first, those too that no longer count; each of the two says which, empty: any.
std::vector<Donation> LoadDonations(db::Transaction& tx, absl::string_view member_id, absl::string_view campaign_id,
                                    const std::optional<DonationCursor>& after, int limit);

}  // namespace masthead::memberships
