#include "services/memberships/members/member_errors.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {
namespace {

absl::Status Precondition(absl::string_view message, const char* reason, std::map<std::string, std::string> metadata) {
  return MakeError(absl::StatusCode::kFailedPrecondition, message, {kErrorDomain, reason, std::move(metadata)});
}

}  // namespace

absl::Status MemberNotDeleted(absl::string_view id) {
  const std::string name = MemberName(id);
  return Precondition(absl::StrCat(name, " is not deleted"), "MEMBER_NOT_DELETED", {{"name", name}});
}

absl::Status MemberMerged(absl::string_view id, absl::string_view merged_into) {
  const std::string name = MemberName(id);
  const std::string into = MemberName(merged_into);
  return Precondition(absl::StrCat(name, " was merged into ", into), "MEMBER_MERGED",
                      {{"name", name}, {"merged_into", into}});
}

absl::Status MemberErased(absl::string_view id) {
  const std::string name = MemberName(id);
  return Precondition(absl::StrCat(name, " was erased"), "MEMBER_ERASED", {{"name", name}});
}

absl::Status MergeConflict(absl::string_view kept, absl::string_view merged) {
  return Precondition("both members have a live subscription: say which stays", "MERGE_CONFLICT",
                      {{"kept", std::string(kept)}, {"merged", std::string(merged)}});
}

absl::Status FilterRequired() {
  return MakeError(absl::StatusCode::kInvalidArgument, "a change to many members needs a filter, or `*` for all",
                   {kErrorDomain, "FILTER_REQUIRED"});
}

absl::Status ErasedAddress() {
  return Precondition("whoever had this address asked to be forgotten; only the owner can register it again",
                      "ERASED_ADDRESS", {});
}

absl::Status NotActive(const Member& member) {
  switch (member.state) {
    case Member::State::kMerged:
      return MemberMerged(member.id, member.merged_into);
    case Member::State::kErased:
      return MemberErased(member.id);
    default:
      return MemberNotFound(member.id);
  }
}

}  // namespace masthead::memberships
