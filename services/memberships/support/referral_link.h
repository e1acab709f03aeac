// A link by which somebody brings readers.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::memberships {

struct ReferralLink {
  std::string code;
  std::string member_id;  // Empty: the newsroom's.
  std::string display_name;
  std::string landing_path;
  int64_t sign_ups = 0;
  int64_t payments = 0;
  absl::Time create_time;
};

inline constexpr int kMaxReferralLinks = 20;  // Of a member.

std::string ReferralLinkName(absl::string_view code);

// Eight letters and digits that are not taken for one another when they are read out. `random` has at least that many
// bytes.
std::string ReferralCode(absl::string_view random);

// Normalises and checks what a caller may set.
void CheckReferralLink(absl::string_view field, ReferralLink& link, FieldViolations& violations);

}  // namespace masthead::memberships
