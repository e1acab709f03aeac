// Which callers an RPC admits: the option masthead.options.v1.policy of its descriptor.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/caller.h"
#include "google/protobuf/descriptor.h"
#include "masthead/options/v1/policy.pb.h"

namespace masthead::auth {

// The policy of an RPC. FAILED_PRECONDITION if it has none, or an empty one.
absl::StatusOr<options::v1::Policy> PolicyOf(const google::protobuf::MethodDescriptor& method);

// OK; UNAUTHENTICATED (CREDENTIALS_MISSING) for an anonymous caller; PERMISSION_DENIED (CALLER_NOT_ADMITTED) for a
// known one.
absl::Status Admit(const options::v1::Policy& policy, const Caller& caller, absl::string_view method);

}  // namespace masthead::auth
