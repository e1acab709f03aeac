// What members said, in Postgres.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/members/consent.h"

namespace masthead::memberships {

std::optional<Consent> LoadConsent(db::Transaction& tx, absl::string_view member_id, absl::string_view topic_id);

// By topic.
std::vector<Consent> LoadConsents(db::Transaction& tx, absl::string_view member_id);

// One word of a member, and who recorded it.
struct ConsentRecord {
  Consent consent;
  std::string principal;
};

// Where a page of the history starts: after this one.
struct ConsentCursor {
  absl::Time record_time;
  std::string topic_id;
  int64_t revision = 0;
  std::string member_id;
};

// All that was said, under names that were merged into the member too, the latest first.
std::vector<ConsentRecord> LoadConsentHistory(db::Transaction& tx, absl::string_view member_id,
                                              const std::optional<ConsentCursor>& before, int limit);

// Makes `consent` the latest word and adds it to the history, with who recorded it. `tx` has locked the member.
void SaveConsent(db::Transaction& tx, const Consent& consent, absl::string_view principal);

}  // namespace masthead::memberships
