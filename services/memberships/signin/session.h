// A browser or app that is signed in, as a member or as somebody of staff.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::memberships {

// Whose a session is: one of the two is empty.
struct SessionOwner {
  std::string member_id;
  std::string staff_id;
};

std::string OwnerName(const SessionOwner& owner);  // `members/{member}` or `staffMembers/{staff_member}`

struct Session {
  std::string id;
  SessionOwner owner;
  std::string device;
  std::string nonce;
  int32_t generation = 0;
  std::string last_refresh_id;
  absl::Time create_time;
  absl::Time refresh_time;
  absl::Time expire_time;
  std::optional<absl::Time> end_time;
};

inline constexpr absl::Duration kSessionLifetime = absl::Hours(90 * 24);  // From the last refresh on.
inline constexpr int kMaxSessions = 50;                                   // Of one owner; the one unused longest goes.

std::string SessionName(const Session& session);

bool IsLive(const Session& session, absl::Time now);

}  // namespace masthead::memberships
