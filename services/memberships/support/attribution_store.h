// Where those come from who join and pay: recorded with what they did, in one transaction.
#pragma once

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

enum class AttributionKind {
  kSignUp,    // The subject is the new member.
  kCheckout,  // The subject is a checkout that was completed.
};

// Records the last touch before a member did something. `json` is an object of words to words, all of which may be
// missing: `utm_source`, `utm_medium`, `utm_campaign`, `utm_term`, `utm_content`, `referrer`, `landing_path`,
// `referral` (a referral link's code), `campaign` (a campaign's ID), `article` (`articles/{article}`). A payment that
// nothing is told about has the member's last touch before it. What is too long is cut; what is no such object, names
// no link or names one's own is as good as not told: nothing here can make a sign-up or a payment fail. The first
// record about a subject stays. `now` is the time by which a campaign runs or not.
void RecordAttribution(db::Transaction& tx, AttributionKind kind, absl::string_view subject_id,
                       absl::string_view member_id, absl::string_view json, absl::Time now);

}  // namespace masthead::memberships
