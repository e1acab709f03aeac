// Errors about members that were deleted, merged or erased, and about changing many at once.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

absl::Status MemberNotDeleted(absl::string_view id);
absl::Status MemberMerged(absl::string_view id, absl::string_view merged_into);
absl::Status MemberErased(absl::string_view id);
absl::Status MergeConflict(absl::string_view kept, absl::string_view merged);
absl::Status FilterRequired();
// The address is not repeated.
absl::Status ErasedAddress();

// Why a member that is not active cannot be changed.
absl::Status NotActive(const Member& member);

}  // namespace masthead::memberships
