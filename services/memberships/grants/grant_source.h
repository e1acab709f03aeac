// What gives a member a tier, where staff did not.
#pragma once

#include <string>

namespace masthead::memberships {

struct GrantSource {
  enum class Kind { kSubscription, kGift, kSeat, kInstitution };

  Kind kind = Kind::kSubscription;
  std::string id;  // Of the subscription, gift, seat or institution.
};

}  // namespace masthead::memberships
