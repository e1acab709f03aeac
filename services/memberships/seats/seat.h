// A seat of a subscription that was bought for a group, but for the owner's, which is always taken.
//
// What is used of a subscription's seats is the owner, who sits, and who is invited and may still come.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::memberships {

struct Seat {
  enum class State { kInvited, kTaken, kInvitationExpired };

  std::string subscription_id;
  std::string id;
  std::string member_id;  // Who sits on it; empty for an invitation.
  bool is_manager = false;
  std::string email_key;     // A keyed hash of where the invitation went...
  std::string masked_email;  // ...and enough of it to recognise.
  int32_t invitations = 1;
  std::string code_hash;  // Of the last invitation; empty once it is taken up.
  std::optional<absl::Time> expire_time;
  std::optional<absl::Time> take_time;
  int64_t revision = 1;  // Of its events too.
  absl::Time create_time;
};

// What seats need to know of their subscription.
struct Group {
  std::string subscription_id;
  std::string owner_id;
  std::string tier_id;  // Empty: nothing that could be shared.
  int32_t seats = 1;
  std::string state;                          // As subscriptions spell it.
  std::optional<absl::Time> access_end_time;  // For good if unset, while it is live.
  bool is_live = false;
};

std::string SubscriptionNameOf(absl::string_view owner_id, absl::string_view subscription_id);
std::string SeatName(absl::string_view owner_id, const Seat& seat);

Seat::State StateAt(const Seat& seat, absl::Time now);

// Somebody else can be asked to sit: INVALID_TRANSITION if the subscription is over, or for one alone.
absl::Status CheckShared(const Group& group, absl::Time now);

// One more seat is to be used, beside `used`, the owner's among them: NO_SEATS.
absl::Status CheckRoom(int32_t seats, int64_t used);

// The code that is out is good: INVITATION_OVER.
absl::Status CheckInvitation(const Seat& seat, absl::Time now);

// A new code is out; the former is worth nothing.
void Invite(Seat& seat, absl::string_view code_hash, absl::Time now);

// The member sits from now on.
void Take(Seat& seat, absl::string_view member_id, absl::Time now);

}  // namespace masthead::memberships
