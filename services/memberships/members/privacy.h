// What a caller may see and touch beyond what the RPC's policy says: a member the member's own, and addresses only
// where they are needed.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/auth/caller.h"

namespace masthead::memberships {

// NOT_OWN_RESOURCE if the caller is a member, and another one. Asked before anything is read, so that the answer does
// not tell whether the other exists.
absl::Status CheckOwn(const auth::Caller& caller, absl::string_view member_id);

// In full; others see them masked.
bool SeesAddressOf(const auth::Caller& caller, absl::string_view member_id);

// What the newsroom notes about a member is not for the member.
bool SeesNotes(const auth::Caller& caller);

// Whether the caller could look members up anyway.
bool MayLookUpMembers(const auth::Caller& caller);

}  // namespace masthead::memberships
