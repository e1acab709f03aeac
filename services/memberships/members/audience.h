// The audience: the one projection through which addresses leave this service.
#pragma once

#include <string>
#include <vector>

#include "services/memberships/members/consent.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

// What it takes to tell a member news.
struct AudienceEntry {
  Member member;
  std::vector<Consent> consents;
  std::vector<std::string> tier_ids;  // Sorted.
};

}  // namespace masthead::memberships
